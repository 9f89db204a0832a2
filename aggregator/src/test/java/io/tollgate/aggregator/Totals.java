package io.tollgate.aggregator;

import io.tollgate.events.UsageEvent;
import io.tollgate.schemas.Digest;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Properties;

/** What events add up to: as they were sent, and as they are in ClickHouse. */
record Totals(BigInteger input, BigInteger output, long events, BigInteger digest) {

    static Totals of(Collection<UsageEvent> events) {
        return new Totals(
                sum(events, "input_tokens"),
                sum(events, "output_tokens"),
                events.size(),
                new BigInteger(
                        1,
                        events.stream()
                                .map(Digest::of)
                                .reduce(Digest.ZERO, Digest::plus)
                                .toBytes()));
    }

    static Totals inClickHouse(String url) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:clickhouse:" + url, new Properties());
                ResultSet result = connection.createStatement().executeQuery("""
                                SELECT toString(sum(quantities['input_tokens'])), toString(sum(quantities['output_tokens'])),
                                       sum(event_count), toString(sum(digest))
                                FROM rollups FINAL""")) {
            result.next();
            return new Totals(
                    new BigInteger(result.getString(1)),
                    new BigInteger(result.getString(2)),
                    result.getLong(3),
                    new BigInteger(result.getString(4)));
        }
    }

    private static BigInteger sum(Collection<UsageEvent> events, String meter) {
        return events.stream()
                .map(event -> BigInteger.valueOf(event.getQuantities().getOrDefault(meter, 0L)))
                .reduce(BigInteger.ZERO, BigInteger::add);
    }
}
