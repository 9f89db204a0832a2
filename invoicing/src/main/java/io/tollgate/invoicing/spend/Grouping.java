package io.tollgate.invoicing.spend;

import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.TooMuchDetailException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Gathers what lies in the same stretch of time and has the same values, as a question says.
 *
 * @param <T> what one group is summed in; it can be added to
 */
final class Grouping<T> {

    /** @param values one for each dimension that is grouped by */
    record Key(TimeRange period, List<String> values) implements Comparable<Key> {

        @Override
        public int compareTo(Key other) {
            int order = period.compareTo(other.period);
            for (int i = 0; order == 0 && i < values.size(); i++) {
                order = values.get(i).compareTo(other.values.get(i));
            }
            return order;
        }
    }

    private final SpendQuestion question;
    private final int most;
    private final Supplier<T> empty;
    private final NavigableMap<Instant, TimeRange> periods = new TreeMap<>();
    private final Map<TimeRange, Optional<TimeRange>> periodOf = new HashMap<>();
    private final Map<Key, T> sums = new HashMap<>();

    /** @param most groups */
    Grouping(SpendQuestion question, int most, Supplier<T> empty) {
        this.question = question;
        this.most = most;
        this.empty = empty;
        question.periods().forEach(period -> periods.put(period.from(), period));
    }

    /**
     * The group of something; empty if it is not asked for.
     *
     * @throws TooMuchDetailException if there are more groups than are held at once: a month may have few, and many months more
     */
    Optional<T> of(TimeRange range, Function<SpendDimension, String> valueOf) {
        return periodOf.computeIfAbsent(range, this::period)
                .filter(period -> question.isWanted(valueOf))
                .map(period -> sums.computeIfAbsent(key(period, valueOf), key -> added()));
    }

    private T added() {
        if (sums.size() >= most) {
            throw new TooMuchDetailException(most);
        }
        return empty.get();
    }

    private Optional<TimeRange> period(TimeRange range) {
        return Optional.ofNullable(periods.floorEntry(range.from()))
                .map(Map.Entry::getValue)
                .filter(period -> period.contains(range));
    }

    private Key key(TimeRange period, Function<SpendDimension, String> valueOf) {
        String[] values = new String[question.groupBy().size()];
        Arrays.setAll(values, i -> valueOf.apply(question.groupBy().get(i)));
        return new Key(period, List.of(values));
    }

    /** In order. */
    SortedMap<Key, T> sums() {
        return new TreeMap<>(sums);
    }
}
