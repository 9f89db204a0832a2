package io.tollgate.invoicing.spend;

import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.TooMuchDetailException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.Function;

/** Sums what lies in the same stretch of time and has the same values, as a question says. */
final class Grouping<T> {

    /** @param values one for each dimension that is grouped by */
    record Key(TimeRange period, List<String> values) implements Comparable<Key> {

        @Override
        public int compareTo(Key other) {
            int order = period.compareTo(other.period);
            for (int i = 0; order == 0 && i < values.size(); i++) {
                order = Comparator.<String>naturalOrder().compare(values.get(i), other.values.get(i));
            }
            return order;
        }
    }

    private final SpendQuestion question;
    private final int most;
    private final BinaryOperator<T> plus;
    private final TreeMap<Instant, TimeRange> periods = new TreeMap<>();
    private final TreeMap<Key, T> sums = new TreeMap<>();

    /** @param most groups */
    Grouping(SpendQuestion question, int most, BinaryOperator<T> plus) {
        this.question = question;
        this.most = most;
        this.plus = plus;
        question.periods().forEach(period -> periods.put(period.from(), period));
    }

    /**
     * Adds something, if it is asked for.
     *
     * @throws TooMuchDetailException if there are more groups than are held at once: a month may have few, and many months more
     */
    void add(TimeRange range, Function<SpendDimension, String> valueOf, T amount) {
        Optional.ofNullable(periods.floorEntry(range.from()))
                .map(Map.Entry::getValue)
                .filter(period -> period.contains(range) && question.isWanted(valueOf))
                .ifPresent(period -> sums.merge(
                        new Key(period, question.groupBy().stream().map(valueOf).toList()), amount, plus));
        if (sums.size() > most) {
            throw new TooMuchDetailException(most);
        }
    }

    /** In order. */
    Map<Key, T> sums() {
        return sums;
    }
}
