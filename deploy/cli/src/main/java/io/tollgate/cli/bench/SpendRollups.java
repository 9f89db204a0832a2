package io.tollgate.cli.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.YearMonth;
import java.util.List;

/**
 * Rollups of many tenants over six months, made inside ClickHouse. Tenants differ as they do in life: of each hundred, the
 * {@code k}-th has {@code 40,000 / k} rollups a month, so the first one has a fifth of all. What is used, when, and how much
 * of it is spread by hashes, the same in every run.
 */
final class SpendRollups {

    static final YearMonth FIRST_MONTH = YearMonth.of(2024, 1);
    static final int MONTHS = 6;
    static final int MODELS = 10;
    /** Of some usage of some models. */
    static final int CONTEXT_BAND = 200_000;

    /** Of tenants, after which sizes come again. */
    static final int CLASSES = 100;

    private static final int LARGEST = 40_000;
    private static final int QUARTERS = 4;
    /** Of so many rollups one is written again later, as late events make the job do. */
    private static final int ONE_REWRITTEN_OF = 33;

    private static final Duration PATIENCE = Duration.ofMinutes(20);

    /**
     * 40 products (ten models, in a second region, as a batch, failed), three projects, some with tags: a window takes other
     * ones of the 360 each time. The first quarter of a month is written first, as the job would, for all tenants.
     */
    private static final String INSERT = """
            INSERT INTO rollups (window_start, tenant, project, tags, provider, model, requested_model, accelerator_type,
                region, operation, service_tier, outcome, context_band, shard, quantities, event_count, digest, version)
            SELECT toDateTime('%1$s-01 00:00:00', 'UTC') + 900 * window,
                concat('tenant-', leftPad(toString(tenant), 6, '0')), ['', 'search', 'support'][1 + mix %% 3],
                multiIf(tagged = 0, map(), tagged = 1, map('team', 'ops'),
                    map('api_key_id', concat('key-', toString(mix %% 5)), 'team', 'web')),
                concat('vendor-', toString(intDiv(model, 2))), concat('model-', toString(model)), '',
                ['nvidia-h100', 'maia-100', 'nvidia-h200'][1 + model %% 3],
                if(variant = 1, 'eu-west', ['eu-north', 'us-east', 'asia-east'][1 + tenant %% 3]), 'chat',
                if(variant = 2, 'batch', 'standard'), if(variant = 3, 'error', 'success'),
                if(variant = 1 AND model < 3, 200000, 0), if(class = 1, mix %% 4, tenant %% 8),
                mapFromArrays(
                    arraySlice(['input_tokens', 'output_tokens', 'cache_read_tokens', 'reasoning_tokens'], 1, 2 + model %% 3),
                    arraySlice([toInt64(h %% 1000000), toInt64(h %% 300007), toInt64(h %% 700001), toInt64(h %% 100003)],
                        1, 2 + model %% 3)),
                10 + h %% 90, toUInt128(h), 1 + %2$d
            FROM (
                SELECT tenant, class, window, cityHash64(tenant, i, '%1$s', %2$d) AS h,
                    toUInt64(i - intDiv(window * size + %3$d - 1, %3$d)) AS of_window,
                    (cityHash64(tenant, window, '%1$s') + of_window * 7) %% 360 AS mix, intDiv(mix, 3) %% 3 AS tagged,
                    intDiv(mix, 9) %% %8$d AS model, intDiv(mix, 90) AS variant
                FROM (
                    SELECT toUInt64(number) AS tenant, toUInt64(1 + (number - 1) %% %9$d) AS class,
                        intDiv(toUInt64(%10$d), class) AS size,
                        arrayJoin(range(intDiv(size * %4$d, %5$d), intDiv(size * (%4$d + 1), %5$d))) AS i,
                        intDiv(i * %3$d, size) AS window
                    FROM numbers(%6$d, %7$d))
                WHERE %2$d = 0 OR cityHash64(tenant, i) %% %11$d = 0)
            SETTINGS max_insert_threads = 1""";

    private static final String SUMS = """
            SELECT toDate(window_start, 'UTC') AS day, provider, model, accelerator_type, region, operation, service_tier,
                outcome, context_band, sumMap(CAST(quantities, 'Map(String, Int128)')), sum(event_count), sum(digest)
            FROM rollups FINAL
            WHERE tenant = '%s' AND window_start >= toDateTime('%s-01 00:00:00', 'UTC')
                AND window_start < toDateTime('%s-01 00:00:00', 'UTC')
            GROUP BY day, provider, model, accelerator_type, region, operation, service_tier, outcome, context_band
            SETTINGS do_not_merge_across_partitions_select_final = 1
            FORMAT RowBinary""";

    private final String clickhouse;

    SpendRollups(String clickhouse) {
        this.clickhouse = clickhouse;
    }

    /** @param rows with those that others replace */
    record Stored(long rows, long parts, long bytes) {}

    /** How many tenants have about so many rollups together: hundreds of them. */
    static int tenantsOf(long rows) {
        long ofHundred = 0;
        for (int k = 1; k <= CLASSES; k++) {
            ofHundred += LARGEST / k;
        }
        return CLASSES * Math.toIntExact(Math.max(1, Math.round((double) rows / (ofHundred * MONTHS))));
    }

    /** Rollups of a tenant's month. */
    static int rowsOf(int tenant) {
        return LARGEST / (1 + (tenant - 1) % CLASSES);
    }

    static String name(int tenant) {
        return "tenant-%06d".formatted(tenant);
    }

    /** Writes those of tenants after the first ones, and waits until ClickHouse has merged what it wants to. */
    Stored fill(int first, int last) {
        try (Connection connection = DriverManager.getConnection("jdbc:clickhouse:" + clickhouse + "/tollgate");
                Statement statement = connection.createStatement()) {
            for (int month = 0; month < MONTHS; month++) {
                for (int quarter = 0; quarter < QUARTERS; quarter++) {
                    for (int rewrite : List.of(0, 1)) {
                        statement.execute(insert(FIRST_MONTH.plusMonths(month), quarter, rewrite, first, last));
                    }
                }
            }
            Merges.awaitEnd(clickhouse, PATIENCE);
            return stored(statement);
        } catch (SQLException e) {
            throw new IllegalStateException("ClickHouse took no rollups", e);
        }
    }

    private static String insert(YearMonth month, int quarter, int rewrite, int first, int last) {
        int windows = month.lengthOfMonth() * 96;
        return INSERT.formatted(
                month,
                rewrite,
                windows,
                quarter,
                QUARTERS,
                first,
                last - first + 1,
                MODELS,
                CLASSES,
                LARGEST,
                ONE_REWRITTEN_OF);
    }

    /** SQL for a tenant's month by day, product and meter: what an invoice is computed from. */
    static String sums(int tenant, YearMonth month) {
        return SUMS.formatted(name(tenant), month, month.plusMonths(1));
    }

    private static Stored stored(Statement statement) throws SQLException {
        try (ResultSet found = statement.executeQuery("SELECT sum(rows), count(), sum(bytes_on_disk) FROM system.parts"
                + " WHERE database = 'tollgate' AND table = 'rollups' AND active")) {
            found.next();
            return new Stored(found.getLong(1), found.getLong(2), found.getLong(3));
        }
    }
}
