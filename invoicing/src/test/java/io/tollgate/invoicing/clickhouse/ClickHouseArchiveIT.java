package io.tollgate.invoicing.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.invoicing.RollupsTable;
import io.tollgate.invoicing.RollupsTable.Row;
import io.tollgate.invoicing.clickhouse.ClickHouseArchive.Progress;
import io.tollgate.invoicing.connection.ConnectionUrl;
import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.Whose;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ClickHouseArchiveIT {

    private static final Instant WINDOW = Instant.parse("2023-11-16T18:15:00Z");
    private static final Instant CAME = WINDOW.plusSeconds(30);

    private final RollupsTable table = RollupsTable.create();

    /** Written twice, as after a crash. */
    private void event(int offset, String id) {
        for (int time = 0; time < 2; time++) {
            table.execute(
                    "INSERT INTO events (shard, offset, arrived, window_start, source, id, time, tenant, digest) SELECT 0, "
                            + offset + ", " + millis(CAME) + ", toDateTime(" + WINDOW.getEpochSecond()
                            + ", 'UTC'), 's', '" + id
                            + "', " + millis(CAME) + ", 'acme', 1");
        }
    }

    private void rejected(int offset, Instant came) {
        table.execute("INSERT INTO rejected_events (rejected_at, stage, reason, shard, offset) SELECT " + millis(came)
                + ", 'aggregator', 'r', 0, " + offset);
    }

    private static String millis(Instant instant) {
        return "fromUnixTimestamp64Milli(toInt64(" + instant.toEpochMilli() + "))";
    }

    @Test
    void whatWasKeptOutIsNotWaitedForAndWhatStoodThereBeforeItDoesNotCount() {
        event(1, "kept out");
        rejected(1, CAME);
        event(2, "counted");
        event(3, "counted");
        // The topic was made again since.
        rejected(2, CAME.minus(Duration.ofDays(1)));
        rejected(2, CAME.minus(Duration.ofDays(100)));
        try (ClickHouseUsage usage = ClickHouseUsage.open(ConnectionUrl.clickHouse(table.url()))) {
            assertThat(progress(usage).uncounted()).contains(WINDOW);
            assertThat(progress(usage).newest()).contains(CAME);

            table.insert(Row.of("acme", WINDOW, Map.of("input_tokens", 1L)).events(1, BigInteger.ONE, 1));

            assertThat(progress(usage).uncounted()).isEmpty();
        }
    }

    private static Progress progress(ClickHouseUsage usage) {
        return usage.archive()
                .progress(
                        new TimeRange(WINDOW, WINDOW.plus(Duration.ofHours(1))),
                        Whose.tenants(Set.of("acme")),
                        WINDOW.plus(Duration.ofHours(1)));
    }
}
