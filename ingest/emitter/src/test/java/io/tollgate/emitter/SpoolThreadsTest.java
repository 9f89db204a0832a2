package io.tollgate.emitter;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.emitter.spool.Spool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the emitter's own threads do for others, whatever those do to them. */
class SpoolThreadsTest {

    @TempDir
    Path directory;

    private Emitter emitter() {
        return Emitter.create(EmitterConfig.to("127.0.0.1:1")
                .withMaxBlock(Duration.ofMillis(200))
                .withCloseTimeout(Duration.ofMillis(100))
                .withSpool(SpoolConfig.in(directory)));
    }

    @Test
    void whoeverThrowsWhenToldBreaksNothing() throws Exception {
        try (Emitter emitter = emitter()) {
            emitter.offer(Events.usage("acme", "1"), outcome -> {
                throw new IllegalStateException("on purpose");
            });
            emitter.offer(Events.usage("acme", "2"), outcome -> {
                throw new AssertionError("on purpose");
            });
            assertThat(emitter.offer(Events.usage("acme", "3")).get(20, TimeUnit.SECONDS))
                    .isEqualTo(new Outcome.Spooled());
            emitter.flush();
            assertThat(emitter.counts().spooled()).isEqualTo(3);
            assertThat(emitter.counts().inFlight()).isZero();
        }
    }

    @Test
    void flushingWaitsUntilAllAreTold() throws Exception {
        try (Emitter emitter = emitter()) {
            Thread flushing = new Thread(emitter::flush);
            CompletableFuture<Thread.State> whileTelling = new CompletableFuture<>();
            AtomicReference<Outcome> told = new AtomicReference<>();
            emitter.offer(Events.usage("acme", "1"), outcome -> {
                flushing.start();
                Thread.State state = flushing.getState();
                while (state != Thread.State.WAITING && state != Thread.State.TERMINATED) {
                    Thread.onSpinWait();
                    state = flushing.getState();
                }
                told.set(outcome);
                whileTelling.complete(state);
            });
            assertThat(whileTelling.get(20, TimeUnit.SECONDS)).isEqualTo(Thread.State.WAITING);
            flushing.join();
            assertThat(told.get()).isEqualTo(new Outcome.Spooled());
        }
    }

    @Test
    void anInterruptedCloseLeavesTheSpoolToOthersAndStaysInterrupted() throws Exception {
        Emitter emitter = emitter();
        assertThat(emitter.offer(Events.usage("acme", "1")).get(20, TimeUnit.SECONDS))
                .isEqualTo(new Outcome.Spooled());
        Thread.currentThread().interrupt();
        emitter.close();
        assertThat(Thread.interrupted()).isTrue();
        try (Emitter next = emitter()) {
            assertThat(next.counts().spool().records()).isOne();
        }
    }

    @Test
    void theReplayOutlivesWhatItDidNotExpect() throws Exception {
        try (Spool spool = Spool.open(directory, 1 << 20, 1 << 16)) {
            // Of a version that nobody knows yet, so it goes to the others that cannot be sent.
            assertThat(spool.append(new byte[] {77})).isPresent();
            spool.sync();
        }
        Spool inTheWay = Spool.open(directory.resolve("unsendable"), 1 << 20, 1 << 16);
        try (Emitter emitter = emitter()) {
            awaitReplay(Thread.State.TIMED_WAITING);
            inTheWay.close();
            long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (emitter.counts().spool().records() > 0 && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }
            assertThat(emitter.counts().unsendable()).isOne();
            assertThat(emitter.counts().spool().records()).isZero();
        }
    }

    /** Until it has failed, and pauses or has ended. */
    private static void awaitReplay(Thread.State pausing) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (System.nanoTime() < deadline) {
            Thread.State state = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().equals("tollgate-spool-replay-usage-events"))
                    .map(Thread::getState)
                    .findFirst()
                    .orElse(Thread.State.TERMINATED);
            if (state == pausing || state == Thread.State.TERMINATED) {
                return;
            }
        }
    }
}
