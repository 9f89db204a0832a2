package io.tollgate.cli.traffic;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Things of different weight, to be drawn from. */
final class Weighted<T> {

    private final List<T> things;
    private final double[] cumulative;

    private Weighted(List<T> things, double[] cumulative) {
        this.things = things;
        this.cumulative = cumulative;
    }

    /** @throws IllegalArgumentException when there is nothing, or a weight is not positive */
    static <T> Weighted<T> of(Collection<T> things, ToDoubleFunction<T> weight) {
        List<T> list = new ArrayList<>(things);
        double[] cumulative = new double[list.size()];
        double sum = 0;
        for (int i = 0; i < cumulative.length; i++) {
            double own = weight.applyAsDouble(list.get(i));
            if (!(own > 0)) {
                throw new IllegalArgumentException("weight " + own + " of " + list.get(i) + " is not positive");
            }
            sum += own;
            cumulative[i] = sum;
        }
        if (list.isEmpty()) {
            throw new IllegalArgumentException("nothing to draw from");
        }
        return new Weighted<>(list, cumulative);
    }

    /** @param draw from 0 inclusive to 1 exclusive */
    T at(double draw) {
        double mark = draw * cumulative[cumulative.length - 1];
        int i = 0;
        while (i < cumulative.length - 1 && cumulative[i] <= mark) {
            i++;
        }
        return things.get(i);
    }
}
