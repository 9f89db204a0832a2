package io.tollgate.parts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * PostgreSQL as a child process, as safe on disk as a production server. Its superuser {@code postgres} has no
 * password: every local connection is trusted, and there are no other ones.
 */
public final class EmbeddedPostgres {

    private EmbeddedPostgres() {}

    /**
     * Starts it and waits until it answers and its database {@code tollgate} is there.
     *
     * @param directory where its data are, and will be the next time
     * @param wantedPort of 127.0.0.1; another one is taken when it is not free; 0 takes any
     * @param log appended to
     * @throws PartUnavailableException when it does not start
     */
    public static Part start(Path directory, int wantedPort, Path log) {
        return EmbeddedPart.start(new Server(PostgresBinaries.unpacked()), directory, wantedPort, log);
    }

    private record Server(Path home) implements Engine {

        private static final Duration CREATION_MAY_TAKE = Duration.ofMinutes(2);

        @Override
        public String name() {
            return "postgres";
        }

        @Override
        public Duration patience() {
            return Duration.ofSeconds(90);
        }

        /** After a kill -9 of the postmaster its backends need a moment to notice; until then the memory is theirs. */
        @Override
        public List<String> passingTroubles() {
            return List.of("Address already in use", "is still in use", "another server might be running");
        }

        /** The guard and the postmaster; what the latter starts, it starts again. */
        @Override
        public List<ProcessHandle> processes(Child child) {
            Predicate<ProcessHandle> isPostmaster = process -> process.info()
                    .command()
                    .filter(program -> program.endsWith("/postgres"))
                    .isPresent();
            return Stream.concat(
                            Stream.of(child.handle()), child.handle().children().filter(isPostmaster))
                    .toList();
        }

        @Override
        public Launched launch(DirectoryClaim claim, int port, EngineLog log) throws IOException {
            Path data = claim.directory().resolve("data");
            if (Files.notExists(data)) {
                create(claim.directory(), data, log);
            }
            Path pidFile = data.resolve("postmaster.pid");
            endLeftOver(pidFile);
            List<String> command = program("postgres", "-D", data.toString());
            settings(port).forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
            // INT is PostgreSQL's fast shutdown: it ends the sessions and writes a checkpoint.
            Child child = Child.guarded("INT", command, claim.directory(), environment(), log.file());
            String endpoint = "postgresql://postgres@" + Ports.HOST + ":" + port + "/tollgate";
            return new Launched(child, endpoint, () -> isReady(port, pidFile));
        }

        private static Map<String, String> settings(int port) {
            return Map.of(
                    "listen_addresses", Ports.HOST,
                    "port", Integer.toString(port),
                    // Two servers of one user must not meet in /tmp.
                    "unix_socket_directories", "",
                    "fsync", "on",
                    "synchronous_commit", "on",
                    "full_page_writes", "on",
                    "max_connections", "200",
                    "timezone", "UTC",
                    "log_timezone", "UTC");
        }

        private static Map<String, String> environment() {
            return Map.of("LC_ALL", "C", "TZ", "UTC");
        }

        /** Moved into its place when it is whole: a half-made cluster cannot be told from a damaged one. */
        private void create(Path directory, Path data, EngineLog log) throws IOException {
            try (Scratch scratch = Scratch.in(directory)) {
                Path unfinished = scratch.path().resolve("data");
                // The built-in locale sorts by code point: the same on every machine.
                List<String> command = program(
                        "initdb",
                        "--pgdata=" + unfinished,
                        "--username=postgres",
                        "--auth=trust",
                        "--encoding=UTF8",
                        "--locale-provider=builtin",
                        "--builtin-locale=C.UTF-8",
                        "--no-instructions");
                Child child = Child.guarded("TERM", command, directory, environment(), log.file());
                try {
                    if (!Deadline.in(CREATION_MAY_TAKE).await(() -> !child.isAlive()) || child.exitStatus() != 0) {
                        throw EmbeddedPart.failure(this, "could not make its data directory", log);
                    }
                } finally {
                    child.end(Duration.ZERO);
                }
                Files.move(unfinished, data, StandardCopyOption.ATOMIC_MOVE);
            }
        }

        /** PostgreSQL refuses to run as root, for good reasons; in a user namespace of its own, root is nobody. */
        private List<String> program(String name, String... arguments) {
            List<String> command = new ArrayList<>();
            if (System.getProperty("os.name").equals("Linux")
                    && System.getProperty("user.name").equals("root")) {
                command.addAll(List.of("unshare", "-U"));
            }
            command.add(home.resolve("bin").resolve(name).toString());
            command.addAll(List.of(arguments));
            return command;
        }

        /** The claim knows the guard of a former postmaster; if that was killed, the postmaster may still be ending. */
        private static void endLeftOver(Path pidFile) throws IOException {
            if (Files.notExists(pidFile)) {
                return;
            }
            List<String> lines = Files.readAllLines(pidFile);
            if (lines.size() < 3) {
                return;
            }
            long pid = Long.parseLong(lines.get(0).strip());
            Instant start = Instant.ofEpochSecond(Long.parseLong(lines.get(2).strip()));
            var leftOver = DirectoryClaim.running(pid, start);
            leftOver.ifPresent(DirectoryClaim::waitThenEnd);
            if (leftOver.isEmpty() && ProcessHandle.of(pid).isPresent()) {
                // A stranger has got the id, and PostgreSQL would take it for a postmaster.
                Files.deleteIfExists(pidFile);
            }
        }

        /** The postmaster writes its state into its directory: so it is known to be this one that answers. */
        private static boolean isReady(int port, Path pidFile) {
            try {
                List<String> lines = Files.readAllLines(pidFile);
                if (lines.size() < 8 || !lines.get(7).strip().equals("ready")) {
                    return false;
                }
            } catch (IOException e) {
                return false;
            }
            String url = "jdbc:postgresql://" + Ports.HOST + ":" + port + "/postgres?user=postgres";
            try (Connection connection = DriverManager.getConnection(url)) {
                if (Sql.value(connection, "SELECT 1 FROM pg_database WHERE datname = 'tollgate'")
                        .isEmpty()) {
                    Sql.run(connection, "CREATE DATABASE tollgate");
                }
                return true;
            } catch (SQLException e) {
                return false;
            }
        }
    }
}
