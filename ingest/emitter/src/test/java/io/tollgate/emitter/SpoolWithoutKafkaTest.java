package io.tollgate.emitter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tollgate.emitter.spool.Spool;
import io.tollgate.emitter.spool.SpoolRecord;
import io.tollgate.events.UsageEvent;
import io.tollgate.schemas.Codec;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolWithoutKafkaTest {

    @TempDir
    Path directory;

    @TempDir
    Path elsewhere;

    private static EmitterConfig nowhere(SpoolConfig spool) {
        return EmitterConfig.to("127.0.0.1:1")
                .withMaxBlock(Duration.ofMillis(200))
                .withDeliveryTimeout(Duration.ofMinutes(2))
                .withCloseTimeout(Duration.ofMillis(100))
                .withSpool(spool);
    }

    private static Outcome outcome(CompletableFuture<Outcome> stage)
            throws ExecutionException, InterruptedException, TimeoutException {
        return stage.get(20, TimeUnit.SECONDS);
    }

    /** Read from a copy, because reading a spool empties it. */
    private List<String> idsOnDisk() throws IOException {
        Path copy = Files.createTempDirectory(elsewhere, "copy");
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.spool")) {
            for (Path each : files) {
                Files.copy(each, copy.resolve(each.getFileName()));
            }
        }
        List<String> ids = new ArrayList<>();
        try (Spool spool = Spool.open(copy, 1 << 30, 1 << 24)) {
            while (spool.state().records() > 0) {
                for (SpoolRecord each : spool.peek(1000, 1 << 20)) {
                    Message message = Message.of(each.body()).orElseThrow();
                    ids.add(Codec.USAGE_EVENT.decode(message.value()).getId());
                }
                spool.release();
            }
        }
        return ids;
    }

    private static List<String> ids(int from, int to) {
        return IntStream.range(from, to).mapToObj(Integer::toString).toList();
    }

    @Test
    void eventsAreSpooledInOrderAndStayAfterClosing() throws Exception {
        for (int start = 0; start < 200; start += 100) {
            try (Emitter emitter = Emitter.create(nowhere(SpoolConfig.in(directory)))) {
                List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
                for (int i = start; i < start + 100; i++) {
                    outcomes.add(emitter.offer(Events.usage("acme", "" + i)));
                }
                emitter.flush();
                assertThat(outcomes).allSatisfy(each -> assertThat(each).isCompletedWithValue(new Outcome.Spooled()));
                EmitterCounts counts = emitter.counts();
                assertThat(counts.spooled()).isEqualTo(100);
                assertThat(counts.inFlight()).isZero();
                assertThat(counts.spool().records()).isEqualTo(start + 100);
                assertThat(counts.spool().bytes()).isPositive();
            }
            assertThat(idsOnDisk()).isEqualTo(ids(0, start + 100));
        }
    }

    @Test
    void theCallerIsHeldForMaxBlockAtMost() throws Exception {
        try (Emitter emitter = Emitter.create(nowhere(SpoolConfig.in(directory)))) {
            long start = System.nanoTime();
            CompletableFuture<Outcome> outcome = emitter.offer(Events.usage("acme", "1"));
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
            assertThat(outcome(outcome).kind()).isEqualTo(Outcome.Kind.SPOOLED);
        }
    }

    @Test
    void aFullSpoolRefusesAndSaysSo() throws Exception {
        int spooled;
        SpoolConfig small = SpoolConfig.in(directory).withSegmentBytes(4096).withMaxBytes(8192);
        try (Emitter emitter = Emitter.create(nowhere(small))) {
            List<Outcome> outcomes = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                outcomes.add(outcome(emitter.offer(Events.usage("acme", "" + i))));
            }
            spooled = (int) emitter.counts().spooled();
            assertThat(spooled).isBetween(20, 99);
            assertThat(outcomes.subList(0, spooled)).containsOnly(new Outcome.Spooled());
            assertThat(outcomes.subList(spooled, 100))
                    .allSatisfy(each -> assertThat(each).isInstanceOfSatisfying(Outcome.Refused.class, refused -> {
                        assertThat(refused.reason()).isEqualTo(Outcome.Reason.SPOOL_FULL);
                        assertThat(refused.cause().retriable()).isTrue();
                    }));
            assertThat(emitter.counts().failed()).isEqualTo(100 - spooled);
            assertThat(emitter.counts().spool().bytes()).isLessThanOrEqualTo(8192);
        }
        assertThat(idsOnDisk()).isEqualTo(ids(0, spooled));
    }

    @Test
    void invalidEventsAreRefusedForGood() throws Exception {
        try (Emitter emitter = Emitter.create(nowhere(SpoolConfig.in(directory)))) {
            List<CompletableFuture<Outcome>> outcomes = List.of(
                    emitter.offer(new UsageEvent()),
                    emitter.offer(Events.rejected(new byte[Emitter.MAX_REQUEST_BYTES])));
            for (CompletableFuture<Outcome> each : outcomes) {
                assertThat(outcome(each)).isInstanceOfSatisfying(Outcome.Refused.class, refused -> {
                    assertThat(refused.reason()).isEqualTo(Outcome.Reason.INVALID);
                    assertThat(refused.cause().retriable()).isFalse();
                });
            }
        }
    }

    @Test
    void aClosedEmitterRefuses() throws Exception {
        Emitter emitter = Emitter.create(nowhere(SpoolConfig.in(directory)));
        emitter.close();
        emitter.close();
        assertThat(outcome(emitter.offer(Events.usage("acme", "1"))))
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Outcome.Reason.CLOSED));
        emitter.flush();
    }

    @Test
    void whoNeedsAPlaceIsToldThatASpooledEventHasNone() throws Exception {
        try (Emitter emitter = Emitter.create(nowhere(SpoolConfig.in(directory)))) {
            CompletableFuture<Emitted> place = emitter.emit(Events.usage("acme", "1"));
            assertThatThrownBy(() -> place.get(20, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOf(EmitException.class)
                    .hasMessageContaining("spool");
            assertThat(emitter.counts().spooled()).isEqualTo(1);
        }
    }

    @Test
    void twoEmittersDoNotShareASpool() throws Exception {
        try (Emitter emitter = Emitter.create(nowhere(SpoolConfig.in(directory)))) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> Emitter.create(nowhere(SpoolConfig.in(directory))))
                    .withMessageContaining("in use");
            assertThat(emitter.counts().failed()).isZero();
        }
    }

    @Test
    void withoutASpoolWhatKafkaDoesNotTakeIsRefused() throws Exception {
        EmitterConfig config = new EmitterConfig(
                "127.0.0.1:1",
                "test",
                Duration.ofMillis(100),
                Duration.ofSeconds(1),
                Duration.ZERO,
                1 << 20,
                Map.of(),
                Optional.empty(),
                SaltedTenants.NONE);
        try (Emitter emitter = Emitter.create(config)) {
            assertThat(outcome(emitter.offer(Events.usage("acme", "1"))))
                    .isInstanceOfSatisfying(
                            Outcome.Refused.class,
                            refused -> assertThat(refused.reason()).isEqualTo(Outcome.Reason.KAFKA_AWAY));
        }
    }
}
