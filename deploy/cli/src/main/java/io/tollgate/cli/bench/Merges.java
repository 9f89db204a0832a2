package io.tollgate.cli.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** ClickHouse's work in the background. */
final class Merges {

    private static final Duration LOOK_EVERY = Duration.ofMillis(200);
    /** Between two merges of a row there is a moment with none. */
    private static final int QUIET_LOOKS = 10;

    private Merges() {}

    /** Waits until nothing is being merged any more: what a backlog leaves behind is not part of a steady load. */
    static void awaitEnd(String clickhouse, Duration within) {
        long deadline = System.nanoTime() + within.toNanos();
        try (Connection connection = DriverManager.getConnection("jdbc:clickhouse:" + clickhouse);
                Statement statement = connection.createStatement()) {
            for (int quiet = 0; quiet < QUIET_LOOKS; quiet++) {
                if (running(statement) > 0) {
                    quiet = 0;
                }
                if (System.nanoTime() - deadline > 0) {
                    throw new IllegalStateException("ClickHouse was still merging after " + within);
                }
                LockSupport.parkNanos(LOOK_EVERY.toNanos());
            }
        } catch (SQLException e) {
            throw new IllegalStateException("ClickHouse does not answer", e);
        }
    }

    private static long running(Statement statement) throws SQLException {
        try (ResultSet merges = statement.executeQuery("SELECT count() FROM system.merges")) {
            merges.next();
            return merges.getLong(1);
        }
    }
}
