package io.tollgate.aggregator.dedup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * An {@link IdTable} that changes no more, in a file that the system caches as it sees fit, with a Bloom filter in memory
 * that keeps most questions away from it. The file is scratch: what it holds can be restored from Kafka.
 */
final class IdFile {

    private static final int CHUNK_WORDS = 1 << 16;

    private final Path file;
    private final IdTable table;
    private final BloomFilter filter;

    private IdFile(Path file, IdTable table, BloomFilter filter) {
        this.file = file;
        this.table = table;
        this.filter = filter;
    }

    /** Writes a table to a new file. */
    static IdFile write(Path file, IdTable table) {
        BloomFilter filter = new BloomFilter(table.size());
        table.forEach((high, low, digest) -> filter.add(high, low));
        LongBuffer slots = table.compact();
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.READ)) {
            write(slots, channel);
            LongBuffer mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size())
                    .asLongBuffer();
            return new IdFile(file, new IdTable(mapped, table.size()), filter);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep identities in " + file, e);
        }
    }

    /** As {@link IdTable#find}. */
    long find(long high, long low) {
        return filter.mayContain(high, low) ? table.find(high, low) : IdTable.NONE;
    }

    int size() {
        return table.size();
    }

    /** Deletes the file. What is still mapped goes when this object goes. */
    void delete() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + file, e);
        }
    }

    private static void write(LongBuffer slots, FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocateDirect(CHUNK_WORDS * Long.BYTES);
        LongBuffer rest = slots.duplicate().clear();
        while (rest.hasRemaining()) {
            int words = Math.min(rest.remaining(), CHUNK_WORDS);
            bytes.clear();
            bytes.asLongBuffer().put(rest.slice(rest.position(), words));
            rest.position(rest.position() + words);
            bytes.limit(words * Long.BYTES);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
    }
}
