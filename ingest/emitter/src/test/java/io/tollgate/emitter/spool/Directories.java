package io.tollgate.emitter.spool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;

/** Directories of spools, and what can happen to them. */
final class Directories {

    private Directories() {}

    /** Work that may find the disk broken. */
    @FunctionalInterface
    interface Work {
        void in(Path directory) throws IOException;
    }

    static void with(Work work) {
        try {
            Path directory = Files.createTempDirectory("tollgate-spool-");
            try {
                work.in(directory);
            } finally {
                delete(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    /** The directory as a crash leaves it: the same files under another name, without the lock. */
    static Path crashed(Path directory, Path copy) throws IOException {
        Files.createDirectories(copy);
        for (Path each : segments(directory)) {
            Files.copy(each, copy.resolve(each.getFileName()));
        }
        return copy;
    }

    static List<Path> segments(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.filter(file -> Segment.baseOf(file).isPresent())
                    .sorted()
                    .toList();
        }
    }

    static void truncate(Path file, long bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(bytes);
        }
    }

    static void flip(Path file, int place) throws IOException {
        byte[] content = Files.readAllBytes(file);
        content[place] ^= 0x55;
        Files.write(file, content);
    }
}
