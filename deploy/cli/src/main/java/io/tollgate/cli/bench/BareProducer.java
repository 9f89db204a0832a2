package io.tollgate.cli.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tollgate.emitter.EmitterConfig;
import io.tollgate.events.UsageEvent;
import io.tollgate.schemas.Codec;
import io.tollgate.schemas.Topics;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends the emitter's bytes with the emitter's settings, made beforehand, and only counts what Kafka has not taken. */
final class BareProducer implements AutoCloseable {

    private final List<ProducerRecord<byte[], byte[]>> records;
    private final KafkaProducer<byte[], byte[]> producer;
    private final LongAdder failed = new LongAdder();

    BareProducer(EmitterConfig config, List<UsageEvent> traffic) {
        records = traffic.stream()
                .map(event -> new ProducerRecord<>(
                        Topics.USAGE_EVENTS,
                        event.getDimensions().getTenant().getBytes(UTF_8),
                        Codec.USAGE_EVENT.encode(event)))
                .toList();
        producer = new KafkaProducer<>(config.producerSettings(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Events a second, until Kafka has acknowledged all. */
    double send(long events) {
        long start = System.nanoTime();
        for (long sent = 0; sent < events; sent++) {
            var unused = producer.send(records.get((int) (sent % records.size())), (place, failure) -> {
                if (failure != null) {
                    failed.increment();
                }
            });
        }
        producer.flush();
        double rate = events / ((System.nanoTime() - start) / 1e9);
        if (failed.sum() > 0) {
            throw new IllegalStateException("Kafka did not take " + failed.sum() + " events");
        }
        return rate;
    }

    /** Sends so many, and waits until Kafka has acknowledged them. Many threads may, each for itself. */
    void sendAndWait(int events) {
        CountDownLatch open = new CountDownLatch(events);
        for (int sent = 0; sent < events; sent++) {
            var unused = producer.send(records.get(sent % records.size()), (place, failure) -> {
                if (failure != null) {
                    failed.increment();
                }
                open.countDown();
            });
        }
        try {
            open.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
