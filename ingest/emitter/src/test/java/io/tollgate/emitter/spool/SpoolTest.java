package io.tollgate.emitter.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {

    private static final byte[] BODY = new byte[100];

    @TempDir
    Path directory;

    private Spool open() throws IOException {
        return Spool.open(directory, 1000, 300);
    }

    @Test
    void onlyDurableRecordsAreHandedOut() throws IOException {
        try (Spool spool = open()) {
            assertThat(spool.append(BODY)).hasValue(0);
            assertThat(spool.peek(10, 1000)).isEmpty();
            spool.sync();
            assertThat(spool.peek(10, 1000)).extracting(SpoolRecord::sequence).containsExactly(0L);
        }
    }

    @Test
    void lookingAtOneRecordTakesLittleMemoryAndALargeOneComesWhole() throws IOException {
        long large = 5 << 20;
        try (Spool spool = Spool.open(directory, 1 << 28, 1 << 26)) {
            for (int i = 0; i < 1000; i++) {
                assertThat(spool.append(new byte[20_000])).isPresent();
            }
            assertThat(spool.append(new byte[(int) large])).isPresent();
            spool.sync();
            long first = allocated(() -> assertThat(spool.peek(1, 4 << 20)).hasSize(1));
            long again = allocated(() -> assertThat(spool.peek(1, 4 << 20)).hasSize(1));
            assertThat(Math.min(first, again)).isLessThan(1 << 20);
            for (int read = 0; read < 1000; spool.release()) {
                List<SpoolRecord> window = spool.peek(400, 4 << 20);
                assertThat(window)
                        .isNotEmpty()
                        .extracting(SpoolRecord::sequence)
                        .startsWith((long) read);
                read += window.size();
            }
            assertThat(spool.peek(400, 4 << 20))
                    .extracting(record -> (long) record.body().length)
                    .containsExactly(large);
        }
        long file = Files.size(Directories.segments(directory).get(0));
        assertThat(allocated(() -> open(1 << 28, 1 << 26).close()))
                .as("reading %d bytes back", file)
                .isLessThan(file * 5 / 2);
    }

    private Spool open(long maxBytes, long segmentBytes) throws IOException {
        return Spool.open(directory, maxBytes, segmentBytes);
    }

    /** What may go wrong with a disk. */
    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }

    private static long allocated(Work work) throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        work.run();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    /** An interrupt closes the channel under the writing thread, so that nothing can be taken back. */
    @Test
    void aSpoolThatCouldNotTakeBackTakesMoreWhenItIsEmpty() throws IOException {
        try (Spool spool = open()) {
            assertThat(spool.append(BODY)).isPresent();
            spool.sync();
            Thread.currentThread().interrupt();
            assertThatIOException().isThrownBy(() -> spool.append(BODY));
            assertThat(Thread.interrupted()).isTrue();
            assertThatIOException().isThrownBy(() -> spool.append(BODY)).withMessageContaining("failed before");
            assertThat(spool.clearIfEmpty()).isFalse();
            assertThat(spool.peek(10, 1000)).hasSize(1);
            spool.release();
            assertThat(spool.clearIfEmpty()).isTrue();
            assertThat(spool.append(BODY)).hasValue(1);
            spool.sync();
            assertThat(spool.peek(10, 1000)).hasSize(1);
        }
    }

    @Test
    void aFullSpoolTakesNothingUntilAFileIsReleased() throws IOException {
        try (Spool spool = open()) {
            int taken = 0;
            while (spool.append(BODY).isPresent()) {
                taken++;
            }
            spool.sync();
            assertThat(taken).isEqualTo(8);
            assertThat(spool.state()).isEqualTo(new SpoolState(8, 4 * 8 + 8 * 120, 0, 0, 0));
            assertThat(spool.peek(1, 1000)).hasSize(1);
            spool.release();
            assertThat(spool.append(BODY)).isEmpty();
            assertThat(spool.peek(1, 1000)).hasSize(1);
            spool.release();
            assertThat(spool.append(BODY)).hasValue(8);
        }
    }

    @Test
    void aRecordLargerThanASegmentGetsOneOfItsOwn() throws IOException {
        try (Spool spool = open()) {
            assertThat(spool.append(BODY)).isPresent();
            assertThat(spool.append(new byte[600])).isPresent();
            spool.sync();
            assertThat(spool.peek(10, 100)).hasSize(1);
            spool.release();
            assertThat(spool.peek(10, 100))
                    .extracting(record -> record.body().length)
                    .containsExactly(600);
        }
    }

    @Test
    void aDirectoryBelongsToOneSpool() throws IOException {
        try (Spool spool = open()) {
            assertThatIllegalStateException().isThrownBy(this::open).withMessageContaining("in use");
            assertThat(spool.state().records()).isZero();
        }
        open().close();
    }

    @Test
    void anEmptiedSpoolLeavesNoFiles() throws IOException {
        try (Spool spool = open()) {
            assertThat(spool.append(BODY)).isPresent();
            assertThat(spool.clearIfEmpty()).isFalse();
            spool.sync();
            assertThat(spool.peek(10, 1000)).hasSize(1);
            assertThat(spool.clearIfEmpty()).isFalse();
            spool.release();
            assertThat(spool.clearIfEmpty()).isTrue();
            assertThat(Directories.segments(directory)).isEmpty();
            assertThat(spool.append(BODY)).hasValue(1);
        }
    }

    @Test
    void whatWasNotSyncedIsNotKeptByClosing() throws IOException {
        try (Spool spool = open()) {
            assertThat(spool.append(BODY)).isPresent();
            spool.sync();
            assertThat(spool.append(BODY)).isPresent();
        }
        try (Spool spool = open()) {
            assertThat(spool.state()).isEqualTo(new SpoolState(1, 128, 0, 0, 0));
        }
    }

    @Test
    void aMissingFileIsCounted() throws IOException {
        try (Spool spool = open()) {
            for (int i = 0; i < 6; i++) {
                assertThat(spool.append(BODY)).isPresent();
            }
            spool.sync();
        }
        Files.delete(Directories.segments(directory).get(1));
        try (Spool spool = open()) {
            assertThat(spool.state().lost()).isEqualTo(2);
            assertThat(spool.state().records()).isEqualTo(4);
        }
    }

    @Test
    void whatIsDamagedAfterOpeningIsCountedWhenItsTurnComes() throws IOException {
        try (Spool spool = open()) {
            for (int i = 0; i < 4; i++) {
                assertThat(spool.append(BODY)).isPresent();
            }
            spool.sync();
            List<Path> files = Directories.segments(directory);
            Directories.flip(files.get(0), 50);
            Directories.flip(files.get(1), 150);
            assertThat(spool.peek(10, 1000)).extracting(SpoolRecord::sequence).containsExactly(1L);
            spool.release();
            assertThat(spool.state().lost()).isEqualTo(1);
            assertThat(spool.peek(10, 1000)).extracting(SpoolRecord::sequence).containsExactly(2L);
            spool.release();
            assertThat(spool.peek(10, 1000)).isEmpty();
            assertThat(spool.state().lost()).isEqualTo(2);
            assertThat(spool.state().records()).isZero();
            assertThat(spool.clearIfEmpty()).isTrue();
        }
    }
}
