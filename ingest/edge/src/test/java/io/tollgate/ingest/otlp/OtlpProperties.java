package io.tollgate.ingest.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.tollgate.ingest.cloudevents.Parsed;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Laws of both encodings; jqwik prints the seed of each run. */
class OtlpProperties {

    private static final int BUDGET = 1000;

    @Property(tries = BUDGET)
    void jsonAndProtobufGiveTheSameEvents(@ForAll("requests") ExportTraceServiceRequest request) {
        OtlpEvents ofProtobuf = read(OtlpEncoding.PROTOBUF, OtlpEncoding.PROTOBUF.write(request));
        OtlpEvents ofJson = read(OtlpEncoding.JSON, OtlpEncoding.JSON.write(request));
        assertThat(parsed(ofJson)).isEqualTo(parsed(ofProtobuf));
        assertThat(ofJson.passedOver()).isEqualTo(ofProtobuf.passedOver());
        int spans = request.getResourceSpans(0).getScopeSpans(0).getSpansCount();
        assertThat(ofJson.events().size()
                        + ofJson.passedOver().values().stream()
                                .mapToInt(Integer::intValue)
                                .sum())
                .as("every span is an event or passed over")
                .isEqualTo(spans);
    }

    @Property(tries = BUDGET)
    void whatIsKeptGivesTheSameWhenItIsSentAgain(@ForAll("requests") ExportTraceServiceRequest request) {
        for (OtlpEvent event :
                Traces.read(request, OtlpMapping.DEFAULT, Otlp.ARRIVAL).events()) {
            OtlpEvents again = read(OtlpEncoding.JSON, event.original().get());
            assertThat(parsed(again)).containsExactly(event.parsed());
        }
    }

    @Property(tries = BUDGET)
    void whatIsKeptAsOneGivesTheSameAndNothingElse(
            @ForAll("requests") ExportTraceServiceRequest request, @ForAll int chosen) {
        OtlpEvents events = Traces.read(request, OtlpMapping.DEFAULT, Otlp.ARRIVAL);
        List<OtlpEvent> some = IntStream.range(0, events.events().size())
                .filter(index -> (chosen >> (index % Integer.SIZE) & 1) == 1)
                .mapToObj(events.events()::get)
                .toList();
        Set<Object> items = Collections.newSetFromMap(new IdentityHashMap<>());
        some.forEach(event -> items.add(event.item()));
        OtlpEvents again = read(OtlpEncoding.JSON, events.together().apply(items));
        assertThat(parsed(again)).isEqualTo(some.stream().map(OtlpEvent::parsed).toList());
        assertThat(again.passedOver()).isEmpty();
    }

    @Property(tries = BUDGET)
    void noSoupMakesItThrow(@ForAll byte[] soup, @ForAll OtlpEncoding encoding) {
        answersClearly(encoding, soup);
    }

    @Property(tries = BUDGET)
    void noDamageMakesItThrow(
            @ForAll("requests") ExportTraceServiceRequest request,
            @ForAll OtlpEncoding encoding,
            @ForAll List<Integer> where,
            @ForAll byte what) {
        byte[] bytes = encoding.write(request);
        where.stream().limit(3).forEach(place -> bytes[Math.floorMod(place, bytes.length)] = what);
        answersClearly(encoding, bytes);
    }

    private static void answersClearly(OtlpEncoding encoding, byte[] bytes) {
        ExportTraceServiceRequest.Builder traces = ExportTraceServiceRequest.newBuilder();
        encoding.read(bytes, traces)
                .ifPresentOrElse(
                        fault -> assertThat(fault).isNotBlank().hasSizeLessThan(400),
                        () -> Traces.read(traces.build(), OtlpMapping.DEFAULT, Otlp.ARRIVAL)
                                .events()
                                .forEach(event ->
                                        assertThat(event.original().get()).isNotEmpty()));
        ExportMetricsServiceRequest.Builder metrics = ExportMetricsServiceRequest.newBuilder();
        if (encoding.read(bytes, metrics).isEmpty()) {
            OtlpMapping usage = OtlpMapping.DEFAULT.withMetrics(OtlpMapping.MetricsUse.USAGE);
            Metrics.read(metrics.build(), usage, Otlp.ARRIVAL)
                    .events()
                    .forEach(event -> assertThat(event.original().get()).isNotEmpty());
        }
    }

