package io.tollgate.ingest.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import io.tollgate.events.UsageEvent;
import io.tollgate.ingest.cloudevents.Parsed;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Builds messages for tests, and tells what came of them. */
final class Otlp {

    static final Instant ARRIVAL = Instant.parse("2026-11-17T00:00:00Z");
    static final String TRACE = "5b8efff798038103d269b633813fc60c";
    static final String SPAN = "eee19b7ec3c1b174";
    /** 2026-11-16T18:17:03.979960123Z. */
    static final long END = 1_794_853_023_979_960_123L;

    private static final Map<String, Object> RESOURCE = Map.of(
            "service.namespace", "shop",
            "service.name", "search",
            "tollgate.tenant", "acme",
            "tollgate.project", "search",
            "tollgate.team", "discovery");

    private Otlp() {}

    static KeyValue attribute(String name, Object value) {
        AnyValue.Builder any = AnyValue.newBuilder();
        if (value instanceof String text) {
            any.setStringValue(text);
        } else if (value instanceof Integer number) {
            any.setIntValue(number);
        } else if (value instanceof Long number) {
            any.setIntValue(number);
        } else if (value instanceof Double number) {
            any.setDoubleValue(number);
        } else {
            any.setBoolValue((Boolean) value);
        }
        return KeyValue.newBuilder().setKey(name).setValue(any).build();
    }

    static List<KeyValue> attributes(Map<String, Object> values) {
        return values.entrySet().stream()
                .map(each -> attribute(each.getKey(), each.getValue()))
                .toList();
    }

    static Resource resource(Map<String, Object> attributes) {
        return Resource.newBuilder().addAllAttributes(attributes(attributes)).build();
    }

    /** Of tenant acme. */
    static Resource resource() {
        return resource(RESOURCE);
    }

    static ByteString bytes(String hex) {
        return ByteString.copyFrom(HexFormat.of().parseHex(hex));
    }

    static Span.Builder span(Map<String, Object> attributes) {
        return Span.newBuilder()
                .setTraceId(bytes(TRACE))
                .setSpanId(bytes(SPAN))
                .setName("chat")
                .setKind(Span.SpanKind.SPAN_KIND_CLIENT)
                .setStartTimeUnixNano(END - 1_000_000_000)
                .setEndTimeUnixNano(END)
                .addAllAttributes(attributes(attributes));
    }

    static ExportTraceServiceRequest request(Resource resource, Span.Builder... spans) {
        ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
        var ofScope = request.addResourceSpansBuilder().setResource(resource).addScopeSpansBuilder();
        ofScope.getScopeBuilder().setName("by hand");
        for (Span.Builder span : spans) {
            ofScope.addSpans(span);
        }
        return request.build();
    }

    static OtlpEvents read(Span.Builder... spans) {
        return Traces.read(request(resource(), spans), OtlpMapping.DEFAULT, ARRIVAL);
    }

    static UsageEvent accepted(OtlpEvents read) {
        assertThat(read.events()).hasSize(1);
        Parsed parsed = read.events().get(0).parsed();
        assertThat(parsed).isInstanceOf(Parsed.Accepted.class);
        return ((Parsed.Accepted) parsed).event();
    }

    static Parsed.Rejected rejected(OtlpEvents read) {
        assertThat(read.events()).hasSize(1);
        Parsed parsed = read.events().get(0).parsed();
        assertThat(parsed).isInstanceOf(Parsed.Rejected.class);
        return (Parsed.Rejected) parsed;
    }

    /** The meters as {@code context=11 input_tokens=11 output_tokens=41}, in the meters' order. */
    static String meters(UsageEvent event) {
        return "context=" + event.getContextTokens() + " "
                + event.getQuantities().entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(Map.Entry::toString)
                        .collect(Collectors.joining(" "));
    }
}
