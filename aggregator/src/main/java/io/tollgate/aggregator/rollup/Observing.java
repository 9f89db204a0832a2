package io.tollgate.aggregator.rollup;

import io.tollgate.meters.Aggregation;
import org.jspecify.annotations.Nullable;

/** Adds the quantities of events that have meters which are not sums. First all is checked, then all is changed. */
final class Observing {

    /** Some 20 bytes each: a rollup is one record, and Kafka's default limit of a record is one megabyte. */
    static final int MAX_OBSERVATIONS = 20_000;

    private Observing() {}

    /** Why the event cannot be counted, or null. */
    static @Nullable Rejection problemOf(
            SeriesRollups series, long timeMicros, boolean reversal, Quantities quantities) {
        Rollup own = series.at(Window.number(timeMicros));
        int more = 0;
        for (int i = 0; i < quantities.size(); i++) {
            Meter meter = quantities.meter(i);
            long amount = quantities.amount(i);
            Rejection problem = problemInLaterWindows(series, timeMicros, meter, quantities);
            if (problem != null) {
                return problem;
            }
            problem = aggregationChanged(series, timeMicros, meter);
            if (problem != null) {
                return problem;
            }
            if (!hasRoomFor(own, meter, amount, direction(amount, reversal))) {
                return overflow(own, meter, amount);
            }
            if (meter.isObserved() && own.isNew(meter, time(meter, timeMicros), Math.abs(amount))) {
                more++;
            }
        }
        if (more > 0 && own.observations() + more > MAX_OBSERVATIONS) {
            return new Rejection(
                    RejectionReason.TOO_MANY_OBSERVATIONS,
                    "window %s has %d different observations already, and %d is the limit; observe less often, or tell series apart by more dimensions"
                            .formatted(own.key().windowStart(), own.observations(), MAX_OBSERVATIONS));
        }
        return null;
    }

    /** Adds the quantities of an event with which there is no problem. */
    static void add(SeriesRollups series, long timeMicros, boolean reversal, Quantities quantities) {
        long ownWindow = Window.number(timeMicros);
        long lastWindow = ownWindow;
        Rollup own = series.at(ownWindow);
        for (int i = 0; i < quantities.size(); i++) {
            Meter meter = quantities.meter(i);
            long amount = quantities.amount(i);
            long direction = direction(amount, reversal);
            switch (meter.aggregation()) {
                case SUM -> own.add(meter, amount);
                case COUNT -> own.add(meter, direction);
                case MAX, MIN, LATEST, UNIQUE_COUNT ->
                    own.observe(meter, time(meter, timeMicros), Math.abs(amount), direction);
                case TIME_WEIGHTED -> {
                    Gauge.add(series, meter, timeMicros, Math.abs(amount), direction);
                    lastWindow = Math.max(lastWindow, Gauge.lastWindow(meter, timeMicros));
                }
            }
        }
        for (long window = ownWindow + 1; window <= lastWindow; window++) {
            series.at(window).touch();
            series.rollups().markChanged(series.at(window));
        }
    }

    /** A sample's meter gets a place in each window of its hold. */
    private static @Nullable Rejection problemInLaterWindows(
            SeriesRollups series, long timeMicros, Meter meter, Quantities quantities) {
        if (meter.aggregation() != Aggregation.TIME_WEIGHTED) {
            return null;
        }
        long last = Gauge.lastWindow(meter, timeMicros);
        for (long window = Window.number(timeMicros) + 1; window <= last; window++) {
            Rollup rollup = series.find(window);
            if (rollup != null && !rollup.hasPlacesFor(quantities)) {
                return rollup.tooManyMeters();
            }
        }
        return null;
    }

    /** In a window where the meter was counted otherwise, neither way of counting would be right. */
    private static @Nullable Rejection aggregationChanged(SeriesRollups series, long timeMicros, Meter meter) {
        long last = meter.aggregation() == Aggregation.TIME_WEIGHTED
                ? Gauge.lastWindow(meter, timeMicros)
                : Window.number(timeMicros);
        for (long window = Window.number(timeMicros); window <= last; window++) {
            Rollup rollup = series.find(window);
            Meter before = rollup == null ? null : rollup.countedOtherwise(meter);
            if (before != null) {
                return new Rejection(
                        RejectionReason.METER_AGGREGATION_CHANGED,
                        "%s is %s now, but was %s when window %s was counted; change the meter catalogue back, or send it under another name"
                                .formatted(meter.name(), described(meter), described(before), Window.start(window)));
            }
        }
        return null;
    }

    private static boolean hasRoomFor(Rollup own, Meter meter, long amount, long direction) {
        return switch (meter.aggregation()) {
            case SUM -> own.hasRoomFor(meter, amount);
            case COUNT -> own.hasRoomFor(meter, direction);
            // The one number whose opposite is none.
            case MAX, MIN, LATEST, UNIQUE_COUNT -> amount != Long.MIN_VALUE;
            case TIME_WEIGHTED -> amount >= -Gauge.LARGEST_SAMPLE && amount <= Gauge.LARGEST_SAMPLE;
        };
    }

    private static Rejection overflow(Rollup own, Meter meter, long amount) {
        return new Rejection(
                RejectionReason.QUANTITY_OVERFLOW,
                "with %d %s a total of window %s could pass 2^63-1; check the quantity, or measure in a larger unit"
                        .formatted(amount, meter.name(), own.key().windowStart()));
    }

    /** A reversal carries the negated quantity; that of zero is zero. A reversal of a reversal observes again. */
    private static long direction(long amount, boolean reversal) {
        return amount < 0 || (amount == 0 && reversal) ? -1 : 1;
    }

    private static long time(Meter meter, long timeMicros) {
        return meter.isTimed() ? timeMicros : 0;
    }

    private static String described(Meter meter) {
        return meter.holdSeconds() == 0
                ? meter.aggregation().code()
                : "%s with a hold of %d s".formatted(meter.aggregation().code(), meter.holdSeconds());
    }
}
