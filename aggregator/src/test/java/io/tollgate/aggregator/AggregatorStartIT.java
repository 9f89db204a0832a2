package io.tollgate.aggregator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.codahale.metrics.MetricRegistry;
import io.tollgate.parts.EmbeddedKafka;
import io.tollgate.parts.Part;
import io.tollgate.parts.TestParts;
import io.tollgate.schemas.Topics;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the aggregator makes sure of before it starts, on a Kafka that was never used. */
class AggregatorStartIT {

    @TempDir
    Path directory;

    @Test
    void bothTopicsMustBeThereAndRecordsOfOneCarryTheBrokersTime() throws Exception {
        try (Part kafka = EmbeddedKafka.start(directory.resolve("kafka"), 0, directory.resolve("kafka.log"));
                Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.endpoint()))) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> start(kafka))
                    .withMessageStartingWith("Kafka has no topic usage-events and no topic usage-events-rejected;");

            create(admin, Topics.USAGE_EVENTS);
            assertThatIllegalStateException()
                    .isThrownBy(() -> start(kafka))
                    .withMessageStartingWith("Kafka has no topic usage-events-rejected;");

            create(admin, Topics.REJECTED_EVENTS);
            assertThat(timestampType(admin)).isEqualTo("CreateTime");
            Aggregator aggregator = start(kafka);
            assertThat(timestampType(admin)).isEqualTo("LogAppendTime");
            // Most likely it never ran, nor did its writers.
            aggregator.close();
            aggregator.close();
            assertThat(aggregator.state()).isEqualTo(AggregatorState.STOPPED);
        }
    }

    private Aggregator start(Part kafka) {
        return Aggregator.start(
                AggregatorConfig.of(
                        kafka.endpoint(), TestParts.freshClickHouseDatabase(), directory.resolve("state"), "start"),
                new MetricRegistry());
    }

    private static void create(Admin admin, String topic) throws Exception {
        admin.createTopics(List.of(new NewTopic(topic, Optional.of(1), Optional.empty())))
                .all()
                .get();
    }

    private static String timestampType(Admin admin) throws Exception {
        ConfigResource events = new ConfigResource(ConfigResource.Type.TOPIC, Topics.USAGE_EVENTS);
        Config config = Objects.requireNonNull(
                admin.describeConfigs(List.of(events)).all().get().get(events));
        return config.get(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG).value();
    }
}
