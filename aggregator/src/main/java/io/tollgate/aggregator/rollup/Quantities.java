package io.tollgate.aggregator.rollup;

import io.tollgate.aggregator.wire.EventBytes;
import io.tollgate.meters.Aggregation;

/** The quantities of one event after the other, in order of their meters' names. Not for many threads. */
final class Quantities {

    private Meter[] meters = new Meter[16];
    private long[] amounts = new long[16];
    private int size;
    private boolean sums;

    /** Turns to an event. */
    void read(EventBytes event, Dictionary dictionary) {
        size = event.quantities();
        sums = true;
        if (size > amounts.length) {
            meters = new Meter[size];
            amounts = new long[size];
        }
        for (int read = 0; read < size; read++) {
            Meter meter = dictionary.meter(event.bytes(), event.meter(read));
            sums &= meter.aggregation() == Aggregation.SUM;
            int place = read;
            // Few, and mostly sorted already.
            while (place > 0 && meters[place - 1].name().compareTo(meter.name()) > 0) {
                meters[place] = meters[place - 1];
                amounts[place] = amounts[place - 1];
                place--;
            }
            meters[place] = meter;
            amounts[place] = event.amount(read);
        }
    }

    /** Whether all meters are sums, as nearly always. */
    boolean areSums() {
        return sums;
    }

    int size() {
        return size;
    }

    Meter meter(int index) {
        return meters[index];
    }

    long amount(int index) {
        return amounts[index];
    }
}
