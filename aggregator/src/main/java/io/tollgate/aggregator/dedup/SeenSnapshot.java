package io.tollgate.aggregator.dedup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which files make up a {@link SeenIds} that was put away, and up to where in its log they hold everything. It is a file
 * beside them that appears whole or not at all, after they are on disk, and goes before any of them changes. So it is
 * either true or not there.
 *
 * @param offset of the last record of the log that is in the files, or what Streams says when there was none
 * @param files the newest first
 */
public record SeenSnapshot(long offset, List<Entry> files) {

    private static final String FILE = "snapshot";
    /** Changes with the form of this file or of those that it names. */
    private static final String FORM = "tollgate-seen-1";

    /**
     * A file.
     *
     * @param growing whether it was in memory, and goes back there
     */
    record Entry(String file, int ids, long firstArrivalMillis, long lastArrivalMillis, boolean growing) {}

    public SeenSnapshot {
        files = List.copyOf(files);
    }

    /** The snapshot in a directory; empty when there is none, or it cannot be used. */
    public static Optional<SeenSnapshot> read(Path directory) {
        try {
            Path file = directory.resolve(FILE);
            return Files.exists(file)
                    ? parse(Files.readAllLines(file)).filter(snapshot -> snapshot.isWhole(directory))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Removes the snapshot; the files it names may change from now on. */
    public static void delete(Path directory) {
        try {
            if (Files.deleteIfExists(directory.resolve(FILE))) {
                force(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove the snapshot in " + directory, e);
        }
    }

    /** Writes it; the files it names are on disk. */
    void write(Path directory) {
        StringBuilder text = new StringBuilder("%s %d %d%n".formatted(FORM, offset, files.size()));
        files.forEach(entry -> text.append("%s %d %d %d %b%n"
                .formatted(entry.file, entry.ids, entry.firstArrivalMillis, entry.lastArrivalMillis, entry.growing)));
        Path draft = directory.resolve(FILE + ".new");
        try {
            try (FileChannel channel = FileChannel.open(
                    draft, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(draft, directory.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
            force(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the snapshot in " + directory, e);
        }
    }

    private boolean isWhole(Path directory) {
        return files.stream().allMatch(entry -> IdFile.isWhole(directory.resolve(entry.file), entry.ids));
    }

    private static Optional<SeenSnapshot> parse(List<String> lines) {
        try {
            String[] head = lines.get(0).split(" ");
            if (!head[0].equals(FORM) || Integer.parseInt(head[2]) != lines.size() - 1) {
                return Optional.empty();
            }
            List<Entry> files = new ArrayList<>();
            for (String line : lines.subList(1, lines.size())) {
                String[] parts = line.split(" ");
                files.add(new Entry(
                        parts[0],
                        Integer.parseInt(parts[1]),
                        Long.parseLong(parts[2]),
                        Long.parseLong(parts[3]),
                        Boolean.parseBoolean(parts[4])));
            }
            return Optional.of(new SeenSnapshot(Long.parseLong(head[1]), files));
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Has the disk hold what the directory lists. */
    private static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
