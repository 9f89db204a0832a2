package io.tollgate.ingest.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import com.google.rpc.Status;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.AggregationTemporalitySelector;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.tollgate.emitter.UsageTopics;
import io.tollgate.events.RejectedEvent;
import io.tollgate.events.UsageEvent;
import io.tollgate.ingest.otlp.OtlpEncoding;
import io.tollgate.ingest.otlp.OtlpMapping;
import io.tollgate.parts.TestParts;
import io.tollgate.service.ListenOn;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** OpenTelemetry's own exporters, and requests by hand. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class OtlpIT {

    /** Of the time of {@link EdgeClient#event}. */
    static final String JSON_SPAN = """
            {"resourceSpans":[{"resource":{"attributes":[
              {"key":"service.name","value":{"stringValue":"by-hand"}},
              {"key":"tollgate.tenant","value":{"stringValue":"acme"}}]},
             "scopeSpans":[{"scope":{"name":"x"},"spans":[
              {"traceId":"0AF7651916CD43DD8448EB211C80319C","spanId":"b7ad6b7169203331","name":"chat","kind":3,
               "startTimeUnixNano":1700158622000000000,"endTimeUnixNano":"1700158623979960123","whatever":[{}],
               "attributes":[
                {"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},
                {"key":"gen_ai.provider.name","value":{"stringValue":"openai"}},
                {"key":"gen_ai.request.model","value":{"stringValue":"gpt-4o"}},
                {"key":"gen_ai.usage.input_tokens","value":{"intValue":"4808"}},
                {"key":"gen_ai.usage.output_tokens","value":{"intValue":10}}]}]}]}]}""";

    private static final String TRACES = "/otlp/v1/traces";
    private static final String METRICS = "/otlp/v1/metrics";
    private static final String JSON = "application/json";
    private static final String PROTOBUF = "application/x-protobuf";
    private static final long PATIENCE_SECONDS = 30;

    private IngestService service;
    private EdgeClient client;

    @BeforeAll
    void start() {
        UsageTopics.ensure(TestParts.kafka(), UsageTopics.PARTITIONS);
        service = IngestService.start(IngestConfig.of(TestParts.kafka(), ListenOn.anyPort(), EdgeClient.TOKENS)
                .withOtlp(OtlpMapping.DEFAULT.withMetrics(OtlpMapping.MetricsUse.USAGE)));
        client = new EdgeClient(service);
    }

    @AfterAll
    void stop() {
        service.close();
    }

    private static Resource resource(String tenant) {
        return Resource.create(Attributes.of(
                AttributeKey.stringKey("service.name"), "otlp-it", AttributeKey.stringKey("tollgate.tenant"), tenant));
    }

    private OtlpHttpSpanExporterBuilder exporter() {
        return OtlpHttpSpanExporter.builder()
                .setEndpoint(service.applicationUri() + TRACES)
                .setCompression("gzip")
                .addHeader("authorization", "Bearer the-platform");
    }

    /** Spans as the SDK makes them: one of a chat, its agent's, and one of something else. */
    private static List<SpanData> spans(Resource resource) {
        Kept kept = new Kept();
        try (SdkTracerProvider tracing = SdkTracerProvider.builder()
                .setResource(resource)
                .addSpanProcessor(SimpleSpanProcessor.create(kept))
                .build()) {
            for (String operation : List.of("chat", "invoke_agent")) {
                Span span = tracing.get("otlp-it").spanBuilder(operation).startSpan();
                span.setAttribute("gen_ai.operation.name", operation)
                        .setAttribute("gen_ai.provider.name", "anthropic")
                        .setAttribute("gen_ai.request.model", "claude-3-5-sonnet")
                        .setAttribute("gen_ai.usage.input_tokens", 21_023)
                        .setAttribute("gen_ai.usage.cache_read.input_tokens", 20_443)
                        .setAttribute("gen_ai.usage.cache_creation.input_tokens", 574)
                        .setAttribute("gen_ai.usage.output_tokens", 489)
                        .end();
            }
            tracing.get("otlp-it").spanBuilder("GET /").startSpan().end();
        }
        return kept.spans;
    }

    /** Keeps what it is given. */
    private static final class Kept implements SpanExporter {

        private final List<SpanData> spans = new ArrayList<>();

        @Override
        public CompletableResultCode export(Collection<SpanData> more) {
            spans.addAll(more);
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }

    private static void succeeds(CompletableResultCode code) {
        assertThat(code.join(PATIENCE_SECONDS, TimeUnit.SECONDS).isSuccess()).isTrue();
    }

    @Test
    void theSdksSpansArriveAndSentTwiceTheyAreTheSameEvent() {
        List<SpanData> spans = spans(resource("acme"));
        SpanData chat = spans.get(0);
        try (OtlpHttpSpanExporter exporter = exporter().build()) {
            succeeds(exporter.export(spans));
            succeeds(exporter.export(spans));
        }
        List<UsageEvent> events = spans.stream()
                .flatMap(span -> IngestServiceIT.usage(span.getTraceId()).stream())
                .toList();
        assertThat(events).hasSize(2);
        assertThat(events.get(0)).as("the job drops the second by its identity").isEqualTo(events.get(1));
        UsageEvent event = events.get(0);
        assertThat(event.getId()).isEqualTo(chat.getTraceId() + "-" + chat.getSpanId());
        assertThat(event.getSource()).isEqualTo("otlp:otlp-it");
        assertThat(event.getDimensions().getTenant()).isEqualTo("acme");
        assertThat(event.getQuantities())
                .isEqualTo(Map.of(
                        "input_tokens", 6L,
                        "cache_read_tokens", 20_443L,
                        "cache_write_5m_tokens", 574L,
                        "output_tokens", 489L));
        assertThat(event.getTime().getEpochSecond()).isEqualTo(chat.getEndEpochNanos() / 1_000_000_000);
        assertThat(client.admin("/metrics").body())
                .as("of this test, and perhaps of another")
                .containsPattern("ingest_otlp_passed_over_wrapper_total [2-9]")
                .containsPattern("ingest_otlp_passed_over_no_usage_total [2-9]");
    }

    @Test
    void theSdksDeltaMetricsBecomeUsageWhereTheOperatorWantsThem() {
        Attributes input = Attributes.builder()
                .put("gen_ai.operation.name", "chat")
                .put("gen_ai.provider.name", "openai")
                .put("gen_ai.request.model", "gpt-4o")
                .put("gen_ai.token.type", "input")
                .build();
        try (SdkMeterProvider metering = SdkMeterProvider.builder()
                .setResource(resource("metered"))
                .registerMetricReader(PeriodicMetricReader.builder(OtlpHttpMetricExporter.builder()
                                .setEndpoint(service.applicationUri() + METRICS)
                                .addHeader("authorization", "Bearer the-platform")
                                .setAggregationTemporalitySelector(AggregationTemporalitySelector.deltaPreferred())
                                .build())
                        .build())
                .build()) {
            DoubleHistogram histogram = metering.get("otlp-it")
                    .histogramBuilder("gen_ai.client.token.usage")
                    .build();
            histogram.record(100, input);
            histogram.record(23, input);
            succeeds(metering.forceFlush());
        }
        assertThat(IngestServiceIT.usage("").stream()
                        .filter(event -> event.getDimensions().getTenant().equals("metered")))
                .singleElement()
                .satisfies(event -> assertThat(event.getQuantities()).isEqualTo(Map.of("input_tokens", 123L)));
    }

    @Test
    void aRejectedSpanIsNamedInTheAnswerAndKept() {
        List<SpanData> spans = spans(Resource.getDefault());
        try (OtlpHttpSpanExporter exporter =
                exporter().addHeader("X-Request-Id", "lost-tenant").build()) {
            succeeds(exporter.export(spans));
        }
        List<RejectedEvent> kept = IngestServiceIT.rejected("lost-tenant");
        assertThat(kept).singleElement().satisfies(rejected -> {
            assertThat(rejected.getReason()).isEqualTo("missing_dimension");
            assertThat(StandardCharsets.UTF_8.decode(rejected.getOriginal()).toString())
                    .contains(spans.get(0).getSpanId());
        });
    }

    private HttpResponse<String> post(String path, String type, String body) {
        return client.send(client.to(path, type, body.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void jsonIsAnsweredInJson() {
        String span = JSON_SPAN.replace("0AF7", "1BF7");
        HttpResponse<String> tooOld = post(TRACES, "application/json; charset=utf-8", span);
        assertThat(tooOld.statusCode()).as(tooOld.body()).isEqualTo(200);
        assertThat(tooOld.headers().firstValue("Content-Type")).hasValue(JSON);
        JsonNode answer = client.json(tooOld).get("partialSuccess");
        assertThat(answer.get("rejectedSpans").asText()).isEqualTo("1");
        assertThat(answer.get("errorMessage").asText())
                .startsWith(
                        "1 of 1 with usage were kept out: time_too_old (1). The first,"
                                + " 1bf7651916cd43dd8448eb211c80319c-b7ad6b7169203331: The time is 2023-11-16T18:17:03.979960Z");
        HttpResponse<String> taken =
                client.send(client.to(TRACES, JSON, FormatsIT.gzip(span.getBytes(StandardCharsets.UTF_8)))
                        .header("Content-Encoding", "gzip")
                        .header("Tollgate-Backfill", "true"));
        assertThat(taken.statusCode()).isEqualTo(200);
        assertThat(taken.body()).isEqualTo("{}");
        assertThat(IngestServiceIT.usage("1bf7651916cd43dd8448eb211c80319c"))
                .singleElement()
                .satisfies(
                        event -> assertThat(event.getTime()).isEqualTo(Instant.parse("2023-11-16T18:17:03.979960Z")));
        assertThat(post(TRACES, JSON, "{}").body()).isEqualTo("{}");
        assertThat(post(TRACES, PROTOBUF, "").statusCode())
                .as("an empty request")
                .isEqualTo(200);
    }

    @Test
    void errorsAreAStatusInTheRequestsEncoding() throws IOException, InterruptedException {
        HttpResponse<String> malformed =
                client.send(client.to(TRACES, JSON, "{\"resourceSpans\":3}".getBytes(StandardCharsets.UTF_8))
                        .header("X-Request-Id", "otlp-broken"));
        assertThat(malformed.statusCode()).isEqualTo(400);
        assertThat(malformed.headers().firstValue("Content-Type")).hasValue(JSON);
        assertThat(client.json(malformed).get("message").asText())
                .startsWith("malformed_otlp: The body is no OTLP request: ");
        assertThat(client.json(malformed)
                        .at("/details/0/fieldViolations/0/field")
                        .asText())
                .isEqualTo("body");
        assertThat(IngestServiceIT.rejected("otlp-broken"))
                .singleElement()
                .satisfies(kept -> assertThat(StandardCharsets.UTF_8
                                .decode(kept.getOriginal())
                                .toString())
                        .isEqualTo("{\"resourceSpans\":3}"));

        HttpResponse<byte[]> binary = HttpClient.newHttpClient()
                .send(client.to(TRACES, PROTOBUF, new byte[] {'z'}).build(), HttpResponse.BodyHandlers.ofByteArray());
        assertThat(binary.statusCode()).isEqualTo(400);
        assertThat(binary.headers().firstValue("Content-Type")).hasValue(PROTOBUF);
        assertThat(Status.parseFrom(binary.body()).getMessage()).startsWith("malformed_otlp: ");

        HttpResponse<String> stranger =
                client.send(client.to(TRACES, JSON, new byte[] {'{', '}'}).setHeader("Authorization", "Bearer nobody"));
        assertThat(stranger.statusCode()).isEqualTo(401);
        assertThat(client.json(stranger).get("message").asText()).startsWith("unauthorized: ");
        HttpResponse<String> other =
                client.send(client.to(METRICS, PROTOBUF, new byte[0]).setHeader("Authorization", "Bearer the-finance"));
        assertThat(other.statusCode()).isEqualTo(403);
        HttpResponse<String> text = post(TRACES, "text/plain", "{}");
        assertThat(text.statusCode()).isEqualTo(415);
        assertThat(client.json(text).get("message").asText()).startsWith("unsupported_media_type: ");
        HttpResponse<String> large =
                client.send(client.to(TRACES, PROTOBUF, new byte[(int) EventsResource.BODY_BYTES_MAX + 1]));
        assertThat(large.statusCode()).isEqualTo(413);
        assertThat(large.headers().firstValue("Content-Type")).hasValue(PROTOBUF);
        assertThat(post("/otlp/v1/logs", JSON, "{}").statusCode()).isEqualTo(404);
    }

    @Test
    void asManySpansAsFitAreTakenBecauseNoExporterWouldCutThemUp() {
        ExportTraceServiceRequest.Builder many = ExportTraceServiceRequest.newBuilder();
        assertThat(OtlpEncoding.JSON.read(JSON_SPAN.getBytes(StandardCharsets.UTF_8), many))
                .isEmpty();
        ScopeSpans.Builder spans = many.getResourceSpansBuilder(0).getScopeSpansBuilder(0);
        io.opentelemetry.proto.trace.v1.Span one = spans.getSpans(0);
        ByteString trace = ByteString.fromHex("0000000000000000000000000000beef");
        spans.clearSpans();
        int count = EventIntake.EVENTS_MAX + 1;
        for (long number = 1; number <= count; number++) {
            spans.addSpans(one.toBuilder()
                    .setTraceId(trace)
                    .setSpanId(ByteString.copyFrom(
                            ByteBuffer.allocate(Long.BYTES).putLong(number).array())));
        }
        HttpResponse<String> response = client.send(
                client.to(TRACES, PROTOBUF, many.build().toByteArray()).header("Tollgate-Backfill", "true"));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEmpty();
        assertThat(IngestServiceIT.usage("0000000000000000000000000000beef-")).hasSize(count);
    }

    @Test
    void theDocumentTellsOfIt() {
        JsonNode paths = client.json(client.get("/openapi.json")).get("paths");
        for (String path : List.of(TRACES, METRICS)) {
            JsonNode post = paths.get(path).get("post");
            assertThat(post.at("/requestBody/content").fieldNames())
                    .toIterable()
                    .containsExactlyInAnyOrder(JSON, PROTOBUF);
            assertThat(post.get("responses").fieldNames())
                    .toIterable()
                    .contains("200", "400", "413", "415", "429", "503");
        }
    }
}
