package io.tollgate.invoicing;

import io.tollgate.aggregator.clickhouse.RollupTable;
import io.tollgate.connection.ClickHouseUrl;
import io.tollgate.invoicing.connection.ConnectionUrl;
import io.tollgate.parts.TestParts;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The {@code rollups} table in a ClickHouse database of its own, made by the aggregator, filled as it would. */
public final class RollupsTable {

    private final String url;

    private RollupsTable(String url) {
        this.url = url;
    }

    public static RollupsTable create() {
        RollupsTable table = new RollupsTable(TestParts.freshClickHouseDatabase());
        RollupTable.open(ClickHouseUrl.parse(table.url)).close();
        // Rows stay unmerged, so that readers must cope with old versions.
        table.execute("SYSTEM STOP MERGES rollups");
        return table;
    }

    public String url() {
        return url;
    }

    /** A row to write; everything but the tenant has a default. */
    public record Row(
            String tenant,
            Instant windowStart,
            String project,
            String provider,
            String model,
            String requestedModel,
            Map<String, Long> quantities,
            int shard,
            long eventCount,
            BigInteger digest,
            long version,
            String observations) {

        public static Row of(String tenant, Instant windowStart, Map<String, Long> quantities) {
            return new Row(tenant, windowStart, "", "openai", "gpt-4o", "", quantities, 0, 1, BigInteger.ONE, 1, "[]");
        }

        public Row project(String value) {
            return new Row(
                    tenant,
                    windowStart,
                    value,
                    provider,
                    model,
                    requestedModel,
                    quantities,
                    shard,
                    eventCount,
                    digest,
                    version,
                    observations);
        }

        public Row model(String newProvider, String newModel) {
            return new Row(
                    tenant,
                    windowStart,
                    project,
                    newProvider,
                    newModel,
                    requestedModel,
                    quantities,
                    shard,
                    eventCount,
                    digest,
                    version,
                    observations);
        }

        public Row requestedModel(String value) {
            return new Row(
                    tenant,
                    windowStart,
                    project,
                    provider,
                    model,
                    value,
                    quantities,
                    shard,
                    eventCount,
                    digest,
                    version,
                    observations);
        }

        public Row shard(int value) {
            return new Row(
                    tenant,
                    windowStart,
                    project,
                    provider,
                    model,
                    requestedModel,
                    quantities,
                    value,
                    eventCount,
                    digest,
                    version,
                    observations);
        }

        public Row events(long count, BigInteger newDigest, long newVersion) {
            return new Row(
                    tenant,
                    windowStart,
                    project,
                    provider,
                    model,
                    requestedModel,
                    quantities,
                    shard,
                    count,
                    newDigest,
                    newVersion,
                    observations);
        }

        /** @param value array of tuples of meter, aggregation, time and value, as SQL */
        public Row observations(String value) {
            return new Row(
                    tenant,
                    windowStart,
                    project,
                    provider,
                    model,
                    requestedModel,
                    quantities,
                    shard,
                    eventCount,
                    digest,
                    version,
                    value);
        }
    }

    /** Writes each row as a part of its own. */
    public void insert(Row... rows) {
        for (Row row : rows) {
            String quantities = new TreeMap<>(row.quantities())
                    .entrySet().stream()
                            .map(entry -> "'" + entry.getKey() + "', " + entry.getValue())
                            .collect(Collectors.joining(", ", "map(", ")"));
            execute("INSERT INTO rollups (window_start, tenant, project, tags, provider, model, requested_model,"
                    + " accelerator_type, region, operation, service_tier, outcome, context_band, shard, quantities,"
                    + " event_count, digest, version, observations) SELECT toDateTime("
                    + row.windowStart().getEpochSecond() + ", 'UTC'), '" + row.tenant() + "', '" + row.project()
                    + "', map(), '" + row.provider() + "', '" + row.model() + "', '" + row.requestedModel()
                    + "', 'nvidia-h100', '', 'chat', 'standard', 'success', 0, " + row.shard() + ", " + quantities
                    + ", " + row.eventCount() + ", toUInt128('" + row.digest() + "'), " + row.version() + ", "
                    + row.observations());
        }
    }

