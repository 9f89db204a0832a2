package io.tollgate.ingest.usage;

import java.util.Optional;

/**
 * DeepSeek.
 *
 * <p>As OpenAI's chat completions, and the prompt's number is the sum of {@code prompt_cache_hit_tokens} and
 * {@code prompt_cache_miss_tokens}; {@code prompt_tokens_details.cached_tokens} says the hits again. The answer's number
 * includes reasoning. Source: DeepSeek API docs, "Create Chat Completion" and "Context Caching".
 */
final class DeepSeek {

    private DeepSeek() {}

    static void chat(Body usage, Sheet sheet) throws Refusal {
        long prompt = usage.required("prompt_tokens");
        Optional<Long> total = usage.amount("total_tokens");
        long answer = Inclusive.answer(usage, "completion_tokens", total);
        if (total.isPresent()) {
            new Parts()
                    .and("prompt_tokens", prompt)
                    .and("completion_tokens", answer)
                    .make(usage.at("total_tokens"), total.get());
        }
        Body details = usage.part("prompt_tokens_details");
        long hits = Body.agreed(usage, "prompt_cache_hit_tokens", details, "cached_tokens")
                .orElse(0L);
        Optional<Long> misses = usage.amount("prompt_cache_miss_tokens");
        if (misses.isPresent()) {
            new Parts()
                    .and("prompt_cache_hit_tokens", hits)
                    .and("prompt_cache_miss_tokens", misses.get())
                    .make(usage.at("prompt_tokens"), prompt);
        }
        Inclusive.prompt(
                usage.at("prompt_tokens"),
                prompt,
                details,
                new Inclusive.Cached(usage.at("prompt_cache_hit_tokens"), hits),
                sheet);
        Inclusive.answerWithReasoning(
                usage.at("completion_tokens"), answer, usage.part("completion_tokens_details"), sheet);
    }
}
