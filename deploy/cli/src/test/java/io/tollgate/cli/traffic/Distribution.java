package io.tollgate.cli.traffic;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Values with weights: what was observed, exactly. */
final class Distribution {

    private final TreeMap<Double, Double> weights = new TreeMap<>();
    private double total;

    void add(double value, double weight) {
        weights.merge(value, weight, Double::sum);
        total += weight;
    }

    boolean isEmpty() {
        return weights.isEmpty();
    }

    void addAll(Distribution other, double weight) {
        other.weights.forEach((value, share) -> add(value, weight * share / other.total));
    }

    double mean() {
        double sum = 0;
        for (Map.Entry<Double, Double> entry : weights.entrySet()) {
            sum += entry.getKey() * entry.getValue();
        }
        return sum / total;
    }

    /** For each probability the smallest value that at least that share of the weight does not exceed. */
    List<Double> quantiles(List<Double> probabilities) {
        List<Double> quantiles = new ArrayList<>();
        for (double probability : probabilities) {
            quantiles.add(quantile(probability));
        }
        return quantiles;
    }

    private double quantile(double probability) {
        // Sums of many shares miss a round number by a few units in the last place.
        double mark = probability * total * (1 - 1e-12);
        double reached = 0;
        for (Map.Entry<Double, Double> entry : weights.entrySet()) {
            reached += entry.getValue();
            if (reached >= mark) {
                return entry.getKey();
            }
        }
        return weights.lastKey();
    }
}
