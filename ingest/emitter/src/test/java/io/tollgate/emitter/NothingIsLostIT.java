package io.tollgate.emitter;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.events.EventIdentity;
import io.tollgate.events.UsageEvent;
import io.tollgate.parts.EmbeddedKafka;
import io.tollgate.parts.Part;
import io.tollgate.schemas.Codec;
import io.tollgate.schemas.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kafka stops in the middle of a load, the source is killed, both come back: what was reported arrives. */
class NothingIsLostIT {

    private static final int EVENTS = 200_000;
    private static final int BEFORE_KAFKA_STOPS = 50_000;
    private static final int SPOOLED_BEFORE_THE_SOURCE_IS_KILLED = 20_000;

    @TempDir
    Path directory;

    @Test
    void whatWasReportedAcceptedOrSpooledArrivesOnce() throws Exception {
        Path outcomes = directory.resolve("outcomes");
        Part kafka = EmbeddedKafka.start(directory.resolve("kafka"), 0, directory.resolve("kafka.log"));
        String endpoint = kafka.endpoint();
        List<Process> sources = new ArrayList<>();
        try {
            UsageTopics.ensure(endpoint, 4);
            Process first = start(endpoint, outcomes);
            sources.add(first);
            await(first, outcomes, text -> count(text, 'A') >= BEFORE_KAFKA_STOPS);
            kafka.processes().forEach(ProcessHandle::destroyForcibly);
            kafka.onExit().get(30, TimeUnit.SECONDS);
            kafka.close();
            await(first, outcomes, text -> count(text, 'S') >= SPOOLED_BEFORE_THE_SOURCE_IS_KILLED);
            first.destroyForcibly().waitFor();
            BitSet reportedThen = EmitterChild.reported(outcomes);

            Process second = start(endpoint, outcomes);
            sources.add(second);
            int port = Integer.parseInt(endpoint.substring(endpoint.indexOf(':') + 1));
            kafka = EmbeddedKafka.start(directory.resolve("kafka"), port, directory.resolve("kafka.log"));
            assertThat(kafka.endpoint()).isEqualTo(endpoint);
            await(second, outcomes, text -> reported(outcomes).cardinality() == EVENTS);
            second.getOutputStream().write("close\n".getBytes(StandardCharsets.US_ASCII));
            second.getOutputStream().flush();
            assertThat(second.waitFor(40, TimeUnit.SECONDS)).isTrue();
            assertThat(second.exitValue()).isZero();

            Map<EventIdentity, UsageEvent> arrived = new HashMap<>();
            int copies = read(endpoint, arrived) - arrived.size();
            String text = Files.readString(outcomes);
            System.out.printf(
                    "%,d events: %,d reported before the kill; in all %,d accepted, %,d spooled, %,d refused at first;"
                            + " %,d arrived, and %,d copies%n",
                    EVENTS,
                    reportedThen.cardinality(),
                    count(text, 'A'),
                    count(text, 'S'),
                    count(text, 'R'),
                    arrived.size(),
                    copies);
            assertThat(arrived).hasSize(EVENTS);
            for (int i = 0; i < EVENTS; i++) {
                UsageEvent event = EmitterChild.event(i);
                assertThat(arrived).containsEntry(new EventIdentity(event.getSource(), event.getId()), event);
            }
            assertThat(leftInTheSpool()).isEmpty();
        } finally {
            sources.forEach(Process::destroyForcibly);
            kafka.close();
        }
    }

    private Process start(String kafka, Path outcomes) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-Xmx256m"));
        String logging = System.getProperty("logback.configurationFile");
        if (logging != null) {
            command.add("-Dlogback.configurationFile=" + logging);
        }
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                EmitterChild.class.getName(),
                kafka,
                directory.resolve("spool").toString(),
                outcomes.toString(),
                String.valueOf(EVENTS)));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("source.log").toFile()))
                .start();
    }

    private void await(Process source, Path outcomes, Predicate<String> condition) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!Files.exists(outcomes) || !condition.test(Files.readString(outcomes))) {
            boolean ended = source.waitFor(20, TimeUnit.MILLISECONDS);
            assertThat(ended || System.nanoTime() > deadline)
                    .as(() -> "the source waits or has ended; its log: " + log())
                    .isFalse();
        }
    }

    private String log() {
        try {
            return Files.readString(directory.resolve("source.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static BitSet reported(Path outcomes) {
        try {
            return EmitterChild.reported(outcomes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long count(String text, char kind) {
        return text.chars().filter(c -> c == kind).count();
    }

    private List<Path> leftInTheSpool() throws IOException {
        try (var files = Files.walk(directory.resolve("spool"))) {
            return files.filter(file -> Files.isRegularFile(file) && !file.endsWith("lock"))
                    .toList();
        }
    }

    /** How many records there are; copies of one event must be equal. */
    private static int read(String kafka, Map<EventIdentity, UsageEvent> arrived) {
        int records = 0;
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.USAGE_EVENTS).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream()
                    .anyMatch(partition -> consumer.position(partition) < ends.getOrDefault(partition, 0L))) {
                for (ConsumerRecord<byte[], byte[]> each : consumer.poll(Duration.ofMillis(200))) {
                    UsageEvent event = Codec.USAGE_EVENT.decode(each.value());
                    UsageEvent other = arrived.putIfAbsent(new EventIdentity(event.getSource(), event.getId()), event);
                    assertThat(other == null || other.equals(event)).isTrue();
                    records++;
                }
            }
        }
        return records;
    }
}
