package io.tollgate.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.emitter.Emitter;
import io.tollgate.emitter.EmitterConfig;
import io.tollgate.events.EventIdentity;
import io.tollgate.events.RejectedEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events that are sent more than once, by whatever command and way: each counts once, and the commands say so. */
class CopiesIT {

    @TempDir
    static Path directory;

    private static TollgateProcess instance;

    @BeforeAll
    static void up() {
        instance = TollgateProcess.up(directory.resolve("data"), "--salted-tenants", "hot");
    }

    @AfterAll
    static void down() {
        instance.close();
    }

    @Test
    void aRetryByReasonSendsAllOfThem() {
        String event = "{\"specversion\":\"1.0\",\"type\":\"io.tollgate.usage.v1\",\"source\":\"gateway\","
                + "\"id\":\"many-%d\",\"time\":\"2023-11-02T00:00:00Z\",\"data\":{\"tenant\":\"wayne\","
                + "\"provider\":\"anthropic\",\"model\":\"claude-3-5-sonnet\",\"quantities\":{\"input_tokens\":7}}}";
        try (Emitter emitter =
                Emitter.create(EmitterConfig.to(instance.ready().path("kafka").asText()))) {
            for (int i = 0; i < 150; i++) {
                var unused = emitter.reject(RejectedEvent.newBuilder()
                        .setReason("of_many")
                        .setDetail("a test says so")
                        .setStage("edge")
                        .setOrigin("request 2, event " + i)
                        .setRejectedAt(Instant.parse("2026-11-01T00:00:00Z"))
                        .setIdentity(new EventIdentity("gateway", "many-" + i))
                        .setOriginal(ByteBuffer.wrap(event.formatted(i).getBytes(StandardCharsets.UTF_8)))
                        .build());
            }
            emitter.flush();
        }
        Waiting.until(
                "the archive has them",
                Duration.ofMinutes(2),
                () -> instance.clickhouse("SELECT uniqExact(id) FROM rejected_events WHERE reason = 'of_many'")
                        .equals("150"));

        TollgateProcess.Result some = instance.run("rejected", "retry", "--reason", "of_many", "--limit", "100");
        assertThat(some.status()).isEqualTo(65);
        assertThat(some.output()).contains("100 sent again, 100 of them counted now", "There are older ones");
        assertThat(instance.run("rejected", "retry", "--reason", "of_many")
                        .succeeded()
                        .output())
                .contains("50 sent again, 50 of them counted now")
                .doesNotContain("There are older ones");
    }

    @Test
    void copiesOfASaltedTenantsEventsMeetWhicheverWayTheyCome() throws IOException {
        List<String> events = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            events.add(("{\"specversion\":\"1.0\",\"type\":\"io.tollgate.usage.v1\",\"source\":\"s\",\"id\":\"%d\","
                            + "\"time\":\"2023-11-01T00:00:00Z\",\"data\":{\"tenant\":\"hot\",\"provider\":\"openai\","
                            + "\"model\":\"gpt-4o\",\"quantities\":{\"input_tokens\":10}}}")
                    .formatted(i));
        }
        assertThat(instance.post(
                                "ingest",
                                "/v1/events?backfill=true",
                                "platform",
                                "application/cloudevents-batch+json",
                                events.toString())
                        .statusCode())
                .isEqualTo(200);
        Path file = Files.write(directory.resolve("hot.jsonl"), events);

        TollgateProcess.Result replayed = instance.run("replay", file.toString(), "--format", "cloudevents-jsonl")
                .succeeded();

        assertThat(replayed.output()).contains("Of them 40 had been counted before");
        assertThat(totals("hot")).isEqualTo("400\t40");
        assertThat(instance.clickhouse("SELECT uniqExact(shard) > 1 FROM events WHERE tenant = 'hot'"))
                .isEqualTo("1");
    }

    @Test
    void rowsWithoutIdsThatStandInTwoFilesAreToldOf() throws IOException {
        Path mapping = Files.writeString(directory.resolve("no-ids.yaml"), """
                time: {column: at, format: epoch_seconds}
                tenant: {constant: tyrell}
                serviceTier: {column: tier}
                quantities: {input_tokens: {column: n}}
                """);
        Path first = Files.writeString(
                directory.resolve("first.csv"), "at,tier,n\n1700158623,standard,1\n1700158624,standard,2\n");
        Path second = Files.writeString(
                directory.resolve("second.csv"),
                "at,tier,n\n1700158624,standard,2\n1700158625,standard,3\n1700158626,gold,4\n");

        assertThat(table(first, mapping)).contains("names no id columns").doesNotContain("had been counted before");
        assertThat(table(second, mapping))
                .contains("Of them 1 had been counted before", "line 4: unknown_service_tier", "Bad lines: 1");

        assertThat(totals("tyrell")).isEqualTo("6\t3");
    }

    private static String table(Path file, Path mapping) {
        return instance.run(
                        "replay",
                        file.toString(),
                        "--format",
                        "csv",
                        "--mapping",
                        mapping.toString(),
                        "--provider",
                        "openai",
                        "--model",
                        "gpt-4o")
                .succeeded()
                .output();
    }

    private static String totals(String tenant) {
        return instance.clickhouse("SELECT sum(quantities['input_tokens']), sum(event_count) FROM rollups FINAL"
                + " WHERE tenant = '" + tenant + "'");
    }
}
