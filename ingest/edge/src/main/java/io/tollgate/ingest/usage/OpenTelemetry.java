package io.tollgate.ingest.usage;

import java.util.Optional;

/**
 * The attributes {@code gen_ai.usage.*} of OpenTelemetry's conventions, named by what stands behind that prefix.
 *
 * <p>{@code input_tokens} includes what was read from a cache and what was written to one; {@code output_tokens} includes
 * reasoning. A total is no attribute of the conventions, but where somebody sends one it must be input and output: an
 * instrumentation that hands through Anthropic's or Bedrock's numbers, which exclude cached tokens, betrays itself there.
 * Nobody tells for how long something was written to a cache, so it is for the shorter time. Source: OpenTelemetry
 * semantic conventions 1.41, "Gen AI" attributes; {@code prompt_tokens} and {@code completion_tokens} are
 * older names.
 */
final class OpenTelemetry {

    private OpenTelemetry() {}

    static void genAi(Body usage, Sheet sheet) throws Refusal {
        long prompt = either(usage, "input_tokens", "prompt_tokens");
        long answer = either(usage, "output_tokens", "completion_tokens");
        long read = usage.amountOrZero("cache_read.input_tokens");
        long written = usage.amountOrZero("cache_creation.input_tokens");
        long reasoning = usage.amountOrZero("reasoning.output_tokens");
        Optional<Long> total = usage.amount("total_tokens");
        if (total.isPresent()) {
            new Parts()
                    .and("input_tokens", prompt)
                    .and("output_tokens", answer)
                    .make(usage.at("total_tokens"), total.get());
        }
        long fresh = new Parts()
                .and("cache_read.input_tokens", read)
                .and("cache_creation.input_tokens", written)
                .within(usage.at("input_tokens"), prompt);
        long text = new Parts().and("reasoning.output_tokens", reasoning).within(usage.at("output_tokens"), answer);
        sheet.fresh(Tokens.text(fresh))
                .cached(Tokens.text(read))
                .written(written, 0)
                .answer(Tokens.text(text), reasoning);
        sheet.context(prompt);
    }

    private static long either(Body usage, String name, String olderName) throws Refusal {
        Optional<Long> told = Body.agreed(usage, name, usage, olderName);
        if (told.isEmpty()) {
            throw usage.missing(name);
        }
        return told.get();
    }
}
