package io.tollgate.ingest.usage;

import java.util.Optional;

/**
 * What OpenAI began and others copied: one number for the prompt and one for the answer, and beside each an object that
 * tells parts of it. A details object that is null tells nothing.
 */
final class Inclusive {

    private Inclusive() {}

    /** Those of a prompt's tokens that were read from a cache. */
    record Cached(String path, long tokens) {}

    /** The answer's tokens; an embedding has none, which its total proves. */
    static long answer(Body usage, String name, Optional<Long> total) throws Refusal {
        return total.isPresent() ? usage.amountOrZero(name) : usage.required(name);
    }

    static Cached cached(Body details) throws Refusal {
        return new Cached(details.at("cached_tokens"), details.amountOrZero("cached_tokens"));
    }

    /**
     * A prompt, of which cached tokens, tokens written to a cache, images and audio are parts. Where nobody tells for how
     * long something was written to a cache, it is for the shorter time.
     *
     * @param path where the number stands
     */
    static void prompt(String path, long whole, Body details, Cached cached, Sheet sheet) throws Refusal {
        prompt(path, whole, details.amountOrZero("audio_tokens"), details, cached, sheet);
    }

    /** The same, of which the caller knows how much is audio. */
    static void prompt(String path, long whole, long audio, Body details, Cached cached, Sheet sheet) throws Refusal {
        long image = details.amountOrZero("image_tokens");
        long written = details.amountOrZero("cache_write_tokens");
        kinds(path, whole, details, image, audio);
        new Parts()
                .and("cached", cached.tokens())
                .and("cache_write_tokens", written)
                .within(path, whole);
        Tokens all = Tokens.of(path, whole, image, audio);
        Body kinds = details.part("cached_tokens_details");
        Tokens named = new Tokens(
                kinds.amountOrZero("text_tokens"),
                kinds.amountOrZero("image_tokens"),
                kinds.amountOrZero("audio_tokens"));
        Tokens read = all.cached(cached.path(), cached.tokens(), named);
        Tokens rest = all.minus(read);
        sheet.fresh(rest.minus(rest.textFirst(written))).cached(read).written(written, 0);
        sheet.context(whole);
    }

    /** An answer, of which reasoning is a part. */
    static void answerWithReasoning(String path, long whole, Body details, Sheet sheet) throws Refusal {
        long reasoning = details.amountOrZero("reasoning_tokens");
        long image = details.amountOrZero("image_tokens");
        long audio = details.amountOrZero("audio_tokens");
        long text = new Parts()
                .and("reasoning_tokens", reasoning)
                .and("image_tokens", image)
                .and("audio_tokens", audio)
                .within(path, whole);
        kinds(path, whole, details, image, audio);
        predictions(path, whole, details);
        sheet.answer(new Tokens(text, image, audio), reasoning);
    }

    /** An answer beside which reasoning is counted; answers how much that is. */
    static long answerBesideReasoning(String path, long whole, Body details, Sheet sheet) throws Refusal {
        long reasoning = details.amountOrZero("reasoning_tokens");
        long image = details.amountOrZero("image_tokens");
        long audio = details.amountOrZero("audio_tokens");
        kinds(path, whole, details, image, audio);
        predictions(path, whole, details);
        sheet.answer(Tokens.of(path, whole, image, audio), reasoning);
        return reasoning;
    }

    private static void kinds(String path, long whole, Body details, long image, long audio) throws Refusal {
        new Parts()
                .and("text_tokens", details.amountOrZero("text_tokens"))
                .and("image_tokens", image)
                .and("audio_tokens", audio)
                .within(path, whole);
    }

    /** Predicted tokens, also rejected ones, are billed as answer: they are no meter of their own. */
    private static void predictions(String path, long whole, Body details) throws Refusal {
        new Parts()
                .and("accepted_prediction_tokens", details.amountOrZero("accepted_prediction_tokens"))
                .and("rejected_prediction_tokens", details.amountOrZero("rejected_prediction_tokens"))
                .within(path, whole);
    }
}
