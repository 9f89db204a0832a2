package io.tollgate.ingest.http;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A body that was read to its end, so that it can be read again: in memory while it is small and there is room, else in a
 * file. The file has no name from its opening on, where the system allows that, so that no crash leaves one behind. For
 * use by one thread.
 */
public final class HeldBody implements AutoCloseable {

    /** What a body has at most that is held in memory: most batches of a thousand events. */
    public static final int IN_MEMORY_MAX = 512 << 10;

    /** Channels copy through memory outside of the heap, as much as is read or written at once. */
    private static final int CHUNK_BYTES = 32 << 10;

    private byte[] bytes = new byte[0];
    private int length;
    private @Nullable FileChannel file;

    private HeldBody() {}

    /** There is no room for the body, and nothing is held of it. */
    public static final class NoRoomException extends IOException {

        private static final long serialVersionUID = 1L;

        NoRoomException() {
            super("there is no room for the body");
        }
    }

    /**
     * Reads a body to its end, of at most 2 GiB.
     *
     * @param place takes room as the body grows: how large it is when unpacked is known to nobody before
     * @param directory for the file
     * @param digest is given all of it
     * @throws NoRoomException when neither memory nor disk has room
     */
    public static HeldBody read(InputStream body, InFlight.Place place, Path directory, Optional<MessageDigest> digest)
            throws IOException {
        HeldBody held = new HeldBody();
        try {
            byte[] chunk = new byte[CHUNK_BYTES];
            for (int read = body.read(chunk); read >= 0; read = body.read(chunk)) {
                held.add(chunk, read, place, directory);
                if (digest.isPresent()) {
                    digest.get().update(chunk, 0, read);
                }
            }
            return held;
        } catch (IOException | RuntimeException e) {
            held.close();
            throw e;
        }
    }

    private void add(byte[] chunk, int read, InFlight.Place place, Path directory) throws IOException {
        FileChannel spilled = file;
        if (spilled == null && fits(read, place)) {
            System.arraycopy(chunk, 0, bytes, length, read);
        } else {
            if (spilled == null) {
                spilled = spill(place, directory);
            }
            if (!place.takeDisk(read)) {
                throw new NoRoomException();
            }
            write(spilled, ByteBuffer.wrap(chunk, 0, read));
        }
        length += read;
    }

    /** Makes room in memory, if there may be so much. */
    private boolean fits(int more, InFlight.Place place) {
        int wanted = length + more;
        if (wanted > IN_MEMORY_MAX) {
            return false;
        }
        if (wanted > bytes.length) {
            int size = Math.min(IN_MEMORY_MAX, Math.max(CHUNK_BYTES, 2 * bytes.length));
            if (!place.takeMemory(size - bytes.length)) {
                return false;
            }
            bytes = Arrays.copyOf(bytes, size);
        }
        return true;
    }

    private FileChannel spill(InFlight.Place place, Path directory) throws IOException {
        if (!place.takeDisk(length)) {
            throw new NoRoomException();
        }
        Files.createDirectories(directory);
        FileChannel opened = FileChannel.open(
                directory.resolve(UUID.randomUUID() + ".body"),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE);
        file = opened;
        for (int at = 0; at < length; at += CHUNK_BYTES) {
            write(opened, ByteBuffer.wrap(bytes, at, Math.min(CHUNK_BYTES, length - at)));
        }
        bytes = new byte[0];
        place.giveMemory();
        return opened;
    }

    private static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** How many bytes it has. */
    public int length() {
        return length;
    }

    /** All of it, from its start; to be read to its end before anything else is asked. Closing it closes nothing. */
    public InputStream open() throws IOException {
        if (file == null) {
            return new ByteArrayInputStream(bytes, 0, length);
        }
        return new FilterInputStream(Channels.newInputStream(file.position(0))) {
            @Override
            public void close() {
                // The file goes with the body.
            }
        };
    }

    /** A part of it, in an array. */
    public ByteBuffer slice(int start, int end) throws IOException {
        if (file == null) {
            return ByteBuffer.wrap(bytes, start, end - start);
        }
        ByteBuffer part = ByteBuffer.allocate(end - start);
        while (part.position() < end - start) {
            part.limit(Math.min(end - start, part.position() + CHUNK_BYTES));
            if (file.read(part, (long) start + part.position()) < 0) {
                throw new EOFException("the body's file was cut");
            }
        }
        return part.flip();
    }

    /** All of it, if it is in memory. */
    public Optional<ByteBuffer> inMemory() {
        return file == null ? Optional.of(ByteBuffer.wrap(bytes, 0, length)) : Optional.empty();
    }

    /** Forgets it. */
    @Override
    public void close() throws IOException {
        bytes = new byte[0];
        if (file != null) {
            file.close();
        }
    }
}
