package io.tollgate.cli.bench;

import io.tollgate.events.UsageEvent;
import io.tollgate.schemas.Codec;
import io.tollgate.schemas.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.TimeWindows;

/**
 * What one writes first: a job in the Streams DSL that takes each event apart into its quantities, groups them by tenant,
 * model, accelerator type and meter, and sums them over 15 minutes. Exactly once, but without dedup, digests, rejected
 * events, and all that. To measure against.
 */
final class NaiveJob {

    static final String APPLICATION_ID = "naive";

    /** The topic between its two halves, less the application id. */
    static final String REPARTITION = "by-meter-repartition";

    /** Partitions are not read in step, and what comes after the grace would be skipped: less work than the others do. */
    private static final Duration GRACE = Duration.ofDays(36);

    private NaiveJob() {}

    static KafkaStreams of(String kafka, Path stateDirectory, int threads) {
        StreamsBuilder builder = new StreamsBuilder();
        Serde<UsageEvent> events = Serdes.serdeFrom(
                (topic, event) -> Codec.USAGE_EVENT.encode(event), (topic, bytes) -> Codec.USAGE_EVENT.decode(bytes));
        builder.stream(
                        Topics.USAGE_EVENTS,
                        Consumed.with(Serdes.ByteArray(), events)
                                // Windows are of when usage happened, not of when it was sent.
                                .withTimestampExtractor((record, before) ->
                                        ((UsageEvent) record.value()).getTime().toEpochMilli()))
                .flatMap((key, event) -> quantities(event))
                .groupByKey(Grouped.with("by-meter", Serdes.String(), Serdes.Long()))
                .windowedBy(TimeWindows.ofSizeAndGrace(Duration.ofMinutes(15), GRACE))
                .aggregate(
                        () -> 0L,
                        (key, amount, total) -> total + amount,
                        Materialized.with(Serdes.String(), Serdes.Long()));
        return new KafkaStreams(builder.build(), JobSettings.of(APPLICATION_ID, kafka, stateDirectory, threads));
    }

    /** How many records it has skipped; a comparison with a job that skips is none. */
    static long skipped(KafkaStreams job) {
        return job.metrics().values().stream()
                .filter(metric -> metric.metricName().name().equals("dropped-records-total"))
                .mapToLong(metric -> ((Number) metric.metricValue()).longValue())
                .sum();
    }

    private static List<KeyValue<String, Long>> quantities(UsageEvent event) {
        String series = event.getDimensions().getTenant()
                + '|'
                + event.getDimensions().getModel()
                + '|'
                + event.getDimensions().getAcceleratorType()
                + '|';
        return event.getQuantities().entrySet().stream()
                .map(quantity -> KeyValue.pair(series + quantity.getKey(), quantity.getValue()))
                .toList();
    }
}
