package io.tollgate.invoicing.contract;

import java.time.LocalDate;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Optional;

/**
 * Days one after the other, in some billing zone.
 *
 * @param from the first
 * @param to the first after them, after {@code from}
 */
public record Days(LocalDate from, LocalDate to) implements Comparable<Days> {

    private static final Comparator<Days> ORDER =
            Comparator.comparing(Days::from).thenComparing(Days::to);

    public Days {
        if (!from.isBefore(to)) {
            throw new IllegalArgumentException("days must end after they start, not " + from + " to " + to);
        }
    }

    public static Days of(YearMonth month) {
        return new Days(month.atDay(1), month.plusMonths(1).atDay(1));
    }

    public long count() {
        return ChronoUnit.DAYS.between(from, to);
    }

    public boolean contains(LocalDate day) {
        return !day.isBefore(from) && day.isBefore(to);
    }

    /** What the two have in common, if anything. */
    public Optional<Days> within(Days other) {
        LocalDate start = from.isBefore(other.from) ? other.from : from;
        LocalDate end = to.isAfter(other.to) ? other.to : to;
        return start.isBefore(end) ? Optional.of(new Days(start, end)) : Optional.empty();
    }

    @Override
    public int compareTo(Days other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return from + "/" + to;
    }
}