    /** Usage of November 2023 of that many tenants, {@code prefix0000001} and so on, each of 1,000 tokens and its number. */
    public void fill(String prefix, int tenants) {
        execute("INSERT INTO rollups (window_start, tenant, project, tags, provider, model, requested_model,"
                + " accelerator_type, region, operation, service_tier, outcome, context_band, shard, quantities,"
                + " event_count, digest, version, observations) SELECT toDateTime('2023-11-16 18:15:00', 'UTC'),"
                + " concat('" + prefix + "', leftPad(toString(number + 1), 7, '0')), '', map(), 'openai', 'gpt-4o', '',"
                + " 'nvidia-h100', '', 'chat', 'standard', 'success', 0, 0,"
                + " map('input_tokens', toInt64(1000 + number)), 1, toUInt128(number), 1, [] FROM numbers(" + tenants
                + ")");
    }

    /**
     * Usage of a tenant of any kind, some of it taken back: projects, tags, products, meters and shards, from the hours
     * before November 2023 to those after it, so that each zone's month has its own. What is taken back is within it, and not of gpt-4o: what
     * is reserved for that would leave a window below zero to the standard price.
     *
     * @param seed the same gives the same
     */
    public void generate(String tenant, long seed, int rows) {
        String random = "cityHash64(" + seed + ", number, '%s')";
        execute("INSERT INTO rollups (window_start, tenant, project, tags, provider, model, requested_model,"
                + " accelerator_type, region, operation, service_tier, outcome, context_band, shard, quantities,"
                + " event_count, digest, version, observations) SELECT"
                + " toDateTime('2023-10-31 00:00:00', 'UTC') + 900 * (" + random.formatted("window")
                + " % (32 * 96)), '"
                + tenant + "', ['', 'search', 'chat'][1 + " + random.formatted("project") + " % 3],"
                + " [map(), map('team', 'red'), map('team', 'blue', 'cost_center', 'cc-7')][1 + "
                + random.formatted("tags") + " % 3],"
                + " ['openai', 'openai', 'anthropic', 'xai'][1 + " + random.formatted("model") + " % 4],"
                + " ['gpt-4o', 'gpt-4o-mini', 'claude', 'grok'][1 + " + random.formatted("model") + " % 4], '',"
                + " ['nvidia-h100', 'maia-100'][1 + " + random.formatted("accelerator") + " % 2], '', 'chat',"
                + " ['standard', 'batch'][1 + " + random.formatted("tier") + " % 2], 'success', 0, "
                + random.formatted("shard") + " % 4,"
                + " mapApply((meter, quantity) -> (meter, if(" + random.formatted("reversal")
                + " % 50 = 0 AND " + random.formatted("window")
                + " % (32 * 96) BETWEEN 3 * 96 AND 29 * 96 AND " + random.formatted("model")
                + " % 4 != 0, -intDiv(toInt64(quantity), 50), toInt64(quantity))), map('input_tokens', "
                + random.formatted("input")
                + " % 90001, 'cache_read_tokens', " + random.formatted("cache") + " % 70001, 'output_tokens', "
                + random.formatted("output") + " % 9001, 'requests', 1 + " + random.formatted("requests") + " % 9)),"
                + " 1, toUInt128(" + random.formatted("digest") + "), 1, [] FROM numbers(" + rows + ")");
    }

    /** Whatever else a test wants to be there. */
    public void execute(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** Rows as they lie there, old versions included. */
    public long rows() {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count() FROM rollups")) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private Connection connect() throws SQLException {
        ConnectionUrl target = ConnectionUrl.clickHouse(url);
        Properties properties = new Properties();
        target.user().ifPresent(user -> properties.setProperty("user", user));
        target.password().ifPresent(password -> properties.setProperty("password", password));
        return DriverManager.getConnection(target.jdbcUrl(), properties);
    }
}
