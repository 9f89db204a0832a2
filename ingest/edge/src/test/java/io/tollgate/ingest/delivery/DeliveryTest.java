package io.tollgate.ingest.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.codahale.metrics.Counter;
import io.tollgate.emitter.Emitter;
import io.tollgate.emitter.EmitterConfig;
import io.tollgate.events.Dimensions;
import io.tollgate.events.UsageEvent;
import io.tollgate.service.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Port 9 of this machine is nobody's. */
class DeliveryTest {

    private static final Duration PATIENCE = Duration.ofMillis(600);
    private static final Duration BOUND = Duration.ofSeconds(10);

    private final Counter accepted = new Counter();
    private final Counter spooled = new Counter();

    private static Emitter emitter() {
        return Emitter.create(EmitterConfig.to("127.0.0.1:9")
                .withMaxBlock(Duration.ofMillis(200))
                .withDeliveryTimeout(Duration.ofMillis(500))
                .withCloseTimeout(Duration.ofMillis(1)));
    }

    private static UsageEvent event() {
        return UsageEvent.newBuilder()
                .setSource("gateway")
                .setId("1")
                .setTime(Instant.EPOCH)
                .setDimensions(Dimensions.newBuilder()
                        .setTenant("acme")
                        .setProvider("openai")
                        .setModel("gpt-4o")
                        .build())
                .setQuantities(Map.of("input_tokens", 7L))
                .build();
    }

    @Test
    void withKafkaAwayItSaysSoInTimeHoweverManyThereAre() {
        try (Emitter emitter = emitter()) {
            Delivery delivery = new Delivery(emitter, PATIENCE, accepted, spooled);
            long start = System.nanoTime();
            assertThatExceptionOfType(ProblemException.class)
                    .isThrownBy(() -> delivery.send(Collections.nCopies(1000, event())))
                    .satisfies(away -> {
                        assertThat(away.problem().code()).isEqualTo("kafka_unavailable");
                        assertThat(away.problem().status()).isEqualTo(503);
                        assertThat(away.headers()).containsEntry("Retry-After", "5");
                    });
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(BOUND);
            assertThat(accepted.getCount()).isZero();
        }
    }

    @Test
    void nothingIsSentAtOnce() {
        try (Emitter emitter = emitter()) {
            new Delivery(emitter, PATIENCE, accepted, spooled).send(List.of());
            assertThat(accepted.getCount()).isZero();
        }
    }

    @Test
    void whatCanNeverBeSentIsNotToBeSentAgain() {
        try (Emitter emitter = emitter()) {
            // Without its fields.
            UsageEvent never = new UsageEvent();
            assertThatExceptionOfType(ProblemException.class)
                    .isThrownBy(() -> new Delivery(emitter, PATIENCE, accepted, spooled).send(List.of(never)))
                    .satisfies(refused -> {
                        assertThat(refused.problem().code()).isEqualTo("kafka_refuses");
                        assertThat(refused.headers()).doesNotContainKey("Retry-After");
                    });
        }
    }
}
