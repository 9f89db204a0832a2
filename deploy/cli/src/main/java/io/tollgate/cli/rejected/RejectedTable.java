package io.tollgate.cli.rejected;

import io.tollgate.cli.ExitCode;
import io.tollgate.cli.Sentence;
import io.tollgate.cli.UserException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The table {@code rejected_events} of the archive. */
final class RejectedTable implements AutoCloseable {

    /**
     * Of an identity that is there more than once only one row says whether it is counted, so this is no join. The
     * identities are those of the rejections, so that not all that was ever counted is gone through.
     */
    private static final String COLUMNS = """
            SELECT rejected_shard, rejected_offset, toUnixTimestamp64Milli(rejected_at) AS at, stage, reason, detail,
                   origin, source, id, base64Encode(original) AS original,
                   id != '' AND (source, id) IN
                       (SELECT toString(source), id FROM accepted_events
                        WHERE id IN (SELECT id FROM rejected_events WHERE id != '')) AS counted
            FROM rejected_events FINAL
            """;

    private final Connection connection;

    private RejectedTable(Connection connection) {
        this.connection = connection;
    }

    /** @throws UserException when ClickHouse does not answer */
    static RejectedTable open(String clickhouse) {
        try {
            return new RejectedTable(
                    DriverManager.getConnection("jdbc:clickhouse:" + clickhouse + "/tollgate?socket_timeout=30000"));
        } catch (SQLException e) {
            throw away(e);
        }
    }

    /** The newest of them, newest first. */
    List<Rejected> newest(Filter filter, int limit) {
        return query(
                COLUMNS + """
                        WHERE (? = '' OR reason = ?) AND (? = '' OR stage = ?) AND rejected_at >= fromUnixTimestamp64Milli(?)
                          AND (? OR NOT counted)
                        ORDER BY rejected_at DESC, rejected_shard, rejected_offset DESC
                        LIMIT ?
                        """,
                filter.reason(),
                filter.reason(),
                filter.stage(),
                filter.stage(),
                filter.since().toEpochMilli(),
                filter.counted(),
                limit);
    }

    Optional<Rejected> at(Place place) {
        return at(List.of(place)).stream().findFirst();
    }

    /** Those of these that are there, in no order. */
    List<Rejected> at(Collection<Place> places) {
        if (places.isEmpty()) {
            return List.of();
        }
        // Two numbers each, so they can stand in the question.
        return query(COLUMNS
                + places.stream()
                        .map(place -> "(%d, %d)".formatted(place.partition(), place.offset()))
                        .collect(Collectors.joining(", ", "WHERE (rejected_shard, rejected_offset) IN (", ")")));
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw away(e);
        }
    }

    /**
     * Which rejections.
     *
     * @param reason code; empty for all
     * @param stage empty for all
     * @param counted whether also those whose identity is counted by now
     */
    record Filter(String reason, String stage, Instant since, boolean counted) {}

    private List<Rejected> query(String sql, Object... parameters) {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            List<Rejected> found = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(rejected(rows));
                }
            }
            return found;
        } catch (SQLException e) {
            throw away(e);
        }
    }

    private static Rejected rejected(ResultSet row) throws SQLException {
        return new Rejected(
                new Place(row.getInt("rejected_shard"), row.getLong("rejected_offset")),
                Instant.ofEpochMilli(row.getLong("at")),
                row.getString("stage"),
                row.getString("reason"),
                row.getString("detail"),
                row.getString("origin"),
                row.getString("source"),
                row.getString("id"),
                row.getBoolean("counted"),
                Base64.getDecoder().decode(row.getString("original")));
    }

    private static UserException away(SQLException problem) {
        return new UserException(
                ExitCode.UNAVAILABLE,
                "ClickHouse does not answer: " + Sentence.of(problem),
                "the instance's log says if something is in the way");
    }
}
