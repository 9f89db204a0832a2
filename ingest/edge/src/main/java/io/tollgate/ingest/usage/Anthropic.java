package io.tollgate.ingest.usage;

import java.util.Optional;

/**
 * Anthropic's Messages API.
 *
 * <p>{@code input_tokens} excludes what was read from a cache and what was written to one: the prompt is the sum of the
 * three. {@code cache_creation} tells the writes by lifetime; without it they are for five minutes, the default.
 * {@code output_tokens} includes thinking. There is no total. {@code iterations} tells what each sampling took: what a
 * compaction took is billed, but in no number beside it; all others add up to the numbers beside it. Web fetches cost nothing but their tokens. Source:
 * Anthropic docs, "Messages", "Prompt caching", "Extended thinking", "Web search tool", "Web fetch tool", "Compaction".
 */
final class Anthropic {

    private Anthropic() {}

    static void messages(Body usage, Sheet sheet) throws Refusal {
        Sampled sampled = Sampled.read(usage);
        Sampled billed = sampled;
        Parts input = new Parts();
        Parts output = new Parts();
        boolean told = false;
        for (Body each : usage.parts("iterations")) {
            String type = each.requiredText("type");
            Sampled iteration = Sampled.read(each);
            if (type.equals("compaction")) {
                billed = billed.plus(iteration);
            } else {
                told = true;
                input.and(type, iteration.fresh());
                output.and(type, iteration.output());
            }
        }
        if (told) {
            input.make(usage.at("input_tokens"), sampled.fresh());
            output.make(usage.at("output_tokens"), sampled.output());
        }
        Body tools = usage.part("server_tool_use");
        tools.ignore("web_fetch_requests");
        usage.ignore("service_tier", "inference_geo");
        sheet.fresh(Tokens.text(billed.fresh()))
                .cached(Tokens.text(billed.read()))
                .written(billed.writtenFor5m(), billed.writtenFor1h())
                .answer(Tokens.text(billed.output() - billed.thinking()), billed.thinking())
                .add("search_queries", tools.amountOrZero("web_search_requests"));
        sheet.context(sampled.prompt());
    }

    /**
     * What one sampling took: of the answer, or of the compaction before it.
     *
     * @param output with thinking
     */
    private record Sampled(long fresh, long read, long writtenFor5m, long writtenFor1h, long output, long thinking) {

        static Sampled read(Body usage) throws Refusal {
            long fresh = usage.required("input_tokens");
            long output = usage.required("output_tokens");
            Optional<Long> written = usage.amount("cache_creation_input_tokens");
            Body creation = usage.part("cache_creation");
            Optional<Long> fiveMinutes = creation.amount("ephemeral_5m_input_tokens");
            Optional<Long> oneHour = creation.amount("ephemeral_1h_input_tokens");
            boolean told = fiveMinutes.isPresent() || oneHour.isPresent();
            if (told && written.isPresent()) {
                new Parts()
                        .and("ephemeral_5m_input_tokens", fiveMinutes.orElse(0L))
                        .and("ephemeral_1h_input_tokens", oneHour.orElse(0L))
                        .make(usage.at("cache_creation_input_tokens"), written.get());
            }
            long thinking = usage.part("output_tokens_details").amountOrZero("thinking_tokens");
            new Parts().and("thinking_tokens", thinking).within(usage.at("output_tokens"), output);
            Sampled sampled = new Sampled(
                    fresh,
                    usage.amountOrZero("cache_read_input_tokens"),
                    told ? fiveMinutes.orElse(0L) : written.orElse(0L),
                    oneHour.orElse(0L),
                    output,
                    thinking);
            sampled.prompt(); // Refused here if it is beyond all numbers.
            return sampled;
        }

        long prompt() throws Refusal {
            return sum(
                    "input_tokens",
                    fresh,
                    sum(
                            "cache_read_input_tokens",
                            read,
                            sum("cache_creation_input_tokens", writtenFor5m, writtenFor1h)));
        }

        Sampled plus(Sampled compaction) throws Refusal {
            return new Sampled(
                    sum("input_tokens", fresh, compaction.fresh),
                    sum("cache_read_input_tokens", read, compaction.read),
                    sum("cache_creation_input_tokens", writtenFor5m, compaction.writtenFor5m),
                    sum("cache_creation_input_tokens", writtenFor1h, compaction.writtenFor1h),
                    sum("output_tokens", output, compaction.output),
                    sum("thinking_tokens", thinking, compaction.thinking));
        }

        private static long sum(String name, long one, long other) throws Refusal {
            return new Parts().and(name, one).and(name, other).sum();
        }
    }
}
