package io.tollgate.ingest.usage;

import java.util.Optional;

/**
 * Anthropic's Messages API.
 *
 * <p>{@code input_tokens} excludes what was read from a cache and what was written to one: the prompt is the sum of the
 * three. {@code cache_creation} tells the writes by lifetime; without it they are for five minutes, the default.
 * {@code output_tokens} includes thinking. There is no total. Web fetches cost nothing but their tokens. Source:
 * Anthropic docs, "Messages", "Prompt caching", "Extended thinking", "Web search tool", "Web fetch tool".
 */
final class Anthropic {

    private Anthropic() {}

    static void messages(Body usage, Sheet sheet) throws Refusal {
        long fresh = usage.required("input_tokens");
        long output = usage.required("output_tokens");
        long read = usage.amountOrZero("cache_read_input_tokens");
        Optional<Long> written = usage.amount("cache_creation_input_tokens");
        Body creation = usage.part("cache_creation");
        Optional<Long> fiveMinutes = creation.amount("ephemeral_5m_input_tokens");
        Optional<Long> oneHour = creation.amount("ephemeral_1h_input_tokens");
        Parts lifetimes = new Parts()
                .and("ephemeral_5m_input_tokens", fiveMinutes.orElse(0L))
                .and("ephemeral_1h_input_tokens", oneHour.orElse(0L));
        boolean told = fiveMinutes.isPresent() || oneHour.isPresent();
        if (told && written.isPresent()) {
            lifetimes.make(usage.at("cache_creation_input_tokens"), written.get());
        }
        long thinking = usage.part("output_tokens_details").amountOrZero("thinking_tokens");
        long text = new Parts().and("thinking_tokens", thinking).within(usage.at("output_tokens"), output);
        Body tools = usage.part("server_tool_use");
        tools.ignore("web_fetch_requests");
        usage.ignore("service_tier", "inference_geo");
        sheet.fresh(Tokens.text(fresh))
                .cached(Tokens.text(read))
                .written(told ? fiveMinutes.orElse(0L) : written.orElse(0L), oneHour.orElse(0L))
                .answer(Tokens.text(text), thinking)
                .add("search_queries", tools.amountOrZero("web_search_requests"));
        sheet.context(new Parts()
                .and("input_tokens", fresh)
                .and("cache_read_input_tokens", read)
                .and("cache_creation_input_tokens", told ? lifetimes.sum() : written.orElse(0L))
                .sum());
    }
}
