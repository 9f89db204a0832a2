package io.tollgate.ingest.usage;

import java.util.SortedMap;
import java.util.TreeMap;

/** Takes down what is counted, meter by meter. */
final class Sheet {

    private final SortedMap<String, Long> amounts = new TreeMap<>();
    private long contextTokens;

    Sheet() {
        // An answer that used nothing is an event too, and an event has a meter.
        amounts.put("input_tokens", 0L);
    }

    /** What was sent and not found in a cache. */
    Sheet fresh(Tokens tokens) {
        return add("input_tokens", tokens.text())
                .add("input_image_tokens", tokens.image())
                .add("input_audio_tokens", tokens.audio());
    }

    /** What was read from a cache. */
    Sheet cached(Tokens tokens) {
        return add("cache_read_tokens", tokens.text())
                .add("cache_read_image_tokens", tokens.image())
                .add("cache_read_audio_tokens", tokens.audio());
    }

    /** What was written to a cache, for five minutes or for an hour. */
    Sheet written(long fiveMinutes, long oneHour) {
        return add("cache_write_5m_tokens", fiveMinutes).add("cache_write_1h_tokens", oneHour);
    }

    /** What the model made, without its reasoning. */
    Sheet answer(Tokens tokens, long reasoning) {
        return add("output_tokens", tokens.text())
                .add("output_image_tokens", tokens.image())
                .add("output_audio_tokens", tokens.audio())
                .add("reasoning_tokens", reasoning);
    }

    /** Anything else, in the meter's base unit. Each meter is taken down once. */
    Sheet add(String meter, long amount) {
        if (amount > 0) {
            amounts.put(meter, amount);
        }
        return this;
    }

    /** The whole prompt, cached tokens included. */
    void context(long tokens) {
        contextTokens = tokens;
    }

    SortedMap<String, Long> amounts() {
        return amounts;
    }

    long contextTokens() {
        return contextTokens;
    }
}
