package io.tollgate.cli.crash;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends a load in its order, at a pace, beside what else goes on. */
final class Sender implements AutoCloseable {

    private static final Duration SLICE = Duration.ofMillis(50);

    private final KafkaProducer<byte[], byte[]> producer;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(work -> {
        Thread sending = new Thread(work, "crash-sender");
        sending.setDaemon(true);
        return sending;
    });
    private final List<Future<?>> underWay = new ArrayList<>();

    Sender(String kafka) {
        producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** Sends them after all before, spread over that time, and returns at once. */
    void send(List<ProducerRecord<byte[], byte[]>> messages, Duration over) {
        int slices = (int) Math.max(1, over.dividedBy(SLICE));
        underWay.add(thread.submit(() -> {
            for (int slice = 0; slice < slices; slice++) {
                int from = (int) ((long) messages.size() * slice / slices);
                int to = (int) ((long) messages.size() * (slice + 1) / slices);
                sendNow(messages.subList(from, to));
                LockSupport.parkNanos(SLICE.toNanos());
            }
        }));
    }

    private void sendNow(List<ProducerRecord<byte[], byte[]>> messages) {
        List<Future<?>> answers = new ArrayList<>();
        for (ProducerRecord<byte[], byte[]> message : messages) {
            answers.add(producer.send(message));
        }
        answers.forEach(Sender::get);
    }

    /**
     * Waits until everything is sent.
     *
     * @throws IllegalStateException when Kafka did not take something
     */
    void awaitAllSent() {
        underWay.forEach(Sender::get);
        underWay.clear();
    }

    private static void get(Future<?> answer) {
        try {
            answer.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while sending", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("Kafka did not take an event", e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        producer.close(Duration.ofSeconds(2));
    }
}
