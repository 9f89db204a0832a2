package io.tollgate.aggregator.topology;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import io.tollgate.aggregator.dedup.SeenIds;
import io.tollgate.aggregator.dedup.SeenLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Streams does to the store, in the order of Kafka 4.3.1, and what must be left of it. */
class SeenIdsStoreTest {

    private static final TopicPartition LOG = new TopicPartition("log", 0);

    @TempDir
    Path directory;

    @Test
    void aCleanCloseKeepsWhatWasCommittedWithItsOffset() {
        SeenIdsStore store = opened();
        assertThat(store.committedOffset(LOG)).isNull();
        add(store, 1, 5_000);
        store.commit(Map.of(LOG, 77L));
        store.close();
        store.close();

        // Streams opens every store once to look at its offset, before anybody uses it.
        SeenIdsStore looked = opened();
        looked.commit(Map.of(LOG, 77L));
        looked.close();

        SeenIdsStore again = opened();
        assertThat(again.committedOffset(LOG)).isEqualTo(77);
        assertThat(again.seen().size()).isEqualTo(4_999);
        assertThat(again.seen().find(4_999, 4_999)).isEqualTo(1);
    }

    @Test
    void whatWasAddedAfterTheLastCommitTakesEverythingWithIt() throws IOException {
        SeenIdsStore store = opened();
        add(store, 1, 3_000);
        store.commit(Map.of(LOG, 77L));
        // Counted in a transaction that fails; whether it was handed out for the log makes no difference.
        store.seen().add(9_999, 9_999, 1, 0);
        store.close();
        assertThat(files()).isEmpty();

        // The same object is revived.
        store.init(context(), store);
        assertThat(store.committedOffset(LOG)).isNull();
        assertThat(store.seen().find(9_999, 9_999)).isEqualTo(SeenIds.NONE);
        assertThat(store.seen().size()).isZero();
    }

    @Test
    void aStoreThatWasKilledHasNoOffset() throws IOException {
        SeenIdsStore store = opened();
        add(store, 1, 3_000);
        store.commit(Map.of(LOG, 77L));
        store.close();
        SeenIdsStore killed = opened();
        assertThat(killed.seen().size()).isEqualTo(2_999);
        // No close.

        SeenIdsStore again = opened();
        assertThat(again.committedOffset(LOG)).isNull();
        assertThat(again.seen().size()).isZero();
        assertThat(files()).isEmpty();
    }

    @Test
    void aCorruptedTaskKeepsNothing() {
        SeenIdsStore store = opened();
        add(store, 1, 3_000);
        store.commit(Map.of(LOG, 77L));
        store.close();
        SeenIdsStore corrupted = opened();
        corrupted.commit(Map.of());
        corrupted.close();

        assertThat(opened().committedOffset(LOG)).isNull();
    }

    @Test
    void aRestoredStoreIsKeptLikeAnyOther() {
        SeenIdsStore store = opened();
        SeenLog log = new SeenLog();
        for (int i = 1; i < 3_000; i++) {
            log.add(i, i, 1, 0);
        }
        log.drain(store::restore);
        store.commit(Map.of(LOG, 3L));
        store.close();
        assertThat(opened().seen().size()).isEqualTo(2_999);
    }

    private SeenIdsStore opened() {
        SeenIdsStore store = new SeenIdsStore("seen", 1_000, Duration.ofDays(35), StateSize.in(new MetricRegistry()));
        store.init(context(), store);
        return store;
    }

    private StateStoreContext context() {
        return new MockProcessorContext<>(new Properties(), new TaskId(0, 0), directory.toFile())
                .getStateStoreContext();
    }

    private static void add(SeenIdsStore store, int from, int to) {
        for (int i = from; i < to; i++) {
            store.seen().add(i, i, 1, 0);
        }
    }

    private Stream<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("seen"))) {
            return files.toList().stream();
        }
    }
}
