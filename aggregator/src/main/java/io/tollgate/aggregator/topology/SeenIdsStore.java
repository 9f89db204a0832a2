package io.tollgate.aggregator.topology;

import io.tollgate.aggregator.dedup.SeenIds;
import io.tollgate.aggregator.dedup.SeenLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.jspecify.annotations.Nullable;

/**
 * Keeps {@link SeenIds} as a store of Streams: what is put is a chunk of identities that are in the set already, and only
 * goes into the changelog; what is restored from the changelog goes into the set.
 */
final class SeenIdsStore extends MemoryStore {

    private final int idsInMemory;
    private final Duration horizon;
    private @Nullable SeenIds seen;

    SeenIdsStore(String name, int idsInMemory, Duration horizon) {
        super(name);
        this.idsInMemory = idsInMemory;
        this.horizon = horizon;
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {
        if (seen != null) {
            // The object outlives a failed transaction, but what it holds may be of that.
            seen.clear();
        }
        seen = new SeenIds(emptied(context.stateDir().toPath().resolve(name())), idsInMemory, horizon);
        super.init(context, root);
    }

    /** The identities. */
    SeenIds seen() {
        return Objects.requireNonNull(seen, "init() comes first");
    }

    @Override
    public void put(Bytes key, byte @Nullable [] chunk) {
        // It is in the set already.
    }

    @Override
    void restore(byte[] chunk) {
        SeenLog.restore(chunk, seen());
    }

    @Override
    public long approximateNumEntries() {
        return seen == null ? 0 : seen.size();
    }

    @Override
    public void close() {
        if (seen != null) {
            seen.clear();
            seen = null;
        }
        super.close();
    }

    /** A directory without the files of a former run: what they held is restored from the changelog. */
    private static Path emptied(Path directory) {
        try {
            Files.createDirectories(directory);
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
                for (Path file : files) {
                    Files.delete(file);
                }
            }
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep identities in " + directory, e);
        }
    }
}
