package io.tollgate.aggregator.clickhouse;

import java.time.Duration;

/**
 * When a writer writes: as soon as one of these is reached.
 *
 * @param rows pending
 * @param bytes pending, where the writer counts them
 * @param age of the first pending row
 */
public record Batch(int rows, long bytes, Duration age) {

    public Batch {
        if (rows < 1 || bytes < 1 || age.isNegative()) {
            throw new IllegalArgumentException("a batch has a row and a byte at least, and no negative age");
        }
    }
}
