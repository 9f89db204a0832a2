package io.tollgate.meters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MeterCatalogueTest {

    @Test
    void aMeterThatNobodyDefinedIsASum() {
        assertThat(MeterCatalogue.usual().aggregation("brand_new")).isEqualTo(Aggregation.SUM);
        assertThat(MeterCatalogue.usual().find("brand_new")).isEmpty();
    }

    @Test
    void storageIsAGauge() {
        assertThat(MeterCatalogue.usual().aggregation("stored_bytes")).isEqualTo(Aggregation.TIME_WEIGHTED);
        assertThat(MeterCatalogue.usual().hold("stored_bytes")).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void aMeterIsDefinedOnce() {
        MeterDefinition seats = MeterDefinition.of("seats", "seat", Aggregation.MAX, "");
        MeterCatalogue more = MeterCatalogue.usual().plus(List.of(seats));

        assertThat(more.find("seats")).contains(seats);
        assertThatThrownBy(() -> more.plus(List.of(seats))).hasMessageContaining("seats is defined twice");
        assertThatThrownBy(() -> more.plus(List.of(MeterDefinition.of("requests", "", Aggregation.COUNT, ""))))
                .hasMessageContaining("requests is defined twice");
    }

    @Test
    void onlyAGaugeHasAHoldAndItMustHaveOne() {
        assertThatThrownBy(() -> new MeterDefinition("disk", "byte", Aggregation.TIME_WEIGHTED, Optional.empty(), ""))
                .hasMessageContaining("needs a hold");
        assertThatThrownBy(() ->
                        new MeterDefinition("disk", "byte", Aggregation.MAX, Optional.of(Duration.ofHours(1)), ""))
                .hasMessageContaining("has no hold");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT0.5S", "PT24H1S"})
    void aHoldIsWholeSecondsUpToADay(String hold) {
        assertThatThrownBy(() -> MeterDefinition.timeWeighted("disk", "byte", Duration.parse(hold), ""))
                .hasMessageContaining("PT1S to PT24H");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Disk", "1st", "_a", "a-b", "ä"})
    void aNameIsPlain(String name) {
        assertThatThrownBy(() -> MeterDefinition.sum(name, "", "")).hasMessageContaining("is not a meter's name");
    }

    @Test
    void codesAreStable() {
        assertThat(List.of(Aggregation.values()))
                .extracting(Aggregation::code)
                .containsExactly("sum", "count", "max", "min", "latest", "time_weighted", "unique_count");
        for (Aggregation aggregation : Aggregation.values()) {
            assertThat(Aggregation.ofCode(aggregation.code())).contains(aggregation);
        }
        assertThat(Aggregation.ofCode("median")).isEmpty();
    }
}
