package io.tollgate.invoicing.adminapi;

import java.util.stream.Stream;

/** Which of our meters, which are disjoint, vendors' sums are made of. */
final class Meters {

    static final String FRESH_TEXT = "input_tokens";
    static final String WRITTEN_5M = "cache_write_5m_tokens";
    static final String WRITTEN_1H = "cache_write_1h_tokens";
    static final String SEARCHES = "search_queries";

    private static final String[] FRESH = {FRESH_TEXT, "input_image_tokens", "input_audio_tokens"};
    private static final String[] CACHED = {"cache_read_tokens", "cache_read_image_tokens", "cache_read_audio_tokens"};
    private static final String[] WRITTEN = {WRITTEN_5M, WRITTEN_1H};
    private static final String[] OUTPUT = {
        "output_tokens", "reasoning_tokens", "output_image_tokens", "output_audio_tokens"
    };

    private Meters() {}

    /** Of prompts, from no cache and to none. */
    static String[] fresh() {
        return FRESH.clone();
    }

    /** Of prompts, read from a cache. */
    static String[] cached() {
        return CACHED.clone();
    }

    /** Of prompts, written to a cache. */
    static String[] written() {
        return WRITTEN.clone();
    }

    /** All of prompts. */
    static String[] prompt() {
        return Stream.of(FRESH, CACHED, WRITTEN).flatMap(Stream::of).toArray(String[]::new);
    }

    /** Of answers, with reasoning. */
    static String[] answer() {
        return OUTPUT.clone();
    }
}
