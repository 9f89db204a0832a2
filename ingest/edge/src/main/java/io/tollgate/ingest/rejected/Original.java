package io.tollgate.ingest.rejected;

import io.tollgate.emitter.rules.EventLimits;
import io.tollgate.emitter.rules.Fault;
import io.tollgate.emitter.rules.RejectionReason;
import io.tollgate.events.UsageEvent;
import io.tollgate.ingest.cloudevents.CloudEventParser;
import io.tollgate.ingest.cloudevents.EventDefaults;
import io.tollgate.ingest.cloudevents.Parsed;
import io.tollgate.ingest.otlp.OtlpEvent;
import io.tollgate.ingest.otlp.OtlpEvents;
import io.tollgate.ingest.otlp.OtlpMapping;
import io.tollgate.schemas.Codec;
import io.tollgate.schemas.MalformedMessageException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What the bytes of a rejected event are.
 *
 * @param message the event in them, if they are a message of {@link Kind#USAGE_MESSAGE}, whether it keeps the rules or not
 * @param events each as it is read now, whether it keeps the rules or not: one, but of spans that were kept together several
 */
public record Original(Kind kind, Optional<UsageEvent> message, List<Parsed> events) {

    public Original {
        events = List.copyOf(events);
    }

    /** The forms in which events come. */
    public enum Kind {
        /** An event in Avro, as sources send it to the topic. */
        USAGE_MESSAGE("an Avro message of the topic usage-events"),
        /** An event in JSON, as it comes over HTTP or stands in a file of such. */
        CLOUD_EVENT("a CloudEvent"),
        /** A span or a data point, or several, as they came in a request of OpenTelemetry's protocol. */
        TELEMETRY("a span or data point of OpenTelemetry"),
        /** A line or row of a file that is no event by itself. */
        TRACE_LINE("a line or row of a file that 'tollgate replay' read"),
        /** Anything else. */
        BYTES("a piece of bytes that is no event");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** Stable, snake_case. */
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** For a sentence. */
        String words() {
            return words;
        }
    }

    /**
     * Reads them.
     *
     * @param stage who kept them out
     * @param mapping what telemetry is read by
     */
    public static Original of(byte[] bytes, String stage, OtlpMapping mapping, Instant now) {
        try {
            UsageEvent event = Codec.USAGE_EVENT.decode(bytes);
            List<Fault> faults = EventLimits.check(event, now);
            return new Original(
                    Kind.USAGE_MESSAGE,
                    Optional.of(event),
                    List.of(faults.isEmpty() ? new Parsed.Accepted(event) : Parsed.Rejected.of(event, faults)));
        } catch (MalformedMessageException e) {
            Parsed read = CloudEventParser.parse(bytes, EventDefaults.NONE, now);
            if (read instanceof Parsed.Rejected rejected && rejected.identity().isEmpty()) {
                List<OtlpEvent> telemetry = OtlpEvents.kept(bytes, mapping, now);
                if (!telemetry.isEmpty()) {
                    return new Original(
                            Kind.TELEMETRY,
                            Optional.empty(),
                            telemetry.stream().map(OtlpEvent::parsed).toList());
                }
            }
            return new Original(kind(bytes, read, stage), Optional.empty(), List.of(read));
        }
    }

    /** A trace line may be JSON too, and the row of a table have columns named source and id. */
    private static Kind kind(byte[] bytes, Parsed read, String stage) {
        if (!(read instanceof Parsed.Rejected rejected)) {
            return Kind.CLOUD_EVENT;
        }
        if (stage.equals("replay") && (rejected.identity().isEmpty() || !namesSpecversion(bytes))) {
            return Kind.TRACE_LINE;
        }
        return rejected.reason() == RejectionReason.MALFORMED_JSON || rejected.reason() == RejectionReason.NOT_AN_OBJECT
                ? Kind.BYTES
                : Kind.CLOUD_EVENT;
    }

    private static boolean namesSpecversion(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8).contains("\"specversion\"");
    }
}
