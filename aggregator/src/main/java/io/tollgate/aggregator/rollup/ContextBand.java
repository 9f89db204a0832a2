package io.tollgate.aggregator.rollup;

import java.util.List;

/**
 * The band of prompt sizes that a request falls in. Several vendors reprice the whole request once its prompt passes a
 * threshold (Gemini at 128k and 200k, Claude at 200k, Qwen at 256k, GPT-5.x at 272k, others at 512k); a rollup forgets
 * requests, so the band has to be one of its dimensions.
 */
public final class ContextBand {

    /** Repricing thresholds in tokens, ascending. A prompt of exactly the threshold has not passed it. */
    public static final List<Long> THRESHOLDS = List.of(128_000L, 200_000L, 256_000L, 272_000L, 512_000L);

    private ContextBand() {}

    /** The highest threshold that a prompt of so many tokens has passed; 0 when it passed none. */
    public static long of(long contextTokens) {
        long band = 0;
        for (long threshold : THRESHOLDS) {
            if (contextTokens > threshold) {
                band = threshold;
            }
        }
        return band;
    }
}
