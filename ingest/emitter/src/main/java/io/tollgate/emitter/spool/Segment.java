package io.tollgate.emitter.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One file of the log, named after the sequence of its first record. Guarded by the spool that holds it. */
final class Segment {

    private static final Pattern NAME = Pattern.compile("([0-9]{19})\\.spool");

    final Path file;
    final long base;
    /** Open while records are appended to this segment. */
    private @Nullable FileChannel channel;

    /** Behind the last whole record, in bytes from the file's start. */
    long end;
    /** Up to where the file is durable, and may be read. */
    long durableEnd;

    long records;
    long durableRecords;

    private Segment(Path file, long base) {
        this.file = file;
        this.base = base;
    }

    /** The first sequence of the segment in this file, if it is one. */
    static Optional<Long> baseOf(Path file) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        return name.matches() ? Optional.of(Long.parseLong(name.group(1))) : Optional.empty();
    }

    /** A new one, to append to. */
    static Segment create(Path directory, long base) throws IOException {
        Segment segment = new Segment(directory.resolve(String.format(Locale.ROOT, "%019d.spool", base)), base);
        FileChannel channel = FileChannel.open(segment.file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        segment.channel = channel;
        try {
            writeAll(channel, Frames.header(), 0);
        } catch (IOException | RuntimeException | Error e) {
            segment.delete();
            throw e;
        }
        segment.end = Frames.HEADER_BYTES;
        segment.durableEnd = segment.end;
        return segment;
    }

    /** One that was found on disk and read to its end; nothing is appended to it any more. */
    static Segment sealed(Path file, long base, long end, long records) {
        Segment segment = new Segment(file, base);
        segment.end = end;
        segment.durableEnd = end;
        segment.records = records;
        segment.durableRecords = records;
        return segment;
    }

    boolean isOpen() {
        return channel != null;
    }

    void append(ByteBuffer frame) throws IOException {
        int bytes = frame.remaining();
        writeAll(open(), frame, end);
        end += bytes;
        records++;
    }

    void durable(long upTo, long recordsUpTo) {
        durableEnd = upTo;
        durableRecords = recordsUpTo;
    }

    /** The channel to force; forcing it needs no guard. */
    FileChannel open() {
        if (channel == null) {
            throw new IllegalStateException(file + " is sealed");
        }
        return channel;
    }

    /** Nothing is appended from now on; what is not durable by now is cut off. */
    void seal() throws IOException {
        FileChannel open = channel;
        if (open == null) {
            return;
        }
        channel = null;
        try (open) {
            end = durableEnd;
            records = durableRecords;
            // A failed append may have left half a frame behind the end.
            if (open.size() > durableEnd) {
                open.truncate(durableEnd);
                open.force(true);
            }
        }
    }

    /** When its file was made, as the file system tells it; empty when it is gone. */
    Optional<FileTime> begun() {
        try {
            return Optional.of(
                    Files.readAttributes(file, BasicFileAttributes.class).creationTime());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** What may be read, from a place on, so many bytes at most. */
    byte[] read(long from, long most) throws IOException {
        try (FileChannel reader = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(Math.min(most, Math.max(0, durableEnd - from))));
            long at = from;
            while (bytes.hasRemaining()) {
                int read = reader.read(bytes, at);
                if (read < 0) {
                    break; // Somebody has cut the file: what is missing will be counted.
                }
                at += read;
            }
            return bytes.hasRemaining() ? Arrays.copyOf(bytes.array(), bytes.position()) : bytes.array();
        }
    }

    void delete() throws IOException {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            open.close();
        }
        Files.deleteIfExists(file);
    }

    private static void writeAll(FileChannel channel, ByteBuffer bytes, long at) throws IOException {
        long place = at;
        while (bytes.hasRemaining()) {
            place += channel.write(bytes, place);
        }
    }
}
