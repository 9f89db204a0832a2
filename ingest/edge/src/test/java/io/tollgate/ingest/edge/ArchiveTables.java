package io.tollgate.ingest.edge;

import io.tollgate.aggregator.clickhouse.ClickHouseSchema;
import io.tollgate.connection.ClickHouseUrl;
import io.tollgate.events.EventIdentity;
import io.tollgate.events.UsageEvent;
import io.tollgate.parts.TestParts;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** The archive's tables as the aggregator makes them, filled by hand. */
final class ArchiveTables {

    private final String url = TestParts.freshClickHouseDatabase();
    private int nextOffset;

    ArchiveTables() {
        ClickHouseSchema.migrate(ClickHouseUrl.parse(url));
    }

    String url() {
        return url;
    }

    /** As if the job had counted it, in a partition that is the number of its tenant's letters. */
    void count(UsageEvent event) {
        Optional<EventIdentity> reverses = Optional.ofNullable(event.getReverses());
        run(
                "INSERT INTO events (shard, offset, arrived, window_start, source, id, time, tenant, project, tags,"
                        + " provider, model, requested_model, accelerator_type, region, operation, service_tier, outcome,"
                        + " context_tokens, context_band, quantities, reversed_source, reversed_id, digest)"
                        + " SELECT toUInt16(?), toUInt64(?), now64(3), toStartOfFifteenMinutes(toDateTime(?, 'UTC')), ?, ?,"
                        + " fromUnixTimestamp64Micro(?, 'UTC'), ?, '', JSONExtract(?, 'Map(String, String)'), ?, ?, '', '', '',"
                        + " 'chat', 'standard', 'success', ?, 0, JSONExtract(?, 'Map(String, Int64)'), ?, ?, 0",
                event.getDimensions().getTenant().length(),
                nextOffset++,
                event.getTime().getEpochSecond(),
                event.getSource(),
                event.getId(),
                ChronoUnit.MICROS.between(Instant.EPOCH, event.getTime()),
                event.getDimensions().getTenant(),
                json(event.getDimensions().getTags()),
                event.getDimensions().getProvider(),
                event.getDimensions().getModel(),
                event.getContextTokens(),
                json(event.getQuantities()),
                reverses.map(EventIdentity::getSource).orElse(""),
                reverses.map(EventIdentity::getId).orElse(""));
    }

    /** As if it had been kept out, the offset telling its place in partition 0. */
    void reject(long offset, Instant at, String stage, String reason, String id, byte[] original) {
        run(
                "INSERT INTO rejected_events (rejected_shard, rejected_offset, rejected_at, stage, reason, detail, origin,"
                        + " source, id, original) SELECT 0, toUInt64(?), fromUnixTimestamp64Milli(?, 'UTC'), ?, ?,"
                        + " 'A test says so.', 'somewhere', if(? = '', '', 'edge-it'), ?, unhex(?)",
                offset,
                at.toEpochMilli(),
                stage,
                reason,
                id,
                id,
                HexFormat.of().formatHex(original));
    }

    private static String json(Map<String, ?> map) {
        StringBuilder text = new StringBuilder("{");
        map.forEach((key, value) -> text.append(text.length() > 1 ? "," : "")
                .append('"')
                .append(key)
                .append("\":")
                .append(value instanceof String ? '"' + value.toString() + '"' : value));
        return text.append('}').toString();
    }

    private void run(String sql, Object... parameters) {
        ClickHouseUrl target = ClickHouseUrl.parse(url);
        Properties login = new Properties();
        login.setProperty("user", target.user());
        login.setProperty("password", target.password());
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:clickhouse:" + target.endpoint() + "/" + target.database(), login);
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            statement.execute();
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }
}
