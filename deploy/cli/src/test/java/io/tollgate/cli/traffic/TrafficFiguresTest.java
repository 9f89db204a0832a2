package io.tollgate.cli.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tollgate.cli.SharedData;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class TrafficFiguresTest {

    private final ObjectMapper json = new ObjectMapper();

    @Test
    void theCommittedFiguresAreThoseOfTheTraces() throws IOException {
        JsonNode derived = TrafficDerivation.derive(
                SharedData.require(TrafficDerivation.AZURE),
                SharedData.require(TrafficDerivation.MOONCAKE),
                SharedData.require(TrafficDerivation.SERVEGEN));
        assertThat(committed()).isEqualTo(json.readTree(derived.toString()));
    }

    /** Straight lines between quantiles bend a mean by little; how little is stated here. */
    @Test
    void theTablesKeepTheMeansOfTheTraces() throws IOException {
        JsonNode means = committed().get("means");
        TrafficFigures figures = DemoTraffic.figures();
        assertThat(means.fieldNames())
                .toIterable()
                .hasSize(8)
                .allSatisfy(name -> assertThat(figures.table(name).mean())
                        .as(name)
                        .isCloseTo(means.get(name).asDouble(), withinPercentage(4)));
    }

    @Test
    void sharesAddUpToOne() {
        TrafficFigures figures = DemoTraffic.figures();
        for (List<Double> shares : List.of(figures.clientShares(), figures.hourShares())) {
            assertThat(shares.stream().mapToDouble(Double::doubleValue).sum()).isCloseTo(1, within(0.0001));
        }
    }

    @Test
    void betweenQuantilesATableGoesInStraightLines() {
        QuantileTable table = new QuantileTable(List.of(0.0, 0.5, 1.0), List.of(0.0, 10.0, 110.0));
        assertThat(table.at(0)).isZero();
        assertThat(table.at(0.25)).isEqualTo(5);
        assertThat(table.at(0.5)).isEqualTo(10);
        assertThat(table.at(0.75)).isEqualTo(60);
        assertThat(table.at(1)).isEqualTo(110);
        assertThat(table.mean()).isEqualTo(32.5);
    }

    @Test
    void aTableThatFallsIsRefused() {
        assertThatThrownBy(() -> new QuantileTable(List.of(0.0, 1.0), List.of(2.0, 1.0)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new QuantileTable(List.of(0.1, 1.0), List.of(1.0, 2.0)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private JsonNode committed() throws IOException {
        try (InputStream in = DemoTraffic.class.getResourceAsStream("traffic-figures.json")) {
            return json.readTree(Objects.requireNonNull(in));
        }
    }
}
