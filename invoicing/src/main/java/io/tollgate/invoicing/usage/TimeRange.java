package io.tollgate.invoicing.usage;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/**
 * A stretch of time on the window grid.
 *
 * @param from inclusive
 * @param to exclusive, after {@code from}
 */
public record TimeRange(Instant from, Instant to) implements Comparable<TimeRange> {

    private static final Comparator<TimeRange> ORDER =
            Comparator.comparing(TimeRange::from).thenComparing(TimeRange::to);

    public TimeRange {
        if (!from.isBefore(to)) {
            throw new IllegalArgumentException("a time range must end after it starts, not " + from + " to " + to);
        }
        if (!Window.startsAt(from) || !Window.startsAt(to)) {
            throw new IllegalArgumentException(
                    "a time range must begin and end on a 15-minute boundary, not " + from + " to " + to);
        }
    }

    public boolean contains(Instant instant) {
        return !instant.isBefore(from) && instant.isBefore(to);
    }

    public boolean contains(TimeRange other) {
        return !other.from.isBefore(from) && !other.to.isAfter(to);
    }

    public boolean overlaps(TimeRange other) {
        return from.isBefore(other.to) && other.from.isBefore(to);
    }

    /** What the two, which overlap, have in common. */
    public TimeRange within(TimeRange other) {
        return new TimeRange(from.isBefore(other.from) ? other.from : from, to.isAfter(other.to) ? other.to : to);
    }

    /** This range cut at those of the instants that lie inside it, in order of time. */
    public List<TimeRange> cutAt(Collection<Instant> instants) {
        TreeSet<Instant> starts = new TreeSet<>(instants);
        starts.removeIf(instant -> !contains(instant));
        starts.add(from);
        List<TimeRange> pieces = new ArrayList<>();
        for (Instant start : starts) {
            Instant next = starts.higher(start);
            pieces.add(new TimeRange(start, next == null ? to : next));
        }
        return pieces;
    }

    @Override
    public int compareTo(TimeRange other) {
        return this == other ? 0 : ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return from + "/" + to;
    }
}
