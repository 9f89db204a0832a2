package io.tollgate.cli.e2e;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;

/**
 * A made-up trace of November 2023 in the format of the Azure LLM traces, with its totals.
 *
 * @param file where it is
 */
record TraceFile(Path file, long events, long inputTokens, long outputTokens) {

    static TraceFile write(Path file, int events, long seed) throws IOException {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder("TIMESTAMP,ContextTokens,GeneratedTokens\r\n");
        long input = 0;
        long output = 0;
        for (int i = 0; i < events; i++) {
            int context = random.nextInt(8_000);
            int generated = random.nextInt(400);
            input += context;
            output += generated;
            text.append(String.format(
                    Locale.ROOT,
                    "2023-11-16 %02d:%02d:%02d.%07d,%d,%d\r\n",
                    random.nextInt(24),
                    random.nextInt(60),
                    random.nextInt(60),
                    i * 10,
                    context,
                    generated));
        }
        Files.writeString(file, text);
        return new TraceFile(file, events, input, output);
    }

    /** What it costs at 2.50 and 10.00 USD per million. */
    BigDecimal exactCost() {
        return new BigDecimal("2.50")
                .multiply(BigDecimal.valueOf(inputTokens))
                .add(new BigDecimal("10.00").multiply(BigDecimal.valueOf(outputTokens)))
                .movePointLeft(6);
    }
}
