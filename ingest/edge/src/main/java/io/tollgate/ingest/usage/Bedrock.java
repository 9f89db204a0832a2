package io.tollgate.ingest.usage;

import io.tollgate.emitter.rules.Fault;
import io.tollgate.emitter.rules.RejectionReason;
import java.util.List;
import java.util.Optional;

/**
 * Bedrock's Converse API.
 *
 * <p>{@code inputTokens} excludes what was read from a cache and what was written to one; {@code totalTokens} is input,
 * output, reads and writes. {@code cacheDetails} tells the writes by lifetime; without it they are for five minutes, the
 * default. The older names {@code cacheReadInputTokenCount} and {@code cacheWriteInputTokenCount} say the same again.
 * Source: Amazon Bedrock API reference, "TokenUsage" and "CacheDetail".
 */
final class Bedrock {

    private Bedrock() {}

    static void converse(Body usage, Sheet sheet) throws Refusal {
        long fresh = usage.required("inputTokens");
        long output = usage.required("outputTokens");
        long read = Body.agreed(usage, "cacheReadInputTokens", usage, "cacheReadInputTokenCount")
                .orElse(0L);
        Optional<Long> told = Body.agreed(usage, "cacheWriteInputTokens", usage, "cacheWriteInputTokenCount");
        List<Body> lifetimes = usage.parts("cacheDetails");
        Parts fiveMinutes = new Parts();
        Parts oneHour = new Parts();
        for (Body each : lifetimes) {
            (isHour(each) ? oneHour : fiveMinutes).and(each.at("inputTokens"), each.required("inputTokens"));
        }
        Parts written = new Parts().and("5m", fiveMinutes.sum()).and("1h", oneHour.sum());
        if (lifetimes.isEmpty()) {
            fiveMinutes.and("cacheWriteInputTokens", told.orElse(0L));
        } else if (told.isPresent()) {
            written.make(usage.at("cacheWriteInputTokens"), told.get());
        }
        // What stands in it counts nothing yet, so it is reported as unknown.
        usage.part("serverToolUsage");
        Parts prompt = new Parts()
                .and("inputTokens", fresh)
                .and("cacheReadInputTokens", read)
                .and("cacheWriteInputTokens", lifetimes.isEmpty() ? told.orElse(0L) : written.sum());
        sheet.fresh(Tokens.text(fresh))
                .cached(Tokens.text(read))
                .written(fiveMinutes.sum(), oneHour.sum())
                .answer(Tokens.text(output), 0);
        sheet.context(prompt.sum());
        Optional<Long> total = usage.amount("totalTokens");
        if (total.isPresent()) {
            prompt.and("outputTokens", output).make(usage.at("totalTokens"), total.get());
        }
    }

    private static boolean isHour(Body lifetime) throws Refusal {
        String ttl = lifetime.requiredText("ttl");
        return switch (ttl) {
            case "5m" -> false;
            case "1h" -> true;
            default ->
                throw new Refusal(
                        RejectionReason.WRONG_TYPE,
                        lifetime.at("ttl") + " is " + Fault.shown(ttl) + ", but 5m or 1h is known.");
        };
    }
}
