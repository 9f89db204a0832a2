package io.tollgate.aggregator.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.RebalanceProtocol;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.junit.jupiter.api.Test;

class TopicWriterTest {

    /** What is pending is forgotten at a rebalance, so the positions must be, too. */
    @Test
    void aRebalanceTakesAllPartitionsAway() {
        var settings = TopicWriter.settings(
                new TopicWriter.Source("rollups", "topic", "group", "rollups.written"),
                "127.0.0.1:9092",
                "instance",
                WriterConfig.USUAL.rollups());

        assertThat(settings).containsEntry(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "CLASSIC");
        assertThat(settings)
                .containsEntry(
                        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                        "org.apache.kafka.clients.consumer.RangeAssignor");
        assertThat(new RangeAssignor().supportedProtocols()).containsExactly(RebalanceProtocol.EAGER);
    }
}
