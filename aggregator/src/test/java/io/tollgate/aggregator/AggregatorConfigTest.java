package io.tollgate.aggregator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class AggregatorConfigTest {

    private static final AggregatorConfig USUAL =
            AggregatorConfig.of("localhost:9092", "http://localhost:8123", Path.of("state"), "one");

    @Test
    void valuesOutOfRangeAreRefusedByName() {
        refused(() -> AggregatorConfig.of(" ", "http://localhost:8123", Path.of("state"), "one"), "no Kafka");
        refused(() -> AggregatorConfig.of("k:1", "http://localhost:8123", Path.of("state"), ""), "instance id ''");
        refused(
                () -> AggregatorConfig.of("k:1", "http://localhost:8123", Path.of("state"), "a b"),
                "instance id 'a b' is not");
        refused(() -> USUAL.withThreads(0), "threads is 0, not 1 to 256");
        refused(() -> USUAL.withStandbyReplicas(-1), "standby replicas is -1, not 0 to 8");
        refused(() -> USUAL.withCommitInterval(Duration.ofMillis(9)), "commit interval is PT0.009S");
        refused(() -> USUAL.withCommitInterval(Duration.ofSeconds(6)), "commit interval is PT6S");
        refused(() -> USUAL.withSessionTimeout(Duration.ofSeconds(5)), "session timeout is PT5S");
        refused(() -> USUAL.topology().withDedupHorizon(Duration.ZERO), "dedup horizon is PT0S");
        refused(() -> USUAL.topology().withIdsInMemory(0), "identities in memory is 0");
        refused(() -> USUAL.topology().withIdsInMemory(60_000_001), "identities in memory is 60000001");
        refused(() -> USUAL.topology().withRollupsInMemory(0), "rollups in memory is 0");
    }

    @Test
    void aStopGivesPartitionsAwayWhenOthersHaveWarmCopies() {
        assertThat(USUAL.leavesOnStop()).isFalse();
        assertThat(USUAL.withStandbyReplicas(1).leavesOnStop()).isTrue();
        assertThat(USUAL.withStandbyReplicas(1).withOnStop(OnStop.STAY).leavesOnStop())
                .isFalse();
        assertThat(USUAL.withOnStop(OnStop.LEAVE).leavesOnStop()).isTrue();
    }

    @Test
    void streamsTakesWhatItIsTold() {
        StreamsConfig streams = new StreamsConfig(StreamsSettings.of(
                USUAL.withThreads(7).withStandbyReplicas(2).withSessionTimeout(Duration.ofSeconds(20))));
        assertThat(streams.getInt(StreamsConfig.NUM_STREAM_THREADS_CONFIG)).isEqualTo(7);
        assertThat(streams.getInt(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG)).isEqualTo(2);
        assertThat(streams.getMainConsumerConfigs("group", "client", 3))
                .containsEntry(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, "one-3")
                .containsEntry(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 20_000)
                .containsEntry(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 5_000);
    }

    private static void refused(ThrowingCallable change, String message) {
        assertThatIllegalArgumentException().isThrownBy(change).withMessageContaining(message);
    }
}
