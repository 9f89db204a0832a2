package io.tollgate.parts;

import io.tollgate.parts.PartUnavailableException.Reason;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Where engines are kept that were fetched or unpacked once, for all of a user's processes. */
final class UserCache {

    private static final Duration OTHERS_MAY_TAKE = Duration.ofMinutes(15);

    /** Work on the cache that only one process may do at a time. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws IOException;
    }

    private UserCache() {}

    /** {@code $TOLLGATE_CACHE}, else {@code $XDG_CACHE_HOME/tollgate}, else {@code ~/.cache/tollgate}. */
    static Path directory() {
        return directory(System.getenv(), Path.of(System.getProperty("user.home")));
    }

    static Path directory(Map<String, String> environment, Path home) {
        Optional<Path> own = setting(environment, "TOLLGATE_CACHE");
        Optional<Path> shared = setting(environment, "XDG_CACHE_HOME").map(cache -> cache.resolve("tollgate"));
        return own.or(() -> shared)
                .orElse(home.resolve(".cache").resolve("tollgate"))
                .toAbsolutePath();
    }

    private static Optional<Path> setting(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name))
                .filter(value -> !value.isBlank())
                .map(Path::of);
    }

    /** Runs the work while no other process or thread does work under the same lock file. */
    static <T> T alone(Path lockFile, Work<T> work) {
        try {
            Files.createDirectories(lockFile.toAbsolutePath().getParent());
            try (FileChannel channel =
                    FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                if (!Deadline.in(OTHERS_MAY_TAKE).await(() -> tryLock(channel))) {
                    throw new PartUnavailableException(
                            Reason.FETCH_FAILED, "Another process has held " + lockFile + " for too long");
                }
                return work.run();
            }
        } catch (IOException e) {
            throw new PartUnavailableException(
                    Reason.DIRECTORY_UNUSABLE, "The cache " + lockFile.getParent() + " cannot be used: " + e, e);
        }
    }

    private static boolean tryLock(FileChannel channel) {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            // A thread of this JVM has it.
            return false;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
