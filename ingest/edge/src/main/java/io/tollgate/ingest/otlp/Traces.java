package io.tollgate.ingest.otlp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.tollgate.emitter.rules.RejectionReason;
import io.tollgate.ingest.cloudevents.Parsed;
import io.tollgate.ingest.otlp.OtlpEvents.PassedOver;
import io.tollgate.ingest.usage.Normalisation;
import io.tollgate.ingest.usage.UnknownFields;
import io.tollgate.ingest.usage.UsageFormat;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * GenAI spans to usage events: one event for each span with {@code gen_ai.usage.*} that is no wrapper. Its identity is
 * that of the span, its time the span's end.
 */
public final class Traces {

    private static final int TRACE_ID_BYTES = 16;
    private static final int SPAN_ID_BYTES = 8;
    private static final String EMBEDDING = "embedding";
    private static final Set<RejectionReason> SUMS =
            Set.of(RejectionReason.USAGE_PARTS_EXCEED_WHOLE, RejectionReason.USAGE_TOTAL_MISMATCH);
    private static final String WHAT_INCLUDES_WHAT =
            " By OpenTelemetry's conventions input_tokens includes cached tokens, and output_tokens reasoning.";

    private final OtlpMapping mapping;
    private final Instant arrival;
    private final List<OtlpEvent> events = new ArrayList<>();
    private final Map<PassedOver, Integer> passedOver = new EnumMap<>(PassedOver.class);

    private Traces(OtlpMapping mapping, Instant arrival) {
        this.mapping = mapping;
        this.arrival = arrival;
    }

    /**
     * Reads a request. Nothing that stands in it makes it throw.
     *
     * @param arrival when it came in, by the receiver's clock
     */
    public static OtlpEvents read(ExportTraceServiceRequest request, OtlpMapping mapping, Instant arrival) {
        Traces traces = new Traces(mapping, arrival);
        for (ResourceSpans ofResource : request.getResourceSpansList()) {
            Attributes.Named resource =
                    Attributes.Named.of(ofResource.getResource().getAttributesList());
            for (ScopeSpans ofScope : ofResource.getScopeSpansList()) {
                ofScope.getSpansList().forEach(span -> traces.read(span, resource, ofScope, ofResource));
            }
        }
        return new OtlpEvents(traces.events, spans -> together(request, spans), traces.passedOver);
    }

    private static byte[] together(ExportTraceServiceRequest request, Set<Object> wanted) {
        ExportTraceServiceRequest.Builder some = ExportTraceServiceRequest.newBuilder();
        for (ResourceSpans ofResource : request.getResourceSpansList()) {
            ResourceSpans.Builder resource = ofResource.toBuilder().clearScopeSpans();
            for (ScopeSpans ofScope : ofResource.getScopeSpansList()) {
                List<Span> spans =
                        ofScope.getSpansList().stream().filter(wanted::contains).toList();
                if (!spans.isEmpty()) {
                    resource.addScopeSpans(ofScope.toBuilder().clearSpans().addAllSpans(spans));
                }
            }
            if (resource.getScopeSpansCount() > 0) {
                some.addResourceSpans(resource);
            }
        }
        return OtlpEncoding.kept(some.build());
    }

    private void read(Span span, Attributes.Named resource, ScopeSpans scope, ResourceSpans all) {
        if (span.getAttributesList().stream().map(KeyValue::getKey).noneMatch(name -> name.startsWith(GenAi.USAGE))) {
            passedOver.merge(PassedOver.NO_USAGE, 1, Integer::sum);
            return;
        }
        Attributes attributes = new Attributes(Attributes.Named.of(span.getAttributesList()), resource);
        GenAi genAi = new GenAi(mapping, attributes);
        if (genAi.isWrapper()) {
            passedOver.merge(PassedOver.WRAPPER, 1, Integer::sum);
            return;
        }
        events.add(new OtlpEvent(event(span, attributes, genAi), span, () -> alone(span, scope, all)));
    }

    private Parsed event(Span span, Attributes attributes, GenAi genAi) {
        String id = id(span);
        if (id.isEmpty()) {
            attributes.fault(
                    RejectionReason.MISSING_ATTRIBUTE,
                    "The span has no valid traceId and spanId, so it cannot be told from others.");
        }
        Instant time = genAi.time("endTimeUnixNano", span.getEndTimeUnixNano());
        ObjectNode usage = attributes.below(GenAi.USAGE);
        if (genAi.operation().equals(EMBEDDING) && !usage.has("output_tokens") && !usage.has("completion_tokens")) {
            // An embedding has no answer; of others that must be told.
            usage.put("output_tokens", 0);
        }
        Normalisation read = UsageFormat.OPENTELEMETRY.normalise(usage, "gen_ai.usage");
        if (read instanceof Normalisation.Normalised normalised) {
            Optional<UnknownFields> unknown = Optional.of(normalised.unknown()).filter(fields -> fields.count() > 0);
            return genAi.event(id, time, normalised.quantities(), normalised.contextTokens(), unknown, arrival);
        }
        Normalisation.Refused refused = (Normalisation.Refused) read;
        boolean sums = SUMS.contains(refused.fault().reason());
        attributes.fault(refused.fault().reason(), refused.fault().detail() + (sums ? WHAT_INCLUDES_WHAT : ""));
        return genAi.event(id, time, Map.of(), 0, Optional.empty(), arrival);
    }

    /** Empty, if the ids are not valid: of the right length, and not all zeros. */
    private static String id(Span span) {
        return isId(span.getTraceId(), TRACE_ID_BYTES) && isId(span.getSpanId(), SPAN_ID_BYTES)
                ? hex(span.getTraceId()) + "-" + hex(span.getSpanId())
                : "";
    }

    private static boolean isId(ByteString id, int bytes) {
        if (id.size() != bytes) {
            return false;
        }
        for (byte each : id) {
            if (each != 0) {
                return true;
            }
        }
        return false;
    }

    private static String hex(ByteString bytes) {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }

    private static byte[] alone(Span span, ScopeSpans scope, ResourceSpans all) {
        ScopeSpans one = scope.toBuilder().clearSpans().addSpans(span).build();
        return OtlpEncoding.kept(ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(all.toBuilder().clearScopeSpans().addScopeSpans(one))
                .build());
    }
}
