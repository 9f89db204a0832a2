package io.tollgate.parts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * ClickHouse in a child JVM: the engine as a native library, which serves the real HTTP protocol. The library is
 * fetched once per user, some 178 MB.
 */
public final class EmbeddedClickHouse {

    private EmbeddedClickHouse() {}

    /**
     * Fetches the library if need be, starts the engine and waits until it answers and its database {@code tollgate} is
     * there.
     *
     * @param directory where its data are, and will be the next time
     * @param wantedPort of 127.0.0.1, for HTTP; another one is taken when it is not free; 0 takes any
     * @param log appended to
     * @param progress hears of the fetch, if there is one
     * @throws PartUnavailableException when it cannot be fetched or does not start
     */
    public static Part start(Path directory, int wantedPort, Path log, FetchProgress progress) {
        Path library = ClickHouseLibrary.ofThisUser().fetched(progress);
        return EmbeddedPart.start(new Server(library), directory, wantedPort, log);
    }

    /** The engine's library, when it was fetched and is whole; empty when it is still to be fetched, or cannot be. */
    public static Optional<Path> fetchedLibrary() {
        boolean pinned = ClickHouseBuild.isPinnedFor(System.getProperty("os.name"), System.getProperty("os.arch"));
        return pinned ? ClickHouseLibrary.ofThisUser().ifWhole() : Optional.empty();
    }

    /** Where fetched engines are kept for all of a user's processes. */
    public static Path cacheDirectory() {
        return UserCache.directory();
    }

    record Server(Path library) implements Engine {

        @Override
        public String name() {
            return "clickhouse";
        }

        @Override
        public Duration patience() {
            return Duration.ofSeconds(60);
        }

        @Override
        public Launched launch(DirectoryClaim claim, int port, EngineLog log) throws IOException {
            // The library would not say a word if this were impossible.
            Path data = Files.createDirectories(claim.directory().resolve("data"));
            Child child = JavaChild.start(
                    ClickHouseMain.class,
                    List.of("-Xmx64m", "-XX:TieredStopAtLevel=1"),
                    List.of(library.toString(), data.toString(), Integer.toString(port)),
                    claim.directory(),
                    log.file());
            String endpoint = "http://" + Ports.HOST + ":" + port;
            ClickHouseHttp http = new ClickHouseHttp(endpoint);
            return new Launched(child, endpoint, () -> isReady(http, data));
        }

        /** Another server may have taken the port in the meantime, so it is asked where its data are. */
        private static boolean isReady(ClickHouseHttp http, Path data) {
            return http.query("SELECT (SELECT count() FROM system.databases WHERE name = 'tollgate'), path"
                            + " FROM system.disks WHERE name = 'default'")
                    .filter(answer -> answer.strip().equals("1\t" + data + "/"))
                    .isPresent();
        }
    }
}
