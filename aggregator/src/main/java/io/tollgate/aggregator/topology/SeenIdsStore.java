package io.tollgate.aggregator.topology;

import io.tollgate.aggregator.dedup.SeenIds;
import io.tollgate.aggregator.dedup.SeenLog;
import io.tollgate.aggregator.dedup.SeenSnapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.jspecify.annotations.Nullable;

/**
 * Keeps {@link SeenIds} as a store of Streams: what is put is a chunk of identities that are in the set already, and only
 * goes into the changelog; what is restored from the changelog goes into the set.
 *
 * <p>It keeps its own offset, in the snapshot that also lists its files, so that the two cannot disagree. The snapshot is
 * written when Streams closes the store, if nothing was added since Streams last told an offset, and is taken away before
 * anything is added. So a store that was killed, or closed in the middle of a transaction, has none, and Streams then
 * wipes the task and restores it whole.
 */
final class SeenIdsStore extends MemoryStore {

    private final int idsInMemory;
    private final Duration horizon;
    private final StateSize size;
    private @Nullable Path directory;
    /** What was found at the start, until somebody needs it: Streams opens and closes each store once to look. */
    private Optional<SeenSnapshot> snapshot = Optional.empty();

    private @Nullable SeenIds seen;
    private @Nullable Long offset;
    private long additionsAtOffset;

    SeenIdsStore(String name, int idsInMemory, Duration horizon, StateSize size) {
        super(name);
        this.idsInMemory = idsInMemory;
        this.horizon = horizon;
        this.size = size;
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {
        if (seen != null) {
            // The object outlives a failed transaction, but what it holds may be of that.
            seen.clear();
            seen = null;
        }
        directory = context.stateDir().toPath().resolve(name());
        snapshot = SeenSnapshot.read(directory);
        offset = snapshot.map(SeenSnapshot::offset).orElse(null);
        if (snapshot.isEmpty()) {
            empty(directory);
        }
        super.init(context, root);
    }

    /** The identities. */
    SeenIds seen() {
        if (seen == null) {
            Path files = Objects.requireNonNull(directory, "init() comes first");
            seen = snapshot.map(found -> SeenIds.load(files, idsInMemory, horizon, found))
                    .orElseGet(() -> new SeenIds(files, idsInMemory, horizon));
            snapshot = Optional.empty();
            additionsAtOffset = 0;
            size.of(this, seen.extent());
        }
        return seen;
    }

    @Override
    public void put(Bytes key, byte @Nullable [] chunk) {
        // It is in the set already.
        size.of(this, seen().extent());
    }

    @Override
    void restore(byte[] chunk) {
        SeenLog.restore(chunk, seen());
        size.of(this, seen().extent());
    }

    @Override
    public boolean persistent() {
        return true;
    }

    @Override
    @SuppressWarnings("deprecation")
    public boolean managesOffsets() {
        return true;
    }

    @Override
    public @Nullable Long committedOffset(TopicPartition partition) {
        return offset;
    }

    @Override
    public void commit(Map<TopicPartition, Long> offsets) {
        // One log, one partition. None at all says that what is here is not to be trusted.
        offset = offsets.values().stream().findAny().orElse(null);
        additionsAtOffset = seen == null ? 0 : seen.additions();
    }

    @Override
    public long approximateNumEntries() {
        return seen == null ? 0 : seen.size();
    }

    @Override
    public void close() {
        SeenIds open = seen;
        seen = null;
        size.forget(this);
        if (open == null) {
            if (directory != null
                    && !Objects.equals(
                            offset, snapshot.map(SeenSnapshot::offset).orElse(null))) {
                SeenSnapshot.delete(directory);
            }
        } else if (offset != null && open.additions() == additionsAtOffset) {
            open.save(offset);
        } else {
            open.clear();
        }
        snapshot = Optional.empty();
        offset = null;
        super.close();
    }

    /** Removes what a former run left: without a snapshot it is restored from the changelog. */
    private static void empty(Path directory) {
        try {
            Files.createDirectories(directory);
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
                for (Path file : files) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep identities in " + directory, e);
        }
    }
}
