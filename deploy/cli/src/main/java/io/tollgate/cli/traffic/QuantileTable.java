package io.tollgate.cli.traffic;

import java.util.List;

/**
 * A distribution as its quantiles at given probabilities, straight lines between them.
 *
 * @param probabilities strictly rising from 0 to 1
 * @param values as many, never falling
 */
public record QuantileTable(List<Double> probabilities, List<Double> values) {

    /** @throws IllegalArgumentException when the lists are not as described */
    public QuantileTable {
        probabilities = List.copyOf(probabilities);
        values = List.copyOf(values);
        int size = probabilities.size();
        if (size < 2 || values.size() != size || probabilities.get(0) != 0 || probabilities.get(size - 1) != 1) {
            throw new IllegalArgumentException("a table needs a value at each of its probabilities, from 0 to 1");
        }
        for (int i = 1; i < size; i++) {
            if (probabilities.get(i) <= probabilities.get(i - 1) || values.get(i) < values.get(i - 1)) {
                throw new IllegalArgumentException("the table falls at its entry " + i);
            }
        }
    }

    /**
     * The value below which that share of the distribution lies: the inverse of its cumulative distribution.
     *
     * @param probability from 0 to 1
     */
    public double at(double probability) {
        int above = 1;
        while (above < probabilities.size() - 1 && probabilities.get(above) < probability) {
            above++;
        }
        double low = probabilities.get(above - 1);
        double share = (probability - low) / (probabilities.get(above) - low);
        return values.get(above - 1) + share * (values.get(above) - values.get(above - 1));
    }

    /** The mean of what {@link #at} gives for evenly spread probabilities. */
    public double mean() {
        double mean = 0;
        for (int i = 1; i < values.size(); i++) {
            double width = probabilities.get(i) - probabilities.get(i - 1);
            mean += width * (values.get(i) + values.get(i - 1)) / 2;
        }
        return mean;
    }
}
