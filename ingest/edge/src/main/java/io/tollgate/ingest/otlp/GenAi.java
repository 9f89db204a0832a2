package io.tollgate.ingest.otlp;

import io.tollgate.emitter.rules.EventLimits;
import io.tollgate.emitter.rules.Fault;
import io.tollgate.emitter.rules.RejectionReason;
import io.tollgate.events.Dimensions;
import io.tollgate.events.EventIdentity;
import io.tollgate.events.UsageEvent;
import io.tollgate.ingest.cloudevents.Parsed;
import io.tollgate.ingest.usage.UnknownFields;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What spans and data points of the GenAI conventions have in common. Source: OpenTelemetry semantic conventions 1.41,
 * "Gen AI" attributes, with the names of before where those are still sent.
 */
final class GenAi {

    static final String USAGE = "gen_ai.usage.";

    private static final String SOURCE = "otlp";
    private static final List<String> PROVIDER = List.of("span:gen_ai.provider.name", "span:gen_ai.system");
    private static final String REQUEST_MODEL = "span:gen_ai.request.model";
    private static final String RESPONSE_MODEL = "span:gen_ai.response.model";
    private static final String OPERATION = "span:gen_ai.operation.name";
    private static final String ERROR_TYPE = "span:error.type";
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final OtlpMapping mapping;
    private final Attributes attributes;
    private final Optional<String> operation;

    GenAi(OtlpMapping mapping, Attributes attributes) {
        this.mapping = mapping;
        this.attributes = attributes;
        this.operation = attributes.text(OPERATION);
    }

    boolean isWrapper() {
        return operation.filter(mapping.wrappers()::contains).isPresent();
    }

    /** In our words. */
    String operation() {
        return operation.map(name -> mapped(mapping.operations(), name)).orElse("");
    }

    /** Who sends it: the same whenever the same is sent again. */
    String source() {
        String who = mapping.source().stream()
                .flatMap(name -> attributes.text(name).stream())
                .collect(Collectors.joining("/"));
        return who.isEmpty() ? SOURCE : SOURCE + ":" + who;
    }

    /** A time of OTLP, cut to the microsecond; zero means that nobody told it. */
    Instant time(String name, long unixNanos) {
        if (unixNanos == 0) {
            attributes.fault(RejectionReason.MISSING_ATTRIBUTE, name + " is missing.");
        }
        return Instant.ofEpochSecond(
                        Long.divideUnsigned(unixNanos, NANOS_PER_SECOND),
                        Long.remainderUnsigned(unixNanos, NANOS_PER_SECOND))
                .truncatedTo(ChronoUnit.MICROS);
    }

    /** The event, or all that speaks against it. */
    Parsed event(
            String id,
            Instant time,
            Map<String, Long> quantities,
            long contextTokens,
            Optional<UnknownFields> unknown,
            Instant arrival) {
        UsageEvent event =
                new UsageEvent(source(), id, time, dimensions(), contextTokens, new TreeMap<>(quantities), null);
        // What the attributes lack says more than what the event then lacks.
        List<Fault> faults = attributes.faults().isEmpty() ? EventLimits.check(event, arrival) : attributes.faults();
        if (faults.isEmpty()) {
            return new Parsed.Accepted(event, unknown);
        }
        return new Parsed.Rejected(
                faults.get(0).reason(),
                faults.stream().map(Fault::explanation).distinct().collect(Collectors.joining(" ")),
                id.isEmpty() ? Optional.empty() : Optional.of(new EventIdentity(event.getSource(), id)));
    }

    private Dimensions dimensions() {
        Optional<String> response = attributes.text(RESPONSE_MODEL);
        Optional<String> request = attributes.text(REQUEST_MODEL);
        String model = required("model", response.or(() -> request), List.of(RESPONSE_MODEL, REQUEST_MODEL));
        Map<String, String> tags = new TreeMap<>();
        mapping.tags().forEach((tag, names) -> attributes.text(names).ifPresent(value -> tags.put(tag, value)));
        required("operation", operation, List.of(OPERATION));
        return new Dimensions(
                required("tenant", attributes.text(mapping.tenant()), mapping.tenant()),
                attributes.text(mapping.project()).orElse(""),
                tags,
                mapped(mapping.providers(), required("provider", attributes.text(PROVIDER), PROVIDER)),
                model,
                request.filter(asked -> !asked.equals(model)).orElse(""),
                attributes.text(mapping.acceleratorType()).orElse(""),
                attributes.text(mapping.region()).orElse(""),
                operation(),
                attributes
                        .text(mapping.serviceTier())
                        .map(tier -> mapped(mapping.serviceTiers(), tier))
                        .orElse("standard"),
                attributes.text(ERROR_TYPE).orElse("success"));
    }

    private String required(String dimension, Optional<String> value, List<String> names) {
        if (value.isEmpty()) {
            attributes.fault(
                    RejectionReason.MISSING_DIMENSION,
                    dimension + " is missing: there is no attribute " + String.join(" or ", names) + ".");
        }
        return value.orElse("");
    }

    private static String mapped(Map<String, String> names, String name) {
        return names.getOrDefault(name, name);
    }
}
