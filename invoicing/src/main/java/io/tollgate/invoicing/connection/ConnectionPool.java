package io.tollgate.invoicing.connection;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;

/** Opens pools of connections. */
public final class ConnectionPool {

    private static final int CONNECTIONS_MAX = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private ConnectionPool() {}

    /**
     * Opens a pool; connections are made when they are first needed, so that a service can start before its databases.
     *
     * @param name for logs and threads
     */
    public static HikariDataSource open(String name, ConnectionUrl url) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setJdbcUrl(url.jdbcUrl());
        url.user().ifPresent(config::setUsername);
        url.password().ifPresent(config::setPassword);
        config.setMaximumPoolSize(CONNECTIONS_MAX);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(PATIENCE.toMillis());
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
    }
}
