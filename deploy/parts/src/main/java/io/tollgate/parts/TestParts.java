package io.tollgate.parts;

import io.tollgate.parts.PartUnavailableException.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engines for integration tests: each is started when it is first asked for, once per JVM, and ends with the JVM;
 * its data are deleted then. Embedded or in containers, as the system property {@code tollgate.parts} says:
 * {@code embedded}, {@code containers} (Testcontainers must be on the class path: profile {@code containers}), or
 * {@code auto}: embedded where a build is pinned for this system, else containers. Safe for use by many threads.
 *
 * <p>Every method throws {@link PartUnavailableException} when the engine cannot be had.
 */
public final class TestParts {

    /** How the engines are run. */
    enum Mode {
        EMBEDDED,
        CONTAINERS,
        AUTO
    }

    private static final Logger LOG = LoggerFactory.getLogger(TestParts.class);

    private static final Once KAFKA =
            new Once(true, directory -> EmbeddedKafka.start(directory, 0, log(directory)), () -> ContainerPart.kafka());
    private static final Once CLICKHOUSE = new Once(
            ClickHouseBuild.isPinnedFor(System.getProperty("os.name"), System.getProperty("os.arch")),
            directory -> EmbeddedClickHouse.start(directory, 0, log(directory), new Tenths()),
            () -> ContainerPart.clickhouse());
    private static final Once POSTGRES = new Once(
            PostgresBinaries.isPinnedFor(System.getProperty("os.name"), System.getProperty("os.arch")),
            directory -> EmbeddedPostgres.start(directory, 0, log(directory)),
            () -> ContainerPart.postgres());

    private static int databases;

    private TestParts() {}

    /** Bootstrap servers, as {@code 127.0.0.1:9092}. */
    public static String kafka() {
        return KAFKA.part().endpoint();
    }

    /** {@code http://[user:password@]host:port}; its database {@code tollgate} is there. */
    public static String clickhouse() {
        return CLICKHOUSE.part().endpoint();
    }

    /** {@code postgresql://user[:password]@host:port/tollgate}. */
    public static String postgres() {
        return POSTGRES.part().endpoint();
    }

    /** The URL of a new and empty database: {@code postgresql://user[:password]@host:port/database}. */
    public static String freshPostgresDatabase() {
        String url = postgres();
        String database = nextDatabase();
        try (Connection connection = connect(url)) {
            Sql.run(connection, "CREATE DATABASE " + database);
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot create database " + database + " at " + url, e);
        }
        return url.substring(0, url.lastIndexOf('/') + 1) + database;
    }

    /** The URL of a new and empty database: {@code http://[user:password@]host:port/database}. */
    public static String freshClickHouseDatabase() {
        String url = clickhouse();
        String database = nextDatabase();
        if (new ClickHouseHttp(url)
                .query("CREATE DATABASE " + database + " ENGINE = Atomic")
                .isEmpty()) {
            throw new IllegalStateException("Cannot create database " + database + " at " + url);
        }
        return url + "/" + database;
    }

    private static synchronized String nextDatabase() {
        databases++;
        return "test_" + databases;
    }

    /** @param url as {@link #postgres()} gives it */
    static Connection connect(String url) throws SQLException {
        String[] halves = url.substring("postgresql://".length()).split("@", 2);
        String[] credentials = (halves[0] + ":").split(":", -1);
        return DriverManager.getConnection("jdbc:postgresql://" + halves[1], credentials[0], credentials[1]);
    }

    private static Path log(Path directory) {
        return directory.resolve("engine.log");
    }

    static Mode mode(String property) {
        try {
            return Mode.valueOf(property.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "tollgate.parts is '" + property + "', not embedded, containers or auto", e);
        }
    }

    /** One engine of this JVM. */
    private static final class Once {
        private final boolean embeddable;
        private final Function<Path, Part> embedded;
        private final Supplier<Part> container;
        private final List<Part> running = new ArrayList<>(1);

        Once(boolean embeddable, Function<Path, Part> embedded, Supplier<Part> container) {
            this.embeddable = embeddable;
            this.embedded = embedded;
            this.container = container;
        }

        synchronized Part part() {
            if (running.isEmpty()) {
                running.add(start());
            }
            return running.get(0);
        }

        private Part start() {
            Mode mode = mode(System.getProperty("tollgate.parts", "auto"));
            return mode == Mode.CONTAINERS || (mode == Mode.AUTO && !embeddable) ? contained() : embedded();
        }

        private Part embedded() {
            try {
                Path directory = Files.createTempDirectory("tollgate-part-");
                Part part = embedded.apply(directory);
                Runtime.getRuntime().addShutdownHook(new Thread(() -> discard(part, directory)));
                return part;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private Part contained() {
            try {
                Part part = container.get();
                Runtime.getRuntime().addShutdownHook(new Thread(part::close));
                return part;
            } catch (NoClassDefFoundError e) {
                throw new PartUnavailableException(
                        Reason.CONTAINERS_UNAVAILABLE,
                        "Testcontainers is not on the class path. Maven adds it with -Dtollgate.parts=containers.",
                        e);
            }
        }

        private static void discard(Part part, Path directory) {
            // By force: what it would write to stop cleanly is deleted at once.
            part.processes().forEach(ProcessHandle::destroyForcibly);
            part.close();
            try {
                Scratch.delete(directory);
            } catch (IOException e) {
                LOG.warn("{} could not be deleted: {}", directory, e.toString());
            }
        }
    }

    /** Says how far a fetch is, ten times. */
    private static final class Tenths implements FetchProgress {
        private long shown = -1;

        @Override
        public void fetched(String what, long bytes, long totalBytes) {
            long tenths = bytes * 10 / totalBytes;
            if (tenths != shown) {
                shown = tenths;
                LOG.info("Fetching {} (once): {} of {} MB", what, bytes / 1_000_000, totalBytes / 1_000_000);
            }
        }
    }
}
