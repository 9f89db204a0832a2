package io.tollgate.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tollgate.parts.TestParts;
import io.tollgate.schemas.Codec;
import io.tollgate.schemas.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code tollgate ingest} by itself. */
class IngestCommandIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Pattern EVENTS = Pattern.compile("events +(http://\\S+)\\R");

    /** What it says last when it starts: with this line all others are there. */
    private static final Pattern LAST_LINE = Pattern.compile("(?m)^ +log +\\S+\\R");

    private static final String NOBODY = "127.0.0.1:1";

    private final String source = "ingest-it-" + UUID.randomUUID();

    @TempDir
    Path directory;

    @Test
    void itTakesEventsWithAndWithoutKafkaAndDeliversAllOfThem() throws Exception {
        Process without = start(
                "without",
                NOBODY,
                "--clickhouse-url",
                "http://u:hush@127.0.0.1:1/usage",
                "--kafka-config",
                Files.writeString(directory.resolve("kafka.properties"), "client.dns.lookup=use_all_dns_ips\n")
                        .toString());
        try {
            assertThat(banner("without", without)).contains("http://u:***@127.0.0.1:1/usage");
            assertThat(send("without", without, "gpt-4o", "first"))
                    .contains("\"accepted\":1", "\"spooled\":1", "\"rejected\":0");
            terminate(without);
        } finally {
            without.destroyForcibly().waitFor();
        }
        assertThat(directory.resolve("data").resolve("spool")).isDirectoryContaining("glob:**.spool");
        Process with = start("with", TestParts.kafka(), "--partitions", "2");
        try {
            assertThat(send("with", with, "gpt-4o", "second")).contains("\"accepted\":1");
            assertThat(send("with", with, "gpt-4-oh", "third")).contains("unknown_model");
            terminate(with);
        } finally {
            with.destroyForcibly().waitFor();
        }
        assertThat(delivered()).contains("first", "second").doesNotContain("third");
    }

    private Process start(String name, String kafka, String... more) throws IOException {
        Path models = Files.writeString(directory.resolve("models.txt"), "# ours\nopenai/gpt-4o\n");
        ProcessBuilder builder = TollgateProcess.command(
                "ingest",
                "--kafka",
                kafka,
                "--listen",
                "127.0.0.1:0",
                "--admin-port",
                "0",
                "--kafka-patience",
                "4s",
                "--models",
                models.toString(),
                "--data",
                directory.resolve("data").toString());
        builder.command().addAll(List.of(more));
        return builder.redirectErrorStream(true)
                .redirectOutput(directory.resolve(name + ".out").toFile())
                .start();
    }

    private static void terminate(Process process) throws InterruptedException {
        process.destroy();
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    private String send(String name, Process process, String model, String id) throws Exception {
        String banner = banner(name, process);
        String address = EVENTS.matcher(banner)
                .results()
                .map((MatchResult result) -> result.group(1))
                .findFirst()
                .orElseThrow(() -> new AssertionError(banner));
        String token = new ObjectMapper()
                .readTree(directory.resolve("data").resolve("tokens.json").toFile())
                .get("platform")
                .asText();
        String event = """
                {"specversion":"1.0","type":"io.tollgate.usage.v1","source":"%s","id":"%s","time":"%s",
                 "data":{"tenant":"acme","provider":"openai","model":"%s","quantities":{"input_tokens":7}}}""".formatted(source, id, Instant.now(), model);
        HttpResponse<String> response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(address))
                                .header("Authorization", "Bearer " + token)
                                .header("Content-Type", "application/cloudevents+json")
                                .POST(HttpRequest.BodyPublishers.ofString(event))
                                .build(),
                        BodyHandlers.ofString());
        return response.body();
    }

    /** All that it says when it starts, or what it said before it ended. */
    private String banner(String name, Process process) {
        Waiting.until(
                "it has said where everything is",
                PATIENCE,
                () -> LAST_LINE.matcher(output(name)).find() || !process.isAlive());
        return output(name);
    }

    private String output(String name) {
        try {
            return Files.readString(directory.resolve(name + ".out"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> delivered() {
        List<String> ids = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", TestParts.kafka()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.USAGE_EVENTS).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream()
                    .anyMatch(partition -> consumer.position(partition) < ends.getOrDefault(partition, 0L))) {
                consumer.poll(Duration.ofMillis(200)).forEach(each -> {
                    var event = Codec.USAGE_EVENT.decode(each.value());
                    if (event.getSource().equals(source)) {
                        ids.add(event.getId());
                    }
                });
            }
        }
        return ids;
    }
}
