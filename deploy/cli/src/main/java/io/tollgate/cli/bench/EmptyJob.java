package io.tollgate.cli.bench;

import io.tollgate.schemas.Topics;
import java.nio.file.Path;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;

/** A job that reads each record and does nothing with it, exactly once: what no job in Kafka Streams can be faster than. */
final class EmptyJob {

    static final String APPLICATION_ID = "empty";

    private EmptyJob() {}

    static KafkaStreams of(String kafka, Path stateDirectory, int threads) {
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream(Topics.USAGE_EVENTS, Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()))
                .foreach((key, event) -> {});
        return new KafkaStreams(builder.build(), JobSettings.of(APPLICATION_ID, kafka, stateDirectory, threads));
    }
}
