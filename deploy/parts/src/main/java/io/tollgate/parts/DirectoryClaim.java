package io.tollgate.parts;

import io.tollgate.parts.PartUnavailableException.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The right to run one engine on one directory. A file lock keeps other supervisors out and ends with this JVM; the
 * process id of the engine is written down, so that the next supervisor finds an engine which outlives the former one
 * for the seconds that its clean stop takes.
 */
final class DirectoryClaim {

    private static final Duration LEFT_OVER_MAY_TAKE = Duration.ofSeconds(15);
    /** A supervisor that was just killed may not be quite gone. */
    private static final Duration LOCK_MAY_TAKE = Duration.ofSeconds(2);
    /** The system tells start times to the second, and may tell the same one a second differently after a clock step. */
    private static final Duration START_TIME_PRECISION = Duration.ofSeconds(2);

    private final Path directory;
    private final FileChannel channel;

    private DirectoryClaim(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /**
     * Makes the directory if need be, takes its lock and waits for a left-over engine to end; ends it by force after 15
     * seconds.
     */
    static DirectoryClaim take(Path directory) {
        DirectoryClaim claim = lock(directory.toAbsolutePath());
        claim.leftOver().ifPresent(DirectoryClaim::waitThenEnd);
        return claim;
    }

    private static DirectoryClaim lock(Path directory) {
        try {
            Files.createDirectories(directory);
            FileChannel channel = FileChannel.open(
                    directory.resolve("supervisor.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (tryLock(channel, Deadline.in(LOCK_MAY_TAKE))) {
                return new DirectoryClaim(directory, channel);
            }
            channel.close();
        } catch (IOException e) {
            throw new PartUnavailableException(
                    Reason.DIRECTORY_UNUSABLE, "The data directory " + directory + " cannot be used: " + e, e);
        }
        throw new PartUnavailableException(
                Reason.DIRECTORY_IN_USE,
                "The data directory " + directory
                        + " is in use: another Tollgate runs on it. Stop that one, or take another directory.");
    }

    private static boolean tryLock(FileChannel channel, Deadline deadline) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            while (lock == null && deadline.waitsAMoment()) {
                lock = channel.tryLock();
            }
            return lock != null;
        } catch (OverlappingFileLockException e) {
            // This very JVM has it, and knows how to close a part.
            return false;
        }
    }

    Path directory() {
        return directory;
    }

    /** Writes down which process runs on this directory. */
    void record(ProcessHandle process) throws IOException {
        long startMillis =
                process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
        Files.writeString(pidFile(), process.pid() + " " + startMillis + "\n");
    }

    /** Lets others use the directory. Does nothing the second time. */
    void release() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path pidFile() {
        return directory.resolve("engine.pid");
    }

    private Optional<ProcessHandle> leftOver() {
        try {
            String[] fields = Files.readString(pidFile()).trim().split(" ");
            return fields.length == 2
                    ? running(Long.parseLong(fields[0]), Instant.ofEpochMilli(Long.parseLong(fields[1])))
                    : Optional.empty();
        } catch (NoSuchFileException | NumberFormatException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The process with this id, unless it started at another time: then the id was given to a stranger. */
    static Optional<ProcessHandle> running(long pid, Instant start) {
        return ProcessHandle.of(pid)
                .filter(DirectoryClaim::isRunning)
                .filter(process -> process.info()
                        .startInstant()
                        .filter(actual -> Duration.between(actual, start).abs().compareTo(START_TIME_PRECISION) <= 0)
                        .isPresent());
    }

    /**
     * Whether the process does anything. One that has ended but that its parent has not waited for counts as alive in
     * Java; after a crash that parent is process 1, which in a container may never wait for anything.
     */
    static boolean isRunning(ProcessHandle process) {
        if (!process.isAlive()) {
            return false;
        }
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            return !stat.substring(stat.lastIndexOf(')') + 1).startsWith(" Z");
        } catch (IOException e) {
            // Not a Linux system, or gone by now.
            return process.isAlive();
        }
    }

    /** Gives a process that should be ending its time, and then ends it and all below it. */
    static void waitThenEnd(ProcessHandle process) {
        if (!Deadline.in(LEFT_OVER_MAY_TAKE).await(() -> !isRunning(process))) {
            Stream.concat(process.descendants(), Stream.of(process)).toList().forEach(ProcessHandle::destroyForcibly);
            Deadline.in(LEFT_OVER_MAY_TAKE).await(() -> !isRunning(process));
        }
    }
}
