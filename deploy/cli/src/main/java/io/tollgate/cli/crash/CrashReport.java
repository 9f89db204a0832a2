package io.tollgate.cli.crash;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What a crash run saw.
 *
 * @param kills how often the aggregator was killed
 * @param messages how many were sent
 * @param counted how many events the rollups hold
 * @param rejected how many were kept out, by reason
 * @param recoveries how long it took each time from the start of the process until ClickHouse showed new work; only
 *     where the next kill let it come so far
 * @param differences a sentence for each thing that is not as the oracle says; empty when all is right
 * @param stalled whether nothing moved for half a minute at some time
 */
public record CrashReport(
        int kills,
        long messages,
        long counted,
        Map<String, Integer> rejected,
        List<Duration> recoveries,
        List<String> differences,
        boolean stalled) {

    public CrashReport {
        rejected = Map.copyOf(rejected);
        recoveries = recoveries.stream().sorted().toList();
        differences = List.copyOf(differences);
    }

    /** The recovery that so much of all were as quick as: 0.5 is the median, 1 the slowest. */
    public Duration recovery(double quantile) {
        if (recoveries.isEmpty()) {
            return Duration.ZERO;
        }
        return recoveries.get((int) Math.ceil(quantile * recoveries.size()) - 1);
    }
}
