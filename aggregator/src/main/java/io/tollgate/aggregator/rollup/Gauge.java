package io.tollgate.aggregator.rollup;

import io.tollgate.aggregator.rollup.Observations.Seen;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Weighs samples by time. In each second the sample counts that was the last to be taken by then, unless it is older than
 * its meter's hold; sample times are cut to seconds. A window's total is the sum over its seconds, so the totals are a
 * function of the set of samples, and a sample that comes late or is taken back changes them by exact differences.
 */
final class Gauge {

    /** Below this no total of a window can pass 2^63-1, whatever other samples there are. */
    static final long LARGEST_SAMPLE = Long.MAX_VALUE / Window.SECONDS;

    private static final long MICROS_PER_SECOND = 1_000_000;

    private Gauge() {}

    /** The last window that a sample of that time may count in; the first is its own. */
    static long lastWindow(Meter meter, long timeMicros) {
        return Window.ofSecond(second(timeMicros) + meter.holdSeconds() - 1);
    }

    /**
     * Adds a sample, or takes one back, in all windows that it counts in or keeps others from counting in.
     *
     * @param value up to {@link #LARGEST_SAMPLE}
     * @param direction 1 or -1
     */
    static void add(SeriesRollups series, Meter meter, long timeMicros, long value, long direction) {
        long own = Window.number(timeMicros);
        long last = lastWindow(meter, timeMicros);
        for (long window = own; window <= last; window++) {
            // A window is there whether or not this sample makes a difference to it: that depends on the order.
            series.at(window).add(meter, 0);
        }
        OptionalLong before = series.at(own).valueAt(meter, timeMicros);
        series.at(own).observe(meter, timeMicros, value, direction);
        OptionalLong after = series.at(own).valueAt(meter, timeMicros);
        if (before.equals(after)) {
            return;
        }
        long from = second(timeMicros);
        long to = from + meter.holdSeconds();
        Seen next = next(series, meter, timeMicros, last);
        if (next != null) {
            to = Math.min(to, second(next.time()));
        }
        Seen previous = previous(series, meter, timeMicros);
        // Where no sample of this very time counts, the one before goes on.
        long previousTo = previous == null ? from : Math.min(to, second(previous.time()) + meter.holdSeconds());
        long previousValue = previous == null ? 0 : previous.value();
        cover(series, meter, from, before.isPresent() ? to : previousTo, -before.orElse(previousValue));
        cover(series, meter, from, after.isPresent() ? to : previousTo, after.orElse(previousValue));
    }

    /** Adds the value for each second, to the windows that the seconds lie in. */
    private static void cover(SeriesRollups series, Meter meter, long from, long to, long value) {
        for (long second = from; second < to; ) {
            long window = Window.ofSecond(second);
            long end = Math.min(to, (window + 1) * Window.SECONDS);
            series.at(window).add(meter, value * (end - second));
            second = end;
        }
    }

    private static @Nullable Seen previous(SeriesRollups series, Meter meter, long timeMicros) {
        long earliest = Math.max(0, second(timeMicros) - meter.holdSeconds() + 1);
        long own = Window.number(timeMicros);
        for (long window = own; window >= Window.ofSecond(earliest); window--) {
            Rollup rollup = series.find(window);
            Seen found = rollup == null ? null : rollup.lastBefore(meter, timeMicros);
            if (found != null) {
                return second(found.time()) < earliest ? null : found;
            }
        }
        return null;
    }

    private static @Nullable Seen next(SeriesRollups series, Meter meter, long timeMicros, long last) {
        for (long window = Window.number(timeMicros); window <= last; window++) {
            Seen found = series.at(window).firstAfter(meter, timeMicros);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static long second(long timeMicros) {
        return Math.floorDiv(timeMicros, MICROS_PER_SECOND);
    }
}
