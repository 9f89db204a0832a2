package io.tollgate.aggregator.dedup;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * An {@link IdTable} that changes no more, in a file that the system caches as it sees fit, with a Bloom filter in memory
 * that keeps most questions away from it. The file holds the table's slots and then the filter's words, so how many
 * identities it has tells how long it is.
 */
final class IdFile {

    /** A file is mapped whole, and a mapping has two gigabytes at most. */
    static final int MAX_IDS = 60_000_000;

    private static final int CHUNK_WORDS = 1 << 16;

    private final Path file;
    private final IdTable table;
    private final BloomFilter filter;
    private boolean forced;

    private IdFile(Path file, IdTable table, BloomFilter filter, boolean forced) {
        this.file = file;
        this.table = table;
        this.filter = filter;
        this.forced = forced;
    }

    /** Writes a table to a new file. */
    static IdFile write(Path file, IdTable table) {
        return write(file, List.of(table), () -> false).orElseThrow();
    }

    /**
     * Joins files in a new one; of an identity that is in several, the last one's digest stays.
     *
     * @param files of {@link #MAX_IDS} at most in all
     * @param cancelled asked now and then; when it is true the result is empty and there is no new file
     */
    static Optional<IdFile> merge(Path file, List<IdFile> files, BooleanSupplier cancelled) {
        return write(file, files.stream().map(each -> each.table).toList(), cancelled);
    }

    /**
     * Tables are in the order of the identities' hashes but for small displacements, so this reads and writes from front
     * to back, once for each table.
     */
    private static Optional<IdFile> write(Path file, List<IdTable> tables, BooleanSupplier cancelled) {
        int ids = tables.stream().mapToInt(IdTable::size).sum();
        long tableBytes = (long) IdTable.compactWords(ids) * Long.BYTES;
        BloomFilter filter = new BloomFilter(ids);
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.READ)) {
            // Written before it is mapped: a disk that is full then says so, instead of breaking a mapping in use.
            writeZeros(IdTable.compactWords(ids), channel);
            LongBuffer slots =
                    channel.map(FileChannel.MapMode.READ_WRITE, 0, tableBytes).asLongBuffer();
            for (IdTable each : tables) {
                if (!each.copyTo(slots, filter, cancelled)) {
                    Files.delete(file);
                    return Optional.empty();
                }
            }
            channel.position(tableBytes);
            write(filter.words(), channel);
            return Optional.of(new IdFile(file, new IdTable(ids, slots, ids), filter, false));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep identities in " + file, e);
        }
    }

    /** Opens a file that is {@link #isWhole}. */
    static IdFile open(Path file, int ids) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.position((long) IdTable.compactWords(ids) * Long.BYTES);
            long[] words = new long[BloomFilter.wordCount(ids)];
            read(channel, LongBuffer.wrap(words));
            return new IdFile(file, mapped(channel, ids), new BloomFilter(words), true);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read identities from " + file, e);
        }
    }

    /** Takes the table of such a file back into memory, where it can grow. The file is gone then. */
    static IdTable take(Path file, int ids, int mostIds) {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.DELETE_ON_CLOSE)) {
            LongBuffer slots = LongBuffer.allocate(IdTable.compactWords(ids));
            read(channel, slots);
            return new IdTable(mostIds, slots.clear(), ids);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read identities from " + file, e);
        }
    }

    /** Whether there is such a file, as long as one of so many identities is. */
    static boolean isWhole(Path file, int ids) {
        try {
            return ids > 0 && Files.isRegularFile(file) && Files.size(file) == bytes(ids);
        } catch (IOException e) {
            return false;
        }
    }

    /** As {@link IdTable#find}. */
    long find(long high, long low) {
        return filter.mayContain(high, low) ? table.find(high, low) : IdTable.NONE;
    }

    int size() {
        return table.size();
    }

    String name() {
        return file.getFileName().toString();
    }

    /** What it takes on disk. */
    long fileBytes() {
        return bytes(table.size());
    }

    /** What it takes in memory. */
    long filterBytes() {
        return filter.bytes();
    }

    /** Has the disk hold what was written, so that it outlives a loss of power. */
    void force() {
        if (forced) {
            return;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
            forced = true;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep identities in " + file, e);
        }
    }

    /** Deletes the file. What is still mapped goes when this object goes. */
    void delete() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + file, e);
        }
    }

    private static long bytes(int ids) {
        return ((long) IdTable.compactWords(ids) + BloomFilter.wordCount(ids)) * Long.BYTES;
    }

    private static IdTable mapped(FileChannel channel, int ids) throws IOException {
        long bytes = (long) IdTable.compactWords(ids) * Long.BYTES;
        return new IdTable(
                ids, channel.map(FileChannel.MapMode.READ_ONLY, 0, bytes).asLongBuffer(), ids);
    }

    private static void write(LongBuffer words, FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocateDirect(CHUNK_WORDS * Long.BYTES);
        LongBuffer rest = words.duplicate().clear();
        while (rest.hasRemaining()) {
            int count = Math.min(rest.remaining(), CHUNK_WORDS);
            bytes.clear();
            bytes.asLongBuffer().put(rest.slice(rest.position(), count));
            rest.position(rest.position() + count);
            bytes.limit(count * Long.BYTES);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
    }

    private static void writeZeros(int words, FileChannel channel) throws IOException {
        LongBuffer zeros = LongBuffer.allocate(CHUNK_WORDS);
        for (int rest = words; rest > 0; rest -= CHUNK_WORDS) {
            write(rest < CHUNK_WORDS ? zeros.slice(0, rest) : zeros, channel);
        }
    }

    private static void read(FileChannel channel, LongBuffer into) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocateDirect(CHUNK_WORDS * Long.BYTES);
        while (into.hasRemaining()) {
            bytes.clear().limit(Math.min(into.remaining(), CHUNK_WORDS) * Long.BYTES);
            while (bytes.hasRemaining()) {
                if (channel.read(bytes) < 0) {
                    throw new EOFException();
                }
            }
            into.put(bytes.flip().asLongBuffer());
        }
    }
}
