package io.tollgate.ingest.otlp;

import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.tollgate.ingest.cloudevents.Parsed;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What one OTLP request holds.
 *
 * @param events one for each span or data point that tells usage, in the request's order
 * @param together the request with those of its items only that it is given, each by identity, in the form of
 *     {@link OtlpEvent#original()}: what they share, such as a large resource, stands in it once
 * @param passedOver how many others there are, and why nothing becomes of them
 */
public record OtlpEvents(
        List<OtlpEvent> events, Function<Set<Object>, byte[]> together, Map<PassedOver, Integer> passedOver) {

    public OtlpEvents {
        events = List.copyOf(events);
        passedOver = Map.copyOf(passedOver);
    }

    /** A body that could not be read. */
    public static OtlpEvents unreadable(byte[] body, Parsed.Rejected why) {
        return new OtlpEvents(List.of(new OtlpEvent(why, body, () -> body)), any -> body, Map.of());
    }

    /**
     * The events in one that was kept, as {@link OtlpEvent#original()} tells it: JSON of one span or data point. None when
     * it is anything else.
     */
    public static List<OtlpEvent> kept(byte[] original, OtlpMapping mapping, Instant arrival) {
        ExportTraceServiceRequest.Builder spans = ExportTraceServiceRequest.newBuilder();
        ExportMetricsServiceRequest.Builder points = ExportMetricsServiceRequest.newBuilder();
        if (OtlpEncoding.JSON.read(original, spans).isPresent()
                || OtlpEncoding.JSON.read(original, points).isPresent()) {
            return List.of();
        }
        return Stream.of(Traces.read(spans.build(), mapping, arrival), Metrics.read(points.build(), mapping, arrival))
                .flatMap(each -> each.events().stream())
                .toList();
    }

    /** Why a span or data point is no event, and yet nothing is wrong with it. */
    public enum PassedOver {
        /** It tells no usage: it has no {@code gen_ai.usage.*}, or is of another metric. */
        NO_USAGE,
        /** It wraps other spans, and tells their usage once more. */
        WRAPPER,
        /** Usage in metrics, which the configuration leaves to spans. */
        METRIC_IGNORED;

        /** Stable, snake_case. */
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