    private static OtlpEvents read(OtlpEncoding encoding, byte[] bytes) {
        ExportTraceServiceRequest.Builder message = ExportTraceServiceRequest.newBuilder();
        assertThat(encoding.read(bytes, message))
                .as(new String(bytes, StandardCharsets.UTF_8))
                .isEmpty();
        return Traces.read(message.build(), OtlpMapping.DEFAULT, Otlp.ARRIVAL);
    }

    private static List<Parsed> parsed(OtlpEvents events) {
        return events.events().stream().map(OtlpEvent::parsed).toList();
    }

    @Provide
    Arbitrary<ExportTraceServiceRequest> requests() {
        Arbitrary<ByteString> ids = Arbitraries.oneOf(
                Arbitraries.bytes().array(byte[].class).ofSize(8).map(ByteString::copyFrom),
                Arbitraries.bytes().array(byte[].class).ofMaxSize(17).map(ByteString::copyFrom));
        Arbitrary<Span.Builder> spans = Combinators.combine(
                        ids,
                        Arbitraries.longs(),
                        attributes().list().ofMaxSize(6),
                        Arbitraries.of(true, true, true, false))
                .as((id, nanos, attributes, good) -> {
                    Span.Builder span = Otlp.span(Map.of())
                            .setSpanId(id)
                            .setStartTimeUnixNano(nanos)
                            .addAllAttributes(attributes);
                    return good ? span.addAllAttributes(GOOD) : span.setEndTimeUnixNano(nanos);
                });
        return spans.list()
                .ofMinSize(1)
                .ofMaxSize(4)
                .map(all -> Otlp.request(Otlp.resource(), all.toArray(Span.Builder[]::new)));
    }

    private static final List<KeyValue> GOOD = List.of(
            Otlp.attribute("gen_ai.operation.name", "chat"),
            Otlp.attribute("gen_ai.provider.name", "openai"),
            Otlp.attribute("gen_ai.request.model", "gpt-4o"),
            Otlp.attribute("gen_ai.usage.input_tokens", 17),
            Otlp.attribute("gen_ai.usage.output_tokens", 4));

    private static Arbitrary<KeyValue> attributes() {
        Arbitrary<String> names = Arbitraries.of(
                "gen_ai.usage.input_tokens",
                "gen_ai.usage.output_tokens",
                "gen_ai.usage.cache_read.input_tokens",
                "gen_ai.usage.total_tokens",
                "gen_ai.operation.name",
                "gen_ai.response.model",
                "tollgate.tenant",
                "tollgate.team",
                "error.type",
                "traceId");
        Arbitrary<AnyValue> values = Arbitraries.oneOf(
                Arbitraries.longs()
                        .map(number -> AnyValue.newBuilder().setIntValue(number).build()),
                Arbitraries.integers()
                        .between(0, 20)
                        .map(number -> AnyValue.newBuilder().setIntValue(number).build()),
                Arbitraries.doubles()
                        .map(number ->
                                AnyValue.newBuilder().setDoubleValue(number).build()),
                Arbitraries.strings()
                        .filter(OtlpProperties::isText)
                        .map(text -> AnyValue.newBuilder().setStringValue(text).build()),
                Arbitraries.of("chat", "invoke_agent", "acme")
                        .map(text -> AnyValue.newBuilder().setStringValue(text).build()),
                Arbitraries.bytes()
                        .array(byte[].class)
                        .ofMaxSize(4)
                        .map(bytes -> AnyValue.newBuilder()
                                .setBytesValue(ByteString.copyFrom(bytes))
                                .build()),
                Arbitraries.just(AnyValue.getDefaultInstance()));
        return Combinators.combine(names, values)
                .as((name, value) ->
                        KeyValue.newBuilder().setKey(name).setValue(value).build());
    }

    /** Protobuf has no half surrogate pairs. */
    private static boolean isText(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }
}
