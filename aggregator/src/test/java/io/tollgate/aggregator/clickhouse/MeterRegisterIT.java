package io.tollgate.aggregator.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.codahale.metrics.MetricRegistry;
import io.tollgate.connection.ClickHouseUrl;
import io.tollgate.meters.Aggregation;
import io.tollgate.meters.MeterCatalogue;
import io.tollgate.meters.MeterDefinition;
import io.tollgate.parts.TestParts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MeterRegisterIT {

    private static final MeterDefinition PEAK = MeterDefinition.of("peak", "request", Aggregation.MAX, "");

    private final ClickHouseUrl url = ClickHouseUrl.parse(TestParts.freshClickHouseDatabase());
    private final ClickHouse clickhouse = migrated();
    private final MeterRegister register = new MeterRegister(clickhouse);

    private ClickHouse migrated() {
        ClickHouseSchema.migrate(url);
        return ClickHouse.connect(url);
    }

    @AfterEach
    void close() {
        clickhouse.close();
    }

    @Test
    void theSameCatalogueIsTakenAgainAndAgainAndMayGrow() {
        register.agreeWith(MeterCatalogue.usual());
        register.agreeWith(with(PEAK));
        register.agreeWith(with(PEAK));
        assertThat(registered())
                .containsExactly(
                        "peak max 0", "provisioned_units time_weighted 3600", "stored_bytes time_weighted 3600");
    }

    @Test
    void aSumNeedsNoRegistering() {
        rollup("fresh");
        register.agreeWith(with(MeterDefinition.sum("fresh", "", "")));
        register.agreeWith(MeterCatalogue.usual());
    }

    @Test
    void anInstanceWithoutTheFileIsRefused() {
        register.agreeWith(with(PEAK));
        assertThatIllegalStateException()
                .isThrownBy(() -> register.agreeWith(MeterCatalogue.usual()))
                .withMessageContaining("peak is registered in ClickHouse as max, and the catalogue does not know it")
                .withMessageContaining("the same --meters file");
    }

    @Test
    void anotherAggregationIsRefused() {
        register.agreeWith(with(PEAK));
        for (MeterDefinition other :
                List.of(MeterDefinition.of("peak", "", Aggregation.COUNT, ""), MeterDefinition.sum("peak", "", ""))) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> register.agreeWith(with(other)))
                    .withMessageContaining(
                            "peak is registered in ClickHouse as max, and the catalogue says %s",
                            other.aggregation().code())
                    .withMessageContaining("another name");
        }
    }

    @Test
    void anotherHoldIsRefused() {
        register.agreeWith(with(MeterDefinition.timeWeighted("disk", "byte", Duration.ofMinutes(30), "")));
        assertThatIllegalStateException()
                .isThrownBy(() -> register.agreeWith(
                        with(MeterDefinition.timeWeighted("disk", "byte", Duration.ofMinutes(31), ""))))
                .withMessageContaining(
                        "disk is registered in ClickHouse as time_weighted with a hold of PT30M, and the catalogue says"
                                + " time_weighted with a hold of PT31M");
    }

    @Test
    void aMeterThatRollupsHoldAsASumStaysASum() {
        rollup("peak");
        assertThatIllegalStateException()
                .isThrownBy(() -> register.agreeWith(with(PEAK)))
                .withMessageContaining("peak is already in rollups")
                .withMessageContaining("the catalogue says max")
                .withMessageContaining("INSERT INTO meters (name, aggregation, hold_seconds) VALUES ('peak', 'max', 0)")
                .withMessageNotContaining("stored_bytes");
        assertThat(registered()).isEmpty();
    }

    @Test
    void instancesThatStartAtOnceRegisterTheSame() {
        List<CompletableFuture<Void>> starts = new ArrayList<>();
        IntStream.range(0, 4)
                .forEach(instance -> starts.add(CompletableFuture.runAsync(() -> register.agreeWith(with(PEAK)))));
        starts.forEach(CompletableFuture::join);
        register.agreeWith(with(PEAK));
        assertThat(registered()).contains("peak max 0").hasSize(3);
    }

    /** As two instances that started at once with different files may leave it. */
    @Test
    void whatIsRegisteredInTwoWaysIsRefusedByAll() {
        register.agreeWith(with(PEAK));
        clickhouse.execute("INSERT INTO meters (name, aggregation, hold_seconds) VALUES ('peak', 'min', 0)");
        assertThatIllegalStateException()
                .isThrownBy(() -> register.agreeWith(with(PEAK)))
                .withMessageContaining(
                        "peak is registered in ClickHouse as max and as min, and the catalogue says max");
    }

    @Test
    void writersDoNotOpenWithAnotherCatalogue() {
        register.agreeWith(with(PEAK));
        assertThatIllegalStateException()
                .isThrownBy(() -> Writers.open(
                        url,
                        TestParts.kafka(),
                        "rollups-of-register-it",
                        "register-it",
                        WriterConfig.USUAL.withArchive(false),
                        MeterCatalogue.usual(),
                        new MetricRegistry()))
                .withMessageContaining("peak is registered");
    }

    private static MeterCatalogue with(MeterDefinition meter) {
        return MeterCatalogue.usual().plus(List.of(meter));
    }

    private void rollup(String meter) {
        clickhouse.execute(
                "INSERT INTO rollups (tenant, quantities, event_count, version) VALUES ('acme', {'%s': 3}, 1, 1)"
                        .formatted(meter));
    }

    private List<String> registered() {
        return clickhouse
                .rows("SELECT concat(name, ' ', aggregation, ' ', toString(hold_seconds)) AS s FROM meters FINAL"
                        + " ORDER BY s")
                .stream()
                .map(row -> row.getString("s"))
                .toList();
    }
}
