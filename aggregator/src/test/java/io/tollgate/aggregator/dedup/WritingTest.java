package io.tollgate.aggregator.dedup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table is asked where it is: filling, being written, or in its file. */
final class WritingTest {

    private static final Duration HORIZON = Duration.ofDays(35);
    private static final int IDS_IN_MEMORY = 500;

    private record Id(long high, long low) {}

    @TempDir
    Path directory;

    private final Map<Id, Long> oracle = new HashMap<>();
    private final Random random = new Random(1);
    private final Deque<Runnable> waiting = new ArrayDeque<>();

    @Test
    void whatIsBeingWrittenIsKnown() throws IOException {
        SeenIds seen = seen();
        add(seen, IDS_IN_MEMORY + 100);
        assertThat(files()).isZero();
        assertThat(seen.extent().idsInMemory()).isEqualTo(IDS_IN_MEMORY + 100);
        assertAllAreKnown(seen);

        waiting.removeFirst().run();
        add(seen, 1);
        assertThat(files()).isOne();
        assertThat(seen.extent().idsInFiles()).isEqualTo(IDS_IN_MEMORY);
        assertAllAreKnown(seen);
    }

    @Test
    void whoeverNeedsTheNextTableWritesTheLastOneItself() {
        SeenIds seen = seen();
        add(seen, 10 * IDS_IN_MEMORY + 1);
        assertThat(waiting).hasSize(10);
        assertThat(seen.extent().idsInFiles()).isEqualTo(9 * IDS_IN_MEMORY);
        assertAllAreKnown(seen);
        assertThat(seen.size()).isEqualTo(oracle.size());

        // Those that come late find nothing to do.
        waiting.forEach(Runnable::run);
        add(seen, 1);
        assertThat(seen.extent().idsInFiles()).isEqualTo(10 * IDS_IN_MEMORY);
        assertAllAreKnown(seen);
    }

    @Test
    void whatIsBeingWrittenIsSaved() {
        SeenIds seen = seen();
        add(seen, IDS_IN_MEMORY + 100);
        seen.save(42);
        SeenIds again = SeenIds.load(
                directory, IDS_IN_MEMORY, HORIZON, SeenSnapshot.read(directory).orElseThrow());
        assertThat(again.size()).isEqualTo(oracle.size());
        assertAllAreKnown(again);
        again.clear();
    }

    @Test
    void whatIsBeingWrittenIsForgotten() throws IOException {
        SeenIds seen = seen();
        add(seen, IDS_IN_MEMORY + 100);
        seen.forget(HORIZON.plusMillis(1).toMillis());
        assertThat(seen.size()).isZero();
        assertThat(files()).isZero();

        add(seen, IDS_IN_MEMORY + 100);
        seen.clear();
        assertThat(seen.size()).isZero();
        assertThat(files()).isZero();
    }

    @Test
    void aFileThatCannotBeWrittenIsToldAtTheNextOneAndNothingIsUnknownUntilAllIsForgotten() throws IOException {
        SeenIds seen = seen();
        add(seen, IDS_IN_MEMORY + 100);
        FileUtils.deleteDirectory(directory.toFile());
        waiting.removeFirst().run();
        assertAllAreKnown(seen);
        for (int time = 0; time < 2; time++) {
            assertThatThrownBy(() -> add(seen, 1))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("cannot keep identities");
            assertAllAreKnown(seen);
        }
        seen.clear();
        assertThat(seen.size()).isZero();
    }

    @Test
    void aSetThatCouldNotBeWrittenIsNotSavedWithoutWhatItLacks() throws IOException {
        SeenIds seen = seen();
        add(seen, IDS_IN_MEMORY + 100);
        FileUtils.deleteDirectory(directory.toFile());
        waiting.removeFirst().run();
        assertThatThrownBy(() -> add(seen, 1)).isInstanceOf(UncheckedIOException.class);
        Files.createDirectories(directory);
        assertThatThrownBy(() -> seen.save(42)).isInstanceOf(UncheckedIOException.class);
        assertThat(SeenSnapshot.read(directory)).isEmpty();
        assertThat(files()).isZero();
        assertThat(seen.size()).isZero();
    }

    @Test
    void anErrorInTheWritingThreadDoesNotKeepTheSetFromBeingForgotten() {
        Writing writing = Writing.of(new IdTable(10), 0, () -> {
            throw new OutOfMemoryError("as if");
        });
        writing.file().run();
        assertThatThrownBy(writing::segment).hasCauseInstanceOf(OutOfMemoryError.class);
        writing.abandon();
    }

    @Test
    void whatIsAbandonedBeforeItBeginsIsNeverWritten() {
        AtomicBoolean written = new AtomicBoolean();
        Writing writing = Writing.of(new IdTable(10), 0, () -> {
            written.set(true);
            throw new IllegalStateException("nobody asked for it");
        });
        writing.abandon();
        writing.file().run();
        assertThat(written).isFalse();
    }

    private SeenIds seen() {
        return new SeenIds(directory, IDS_IN_MEMORY, HORIZON, Runnable::run, waiting::add);
    }

    private void add(SeenIds seen, int count) {
        for (int i = 0; i < count; i++) {
            Id id = new Id(random.nextLong(), random.nextLong());
            long digest = random.nextLong() | 1;
            seen.add(id.high, id.low, digest, 0);
            oracle.put(id, digest);
        }
    }

    private void assertAllAreKnown(SeenIds seen) {
        oracle.forEach((id, digest) -> assertThat(seen.find(id.high, id.low)).isEqualTo(digest));
        for (int i = 0; i < 1_000; i++) {
            assertThat(seen.find(random.nextLong(), random.nextLong())).isEqualTo(SeenIds.NONE);
        }
    }

    private long files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".ids")).count();
        }
    }
}
