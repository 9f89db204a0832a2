package io.tollgate.aggregator.rollup;

import io.tollgate.events.MeterObservations;
import io.tollgate.events.Observation;
import io.tollgate.events.UsageRollup;
import io.tollgate.meters.Aggregation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * An observation that a total over several rollups may depend on.
 *
 * @param aggregation code of {@link Aggregation}, or {@link #UNMATCHED}
 * @param timeMicros since 1970; 0 where the aggregation does not ask when
 */
public record Deciding(String meter, String aggregation, long timeMicros, long value) {

    /**
     * Stands for an aggregation where a value was taken back that was never observed: a reversal of another time or of other
     * dimensions than its event, or one whose event has yet to come. Stable.
     */
    public static final String UNMATCHED = "unmatched_reversal";

    private static final Comparator<Observation> BY_VALUE = Comparator.comparingLong(Observation::getValue);

    /**
     * All of a rollup, in order of meter, time and value: every value of a unique count, and one of each greatest, least
     * or latest. Counts and weighted samples have their totals, and leave none. Beside them one of each meter's unmatched
     * reversals, so that nobody bills the meter without knowing of it.
     */
    public static List<Deciding> of(UsageRollup rollup) {
        if (rollup.getObservations().isEmpty()) {
            return List.of();
        }
        List<Deciding> all = new ArrayList<>();
        rollup.getObservations().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> {
                    MeterObservations observations = entry.getValue();
                    deciding(observations)
                            .forEach(one -> all.add(new Deciding(
                                    entry.getKey(), observations.getAggregation(), one.getTime(), one.getValue())));
                    observations.getValues().stream()
                            .filter(one -> one.getCount() < 0)
                            .min(Comparator.comparingLong(Observation::getTime).thenComparing(BY_VALUE))
                            .ifPresent(one ->
                                    all.add(new Deciding(entry.getKey(), UNMATCHED, one.getTime(), one.getValue())));
                });
        return all;
    }

    private static Stream<Observation> deciding(MeterObservations observations) {
        Stream<Observation> counting =
                observations.getValues().stream().filter(observation -> observation.getCount() > 0);
        return switch (Aggregation.ofCode(observations.getAggregation()).orElseThrow()) {
            case SUM, COUNT, TIME_WEIGHTED -> Stream.empty();
            case MAX -> counting.max(BY_VALUE).stream();
            case MIN -> counting.min(BY_VALUE).stream();
            case LATEST ->
                counting.max(Comparator.comparingLong(Observation::getTime).thenComparing(BY_VALUE)).stream();
            case UNIQUE_COUNT -> counting;
        };
    }
}
