package io.tollgate.invoicing.postgres;

import com.zaxxer.hikari.HikariDataSource;
import io.tollgate.invoicing.connection.ConnectionPool;
import io.tollgate.invoicing.connection.ConnectionUrl;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Jdbi;

/** Invoicing's schema in PostgreSQL. */
public final class Database implements AutoCloseable {

    private static final String SCHEMA = "invoicing";

    private final HikariDataSource pool;
    private final Jdbi jdbi;

    private Database(HikariDataSource pool) {
        this.pool = pool;
        this.jdbi = Jdbi.create(pool);
    }

    /**
     * Connects, and brings the schema up to date.
     *
     * @throws org.flywaydb.core.api.FlywayException if the database is not reachable or cannot be migrated
     */
    public static Database open(ConnectionUrl url) {
        HikariDataSource pool = ConnectionPool.open("invoicing-postgres", url);
        try {
            pool.setSchema(SCHEMA);
            Flyway.configure()
                    .dataSource(
                            url.jdbcUrl(), url.user().orElse(""), url.password().orElse(""))
                    .schemas(SCHEMA)
                    .locations("classpath:io/tollgate/invoicing/postgres")
                    .load()
                    .migrate();
            return new Database(pool);
        } catch (RuntimeException e) {
            pool.close();
            throw e;
        }
    }

    /** Whether a query is answered. */
    public boolean answers() {
        return jdbi.withHandle(handle ->
                        handle.createQuery("SELECT 1").mapTo(Integer.class).one())
                == 1;
    }

    Jdbi jdbi() {
        return jdbi;
    }

    @Override
    public void close() {
        pool.close();
    }
}
