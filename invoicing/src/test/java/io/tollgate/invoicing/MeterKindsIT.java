package io.tollgate.invoicing;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import com.fasterxml.jackson.databind.JsonNode;
import io.tollgate.aggregator.Aggregator;
import io.tollgate.aggregator.AggregatorConfig;
import io.tollgate.aggregator.Progress;
import io.tollgate.aggregator.topology.TopologyConfig;
import io.tollgate.events.Dimensions;
import io.tollgate.events.EventIdentity;
import io.tollgate.events.UsageEvent;
import io.tollgate.meters.Aggregation;
import io.tollgate.meters.MeterCatalogue;
import io.tollgate.meters.MeterDefinition;
import io.tollgate.parts.TestParts;
import io.tollgate.schemas.Codec;
import io.tollgate.schemas.Topics;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From events to an invoice, on real engines, with a meter of each aggregation. */
class MeterKindsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final MeterCatalogue CATALOGUE = MeterCatalogue.usual()
            .plus(List.of(
                    MeterDefinition.of("calls", "call", Aggregation.COUNT, ""),
                    MeterDefinition.of("peak", "request", Aggregation.MAX, ""),
                    MeterDefinition.of("least", "request", Aggregation.MIN, ""),
                    MeterDefinition.of("seats", "seat", Aggregation.LATEST, ""),
                    MeterDefinition.of("users", "user", Aggregation.UNIQUE_COUNT, "")));

    private static final String BOOK = """
            {"name":"list","currency":"USD","effectiveFrom":"2020-01-01T00:00:00Z","cards":[{"match":{},"prices":{
              "calls":{"amount":"0.01","per":1},
              "peak":{"amount":"1.00","per":1},
              "least":{"amount":"10.00","per":1},
              "seats":{"amount":"2.00","per":1},
              "users":{"amount":"0.50","per":1},
              "stored_bytes":{"amount":"0.0001","per":1000000000}}}]}
            """;

    @TempDir
    Path directory;

    @Test
    void eachKindOfMeterIsBilled() throws Exception {
        String clickhouse = TestParts.freshClickHouseDatabase();
        createTopics();
        send(0, event("1", "2023-11-10T10:00:00Z", "red", Map.of("peak", 7L, "users", 42L, "seats", 10L, "calls", 5L)));
        // Another shard.
        send(1, event("2", "2023-11-10T11:00:00Z", "blue", Map.of("peak", 9L, "users", 43L, "seats", 12L)));
        send(0, event("3", "2023-11-20T08:00:00Z", "red", Map.of("peak", 9L, "users", 42L, "seats", 11L, "calls", 1L)));
        send(1, event("4", "2023-11-20T08:00:00Z", "red", Map.of("least", 3L)));
        // Taken back before it comes.
        send(0, reversal("5", "2023-11-21T08:00:00Z", Map.of("peak", -30L, "seats", -99L, "users", -7L, "calls", -1L)));
        send(0, event("6", "2023-11-21T08:00:00Z", "red", Map.of("peak", 30L, "seats", 99L, "users", 7L, "calls", 1L)));
        // 600 s of one, and 1,200 s of two; and 2,400 s of two in December, where there is no event at all.
        send(0, event("8", "2023-11-30T23:40:00Z", "red", Map.of("stored_bytes", 2_000_000_000L)));
        send(0, event("7", "2023-11-30T23:30:00Z", "red", Map.of("stored_bytes", 1_000_000_000L)));

        AggregatorConfig config = AggregatorConfig.of(TestParts.kafka(), clickhouse, directory, "kinds")
                .withTopology(TopologyConfig.USUAL.withMeters(CATALOGUE));
        try (Aggregator running = Aggregator.start(config, new MetricRegistry(), PATIENCE);
                Progress progress = new Progress(TestParts.kafka())) {
            assertThat(progress.awaitEverythingSentSoFar(PATIENCE)).isTrue();
            assertThat(running.failure()).isNotDone();
        }

        try (RunningService invoicing = new RunningService(clickhouse)) {
            assertThat(invoicing.finance.post("/v1/price-books", BOOK).statusCode())
                    .isEqualTo(201);
            JsonNode november = invoicing.finance.json("/v1/invoices/acme.2023-11.1");
            assertThat(quantities(november))
                    .isEqualTo(Map.of(
                            "calls", "2",
                            "peak", "9",
                            "least", "3",
                            "seats", "11",
                            "users", "2",
                            "stored_bytes", "3000000000000"));
            assertThat(november.get("exactSum").asText()).isEqualTo("62.32");
            JsonNode december = invoicing.finance.json("/v1/invoices/acme.2023-12.1");
            assertThat(quantities(december)).isEqualTo(Map.of("stored_bytes", "4800000000000"));
            assertThat(invoicing.finance.json("/v1/invoices?tenant=acme").toString())
                    .contains("acme.2023-11.1", "acme.2023-12.1");
            assertThatPartsAddUp(invoicing.finance, new BigDecimal("62.32"));
        }
    }

    private static void assertThatPartsAddUp(Finance finance, BigDecimal whole) {
        JsonNode byDay = finance.json(
                "/v1/spend?from=2023-11-01&to=2023-12-01&tenant=acme&granularity=day&groupBy=project,meter");
        BigDecimal sum = BigDecimal.ZERO;
        for (JsonNode row : byDay.get("rows")) {
            sum = sum.add(new BigDecimal(row.get("effectiveCost").asText()));
        }
        assertThat(sum).isEqualByComparingTo(whole);
        BigDecimal ofTenDays = BigDecimal.ZERO;
        for (String range : List.of(
                "from=2023-11-01&to=2023-11-11", "from=2023-11-11&to=2023-11-21", "from=2023-11-21&to=2023-12-01")) {
            ofTenDays = ofTenDays.add(new BigDecimal(finance.json("/v1/spend?tenant=acme&" + range)
                    .at("/total/effectiveCost")
                    .asText()));
        }
        assertThat(ofTenDays).isEqualByComparingTo(whole);
    }

    private static Map<String, String> quantities(JsonNode invoice) {
        Map<String, String> quantities = new TreeMap<>();
        invoice.get("lines")
                .forEach(line -> quantities.put(
                        line.get("meter").asText(), line.get("quantity").asText()));
        return quantities;
    }

    private static UsageEvent event(String id, String time, String project, Map<String, Long> quantities) {
        return UsageEvent.newBuilder()
                .setSource("kinds")
                .setId(id)
                .setTime(Instant.parse(time))
                .setDimensions(Dimensions.newBuilder()
                        .setTenant("acme")
                        .setProject(project)
                        .setProvider("openai")
                        .setModel("gpt-4o")
                        .build())
                .setContextTokens(0)
                .setQuantities(quantities)
                .build();
    }

    private static UsageEvent reversal(String id, String time, Map<String, Long> quantities) {
        UsageEvent reversal = event(id, time, "red", quantities);
        reversal.setReverses(new EventIdentity("kinds", "6"));
        return reversal;
    }

    private static void createTopics() throws Exception {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, TestParts.kafka()))) {
            admin.createTopics(List.of(
                            new NewTopic(Topics.USAGE_EVENTS, Optional.of(2), Optional.empty()),
                            new NewTopic(Topics.REJECTED_EVENTS, Optional.of(1), Optional.empty())))
                    .all()
                    .get();
        }
    }

    private static void send(int partition, UsageEvent event) {
        Map<String, Object> config = Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, TestParts.kafka());
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            var unused = producer.send(new ProducerRecord<>(
                    Topics.USAGE_EVENTS, partition, new byte[] {1}, Codec.USAGE_EVENT.encode(event)));
        }
    }
}
