package io.tollgate.aggregator.clickhouse;

import com.clickhouse.client.api.query.GenericRecord;
import io.tollgate.connection.ClickHouseUrl;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a ClickHouse database up to date: each {@link Migration} once, in order, noted in the table
 * {@code schema_migrations}. Instances that do so at once take the same idempotent steps, and do no harm. A database from
 * before that table was kept is taken over, since its tables are what the first step makes.
 */
public final class ClickHouseSchema {

    private static final Logger LOG = LoggerFactory.getLogger(ClickHouseSchema.class);

    private static final List<Migration> MIGRATIONS = List.of(
            Migration.ofResource("V001__rollups.sql"),
            Migration.ofResource("V002__observations.sql"),
            Migration.ofResource("V003__events.sql"),
            Migration.ofResource("V004__rejected_events.sql"),
            Migration.ofResource("V005__accepted_events.sql"),
            Migration.ofResource("V006__accepted_events_by_arrival.sql"),
            Migration.ofResource("V007__meters.sql"));

    /** Rows may come twice, from instances that start at once; they are then the same. */
    private static final String HISTORY = """
            CREATE TABLE IF NOT EXISTS schema_migrations
            (
                version     UInt32,
                description String,
                checksum    String                COMMENT 'SHA-256 of the file',
                applied_at  DateTime64(3, 'UTC') DEFAULT now64(3)
            )
            ENGINE = ReplacingMergeTree
            ORDER BY version
            COMMENT 'Which steps of the schema this database has taken'""";

    private ClickHouseSchema() {}

    /**
     * Makes the database if it is not there, and takes the steps that it has not taken.
     *
     * @throws ClickHouseUnavailableException when the server does not answer or refuses; taking the steps again later goes
     *     on where it stopped
     * @throws IllegalStateException when a newer version of Tollgate has migrated the database, or a step that it has
     *     taken was changed since
     */
    public static void migrate(ClickHouseUrl url) {
        try (ClickHouse server = ClickHouse.connect(url.withDatabase("default"))) {
            server.execute("CREATE DATABASE IF NOT EXISTS `%s`"
                    .formatted(url.database().replace("`", "``")));
        }
        migrate(url, MIGRATIONS);
    }

    static void migrate(ClickHouseUrl url, List<Migration> migrations) {
        try (ClickHouse clickhouse = ClickHouse.connect(url)) {
            clickhouse.execute(HISTORY);
            List<GenericRecord> history = clickhouse.rows("SELECT version, checksum FROM schema_migrations");
            Map<Integer, Migration> missing = new TreeMap<>(
                    migrations.stream().collect(Collectors.toMap(Migration::version, Function.identity())));
            Map<Integer, Migration> known = Map.copyOf(missing);
            int newest = migrations.get(migrations.size() - 1).version();
            for (GenericRecord taken : history) {
                int version = taken.getInteger("version");
                refuseOther(url, version, taken.getString("checksum"), known, newest);
                missing.remove(version);
            }
            missing.values().forEach(migration -> take(clickhouse, migration));
        }
    }

    private static void refuseOther(
            ClickHouseUrl url, int version, String checksum, Map<Integer, Migration> known, int newest) {
        Migration migration = known.get(version);
        if (migration == null) {
            throw new IllegalStateException(
                    "database %s was migrated to V%03d by a newer Tollgate, and this one knows V%03d at most; start the newer one"
                            .formatted(url, version, newest));
        }
        if (!migration.checksum().equals(checksum)) {
            throw new IllegalStateException(
                    "migration %s was changed after database %s took it (checksum %s, now %s); put its text back, and make the change a migration of its own"
                            .formatted(migration, url, checksum, migration.checksum()));
        }
    }

    private static void take(ClickHouse clickhouse, Migration migration) {
        migration.statements().forEach(clickhouse::execute);
        // Last: a step that is cut short is taken again.
        clickhouse.execute("INSERT INTO schema_migrations (version, description, checksum) VALUES (%d, '%s', '%s')"
                .formatted(migration.version(), migration.description(), migration.checksum()));
        LOG.info("took migration {}", migration);
    }
}
