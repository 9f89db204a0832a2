package io.tollgate.emitter;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.parts.EmbeddedKafka;
import io.tollgate.parts.Part;
import io.tollgate.schemas.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Kafka does not take on one topic holds up no other. */
class TopicsApartIT {

    @TempDir
    Path directory;

    private static void create(String kafka, String topic, Map<String, String> settings) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1).configs(settings)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    @Test
    void aMissingTopicOfTheRejectedHoldsUpNoUsage() throws Exception {
        try (Part kafka = EmbeddedKafka.start(directory.resolve("kafka"), 0, directory.resolve("kafka.log"))) {
            create(kafka.endpoint(), Topics.USAGE_EVENTS, Map.of());
            EmitterConfig config = EmitterConfig.to(kafka.endpoint())
                    .withCloseTimeout(Duration.ofSeconds(1))
                    .withSpool(SpoolConfig.in(directory.resolve("spool")));
            try (Emitter emitter = Emitter.create(config)) {
                assertThat(emitter.offer(Events.rejected(new byte[10])).get(20, TimeUnit.SECONDS))
                        .isEqualTo(new Outcome.Spooled());
                for (int i = 0; i < 1_000; i++) {
                    var unused = emitter.offer(Events.usage("acme", "" + i));
                    if (i % 100 == 0) {
                        unused = emitter.offer(Events.rejected(new byte[10]));
                    }
                }
                emitter.flush();
                assertThat(emitter.counts().acknowledged()).isEqualTo(1_000);
                assertThat(emitter.counts().spooled()).isEqualTo(11);
                assertThat(emitter.spooledSince()).isPresent();
            }
            // They wait for the topic, also over a restart.
            try (Emitter emitter = Emitter.create(config.withCloseTimeout(Duration.ofSeconds(30)))) {
                assertThat(emitter.counts().spool().records()).isEqualTo(11);
                assertThat(emitter.offer(Events.usage("acme", "last"))
                                .get(20, TimeUnit.SECONDS)
                                .kind())
                        .isEqualTo(Outcome.Kind.ACCEPTED);
                UsageTopics.ensure(kafka.endpoint(), 1);
                await(() -> emitter.counts().replayed() == 11);
            }
        }
    }

    @Test
    void whatATopicNeverTakesIsRefusedOrKeptAside() throws Exception {
        EmitterConfig away = EmitterConfig.to("127.0.0.1:1")
                .withMaxBlock(Duration.ofMillis(200))
                .withCloseTimeout(Duration.ZERO)
                .withSpool(SpoolConfig.in(directory.resolve("spool")));
        try (Emitter emitter = Emitter.create(away)) {
            assertThat(emitter.offer(Events.rejected(new byte[10])).get(20, TimeUnit.SECONDS))
                    .isEqualTo(new Outcome.Spooled());
        }
        try (Part kafka = EmbeddedKafka.start(directory.resolve("kafka"), 0, directory.resolve("kafka.log"))) {
            // A record without a key is invalid there.
            create(kafka.endpoint(), Topics.REJECTED_EVENTS, Map.of("cleanup.policy", "compact"));
            try (Emitter emitter = Emitter.create(
                    EmitterConfig.to(kafka.endpoint()).withSpool(SpoolConfig.in(directory.resolve("spool"))))) {
                await(() -> emitter.counts().unsendable() == 1
                        && emitter.counts().spool().records() == 0);
                await(() -> emitter.offer(Events.rejected(new byte[10])).join() instanceof Outcome.Refused refused
                        && refused.reason() == Outcome.Reason.INVALID
                        && !refused.cause().retriable());
            }
        }
    }
}
