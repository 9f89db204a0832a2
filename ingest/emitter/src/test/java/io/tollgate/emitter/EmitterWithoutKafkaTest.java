package io.tollgate.emitter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tollgate.events.UsageEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.AbstractMap;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EmitterWithoutKafkaTest {

    private static EmitterConfig nowhere() {
        return EmitterConfig.to("127.0.0.1:1")
                .withMaxBlock(Duration.ofMillis(200))
                .withDeliveryTimeout(Duration.ofSeconds(1))
                .withCloseTimeout(Duration.ofSeconds(1));
    }

    @Test
    void theCallerIsHeldForMaxBlockAtMostAndToldOfTheFailure() {
        try (Emitter emitter = Emitter.create(nowhere())) {
            long start = System.nanoTime();
            CompletableFuture<Emitted> outcome = emitter.emit(Events.usage("acme", "1"));
            Duration held = Duration.ofNanos(System.nanoTime() - start);
            assertThat(held).isLessThan(Duration.ofSeconds(10));
            assertThatThrownBy(() -> outcome.get(30, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOfSatisfying(
                            EmitException.class,
                            failure -> assertThat(failure.retriable()).isTrue());
            assertThat(emitter.counts()).isEqualTo(EmitterCounts.withoutSpool(0, 0, 1, 0));
            assertThat(emitter.acknowledgedOffsets()).isEmpty();
        }
    }

    @Test
    void anEventWithoutItsFieldsFailsForGoodAndThrowsNothing() {
        try (Emitter emitter = Emitter.create(nowhere())) {
            CompletableFuture<Emitted> outcome = emitter.emit(new UsageEvent());
            assertThatThrownBy(outcome::get)
                    .cause()
                    .isInstanceOfSatisfying(
                            EmitException.class,
                            failure -> assertThat(failure.retriable()).isFalse());
            assertThat(emitter.counts().failed()).isEqualTo(1);
        }
    }

    @Test
    void anEventThatCannotBeEncodedFailsForGoodAndThrowsNothing() {
        UsageEvent beyond = Events.usage("acme", "1");
        beyond.setTime(Instant.MAX);
        UsageEvent changing = Events.usage("acme", "2");
        changing.setQuantities(new AbstractMap<>() {
            @Override
            public Set<Entry<String, Long>> entrySet() {
                throw new ConcurrentModificationException();
            }
        });
        try (Emitter emitter = Emitter.create(nowhere())) {
            for (UsageEvent each : List.of(beyond, changing)) {
                assertThat(emitter.offer(each).join()).isInstanceOfSatisfying(Outcome.Refused.class, refused -> {
                    assertThat(refused.reason()).isEqualTo(Outcome.Reason.INVALID);
                    assertThat(refused.cause().retriable()).isFalse();
                });
            }
            assertThat(emitter.counts()).isEqualTo(EmitterCounts.withoutSpool(0, 0, 2, 0));
        }
    }

    @Test
    void anInterruptedCloseClosesAndStaysInterrupted() {
        Emitter emitter = Emitter.create(nowhere());
        Thread.currentThread().interrupt();
        emitter.close();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(emitter.emit(Events.usage("acme", "1"))).isCompletedExceptionally();
    }

    @Test
    void aClosedEmitterRefusesAndCounts() {
        Emitter emitter = Emitter.create(nowhere());
        emitter.close();
        emitter.close();
        assertThat(emitter.emit(Events.usage("acme", "1"))).isCompletedExceptionally();
        assertThat(emitter.counts()).isEqualTo(EmitterCounts.withoutSpool(0, 0, 1, 0));
    }

    @Test
    void thePromisesCannotBeConfiguredAway() {
        EmitterConfig config = EmitterConfig.to("127.0.0.1:9092");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config.withKafka(Map.of("acks", "0")))
                .withMessageContaining("acks");
        Map<String, Object> settings =
                KafkaSender.settings(config.withKafka(Map.of("security.protocol", "SSL", "linger.ms", "5")));
        assertThat(settings)
                .containsEntry("acks", "all")
                .containsEntry("enable.idempotence", true)
                .containsEntry("compression.type", "lz4")
                .containsEntry("linger.ms", "5")
                .containsEntry("security.protocol", "SSL");
    }
}
