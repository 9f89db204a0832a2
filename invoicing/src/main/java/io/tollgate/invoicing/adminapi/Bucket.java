package io.tollgate.invoicing.adminapi;

import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.Window;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A stretch of time of an answer.
 *
 * @param from inclusive
 * @param to exclusive
 */
record Bucket(Instant from, Instant to) {

    /**
     * Buckets in order, each starting where the one before ended.
     *
     * @param next where the page after these begins
     */
    record Page(List<Bucket> buckets, Optional<Instant> next) {

        Page {
            buckets = List.copyOf(buckets);
        }

        /** All windows of the buckets; empty if there are none. */
        Optional<TimeRange> windows() {
            return buckets.isEmpty()
                    ? Optional.empty()
                    : new Bucket(buckets.get(0).from, buckets.get(buckets.size() - 1).to).windows();
        }
    }

    /**
     * The first buckets of a stretch of time; where it does not begin or end on the grid, the first or last is shorter.
     *
     * @param limit how many at most
     */
    static Page page(Instant from, Instant to, BucketWidth width, int limit) {
        List<Bucket> buckets = new ArrayList<>();
        Instant start = from;
        while (start.isBefore(to) && buckets.size() < limit) {
            Instant end = width.after(start);
            buckets.add(new Bucket(start, end.isBefore(to) ? end : to));
            start = end;
        }
        return new Page(buckets, start.isBefore(to) ? Optional.of(start) : Optional.empty());
    }

    /**
     * The windows that start in it. Usage is not told apart within a window, so a window counts whole where it starts:
     * whoever asks for one stretch of time after the other counts each once.
     */
    Optional<TimeRange> windows() {
        Instant first = notBefore(from);
        Instant end = notBefore(to);
        return first.isBefore(end) ? Optional.of(new TimeRange(first, end)) : Optional.empty();
    }

    boolean contains(Instant instant) {
        return !instant.isBefore(from) && instant.isBefore(to);
    }

    private static Instant notBefore(Instant instant) {
        Instant start = Window.startOf(instant);
        return start.equals(instant) ? start : start.plusSeconds(Window.SECONDS);
    }
}
