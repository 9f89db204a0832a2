package io.tollgate.cli.traffic;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;
import java.util.Map;

/**
 * What was learned from public traces, as committed in {@code traffic-figures.json} with its provenance.
 *
 * @param probabilities at which the quantiles are taken
 * @param quantiles by name; token counts, or shares from 0 to 1
 * @param clientShares each client's share of all requests, the largest first
 * @param hourShares share of a day's requests in each hour of the trace's day, 24 of them
 */
@JsonIgnoreProperties({"about", "provenance", "means"})
public record TrafficFigures(
        List<Double> probabilities,
        Map<String, List<Double>> quantiles,
        List<Double> clientShares,
        List<Double> hourShares) {

    private static final int HOURS = 24;

    /** @throws IllegalArgumentException when there are not 24 hours, or a client is larger than the one before it */
    public TrafficFigures {
        probabilities = List.copyOf(probabilities);
        quantiles = Map.copyOf(quantiles);
        clientShares = List.copyOf(clientShares);
        hourShares = List.copyOf(hourShares);
        if (hourShares.size() != HOURS) {
            throw new IllegalArgumentException("a day has 24 hours, not " + hourShares.size());
        }
        for (int i = 1; i < clientShares.size(); i++) {
            if (clientShares.get(i) > clientShares.get(i - 1)) {
                throw new IllegalArgumentException("client " + i + " is larger than the one before it");
            }
        }
    }

    /** @throws IllegalArgumentException when there is no table of that name */
    public QuantileTable table(String name) {
        List<Double> values = quantiles.get(name);
        if (values == null) {
            throw new IllegalArgumentException("no table " + name + " among " + quantiles.keySet());
        }
        return new QuantileTable(probabilities, values);
    }
}
