package io.tollgate.aggregator.topology;

import io.tollgate.events.UsageEvent;
import io.tollgate.schemas.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The identities that were counted, for as long as a duplicate may still come. Exact: the whole identity is the key, as a
 * false "seen before" would lose revenue.
 */
final class SeenEvents {

    /** What is known of an event's identity. */
    enum Verdict {
        NEW,
        /** Counted before, with the same content. */
        DUPLICATE,
        /** Counted before, with other content. */
        CONFLICT
    }

    private static final int ENTRY_BYTES = Long.BYTES + Digest.BYTES;
    private static final int SWEPT_AT_ONCE = 10_000;

    private final KeyValueStore<Bytes, byte[]> store;
    private final Duration horizon;
    private @Nullable Bytes sweptUpTo;

    /** @param horizon how long after an event's arrival its duplicates are known as such */
    SeenEvents(KeyValueStore<Bytes, byte[]> store, Duration horizon) {
        this.store = store;
        this.horizon = horizon;
    }

    Verdict verdict(UsageEvent event, Digest digest, Instant arrival) {
        byte[] entry = store.get(key(event));
        if (entry == null || isExpired(entry, arrival)) {
            return Verdict.NEW;
        }
        return digestIn(entry).equals(digest) ? Verdict.DUPLICATE : Verdict.CONFLICT;
    }

    /** The digest under which the identity was counted. */
    Digest countedAs(UsageEvent event) {
        return digestIn(store.get(key(event)));
    }

    void add(UsageEvent event, Digest digest, Instant arrival) {
        store.put(
                key(event),
                ByteBuffer.allocate(ENTRY_BYTES)
                        .putLong(arrival.toEpochMilli())
                        .put(digest.toBytes())
                        .array());
    }

    /** Forgets some of what is past the horizon. Called again and again it goes round the store in bounded steps. */
    void sweep(Instant now) {
        List<Bytes> expired = new ArrayList<>();
        Bytes last = null;
        int visited = 0;
        try (KeyValueIterator<Bytes, byte[]> entries = sweptUpTo == null ? store.all() : store.range(sweptUpTo, null)) {
            while (entries.hasNext() && visited < SWEPT_AT_ONCE) {
                KeyValue<Bytes, byte[]> entry = entries.next();
                if (isExpired(entry.value, now)) {
                    expired.add(entry.key);
                }
                last = entry.key;
                visited++;
            }
        }
        sweptUpTo = visited < SWEPT_AT_ONCE ? null : last;
        expired.forEach(store::delete);
    }

    private boolean isExpired(byte[] entry, Instant now) {
        return ByteBuffer.wrap(entry).getLong() < now.minus(horizon).toEpochMilli();
    }

    private static Digest digestIn(byte[] entry) {
        ByteBuffer buffer = ByteBuffer.wrap(entry, Long.BYTES, Digest.BYTES);
        return new Digest(buffer.getLong(), buffer.getLong());
    }

    /** Source and id, the source preceded by its length: no two identities share a key. */
    private static Bytes key(UsageEvent event) {
        byte[] source = event.getSource().getBytes(StandardCharsets.UTF_8);
        byte[] id = event.getId().getBytes(StandardCharsets.UTF_8);
        return Bytes.wrap(ByteBuffer.allocate(Integer.BYTES + source.length + id.length)
                .putInt(source.length)
                .put(source)
                .put(id)
                .array());
    }
}
