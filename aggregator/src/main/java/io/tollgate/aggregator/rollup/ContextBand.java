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

    private static final long[] BANDS = bands();

    private ContextBand() {}

    /** The highest threshold that a prompt of so many tokens has passed; 0 when it passed none. */
    public static long of(long contextTokens) {
        return BANDS[number(contextTokens)];
    }

    /** The threshold of that number; 0 of number 0. */
    static long threshold(int number) {
        return BANDS[number];
    }

    /** How many thresholds it has passed. */
    static int number(long contextTokens) {
        int number = 0;
        while (number + 1 < BANDS.length && contextTokens > BANDS[number + 1]) {
            number++;
        }
        return number;
    }

    private static long[] bands() {
        long[] bands = new long[THRESHOLDS.size() + 1];
        for (int i = 1; i < bands.length; i++) {
            bands[i] = THRESHOLDS.get(i - 1);
        }
        return bands;
    }
}
