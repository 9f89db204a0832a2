package io.tollgate.aggregator.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tollgate.connection.ClickHouseUrl;
import io.tollgate.parts.TestParts;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClickHouseSchemaIT {

    private static final Migration FIRST = new Migration(1, "first", """
            CREATE TABLE IF NOT EXISTS things (x UInt8) ENGINE = MergeTree ORDER BY x;
            ALTER TABLE things ADD COLUMN IF NOT EXISTS y UInt8;
            """);
    private static final Migration SECOND =
            new Migration(2, "second", "ALTER TABLE things ADD COLUMN IF NOT EXISTS z UInt8;");
    private static final Migration BROKEN =
            new Migration(2, "broken", "ALTER TABLE things ADD COLUMN IF NOT EXISTS w UInt8;\nNONSENSE;\n");

    private final ClickHouseUrl url = ClickHouseUrl.parse(TestParts.freshClickHouseDatabase());

    @Test
    void eachStepIsTakenOnceAndInOrder() {
        ClickHouseSchema.migrate(url, List.of(FIRST));
        ClickHouseSchema.migrate(url, List.of(FIRST, SECOND));
        ClickHouseSchema.migrate(url, List.of(FIRST, SECOND));

        assertThat(strings(
                        "SELECT name AS s FROM system.columns WHERE database = currentDatabase() AND table = 'things'"))
                .containsExactly("x", "y", "z");
        assertThat(strings("SELECT concat(toString(version), ' ', description) AS s FROM schema_migrations ORDER BY s"))
                .containsExactly("1 first", "2 second");
    }

    @Test
    void aStepThatWasChangedIsRefused() {
        ClickHouseSchema.migrate(url, List.of(FIRST));
        Migration changed = new Migration(1, "first", FIRST.sql() + " ");
        assertThatIllegalStateException()
                .isThrownBy(() -> ClickHouseSchema.migrate(url, List.of(changed)))
                .withMessageContaining("migration V001 (first) was changed after database");
    }

    @Test
    void aDatabaseOfANewerVersionIsRefused() {
        ClickHouseSchema.migrate(url, List.of(FIRST, SECOND));
        assertThatIllegalStateException()
                .isThrownBy(() -> ClickHouseSchema.migrate(url, List.of(FIRST)))
                .withMessageContaining("was migrated to V002 by a newer Tollgate")
                .withMessageContaining("knows V001 at most");
    }

    @Test
    void aStepThatFailedIsTakenAgain() {
        assertThatThrownBy(() -> ClickHouseSchema.migrate(url, List.of(FIRST, BROKEN)))
                .isInstanceOf(ClickHouseUnavailableException.class);
        ClickHouseSchema.migrate(url, List.of(FIRST, SECOND));
        assertThat(strings("SELECT toString(max(version)) AS s FROM schema_migrations"))
                .containsExactly("2");
    }

    @Test
    void instancesThatStartAtOnceDoNoHarm() {
        List<CompletableFuture<Void>> starts = new ArrayList<>();
        IntStream.range(0, 4)
                .forEach(instance -> starts.add(CompletableFuture.runAsync(() -> ClickHouseSchema.migrate(url))));
        starts.forEach(CompletableFuture::join);
        ClickHouseSchema.migrate(url);
        assertThat(strings("SELECT toString(version) AS s FROM schema_migrations FINAL"))
                .contains("1");
    }

    @Test
    void aDatabaseFromBeforeIsTakenOverWithItsRollups() {
        try (ClickHouse clickhouse = ClickHouse.connect(url)) {
            Migration.ofResource("V001__rollups.sql").statements().forEach(clickhouse::execute);
            clickhouse.execute("INSERT INTO rollups (tenant, event_count, version) VALUES ('acme', 3, 3)");
        }
        ClickHouseSchema.migrate(url);
        assertThat(strings("SELECT toString(sum(event_count)) AS s FROM rollups FINAL"))
                .containsExactly("3");
        assertThat(strings("SELECT toString(count()) AS s FROM accepted_events"))
                .containsExactly("0");
    }

    @Test
    void aDatabaseThatIsNotThereIsMade() {
        ClickHouseUrl other = url.withDatabase(url.database() + "`made");
        ClickHouseSchema.migrate(other);
        try (ClickHouse clickhouse = ClickHouse.connect(other)) {
            assertThat(clickhouse.rows("SELECT 1 FROM rollups")).isEmpty();
        }
    }

    private List<String> strings(String query) {
        try (ClickHouse clickhouse = ClickHouse.connect(url)) {
            return clickhouse.rows(query).stream()
                    .map(row -> row.getString("s"))
                    .toList();
        }
    }
}
