package io.tollgate.ingest.cloudevents;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tollgate.emitter.rules.EventLimits;
import io.tollgate.emitter.rules.Fault;
import io.tollgate.emitter.rules.RejectionReason;
import io.tollgate.events.Dimensions;
import io.tollgate.events.EventIdentity;
import io.tollgate.events.UsageEvent;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads one usage event in the JSON format of CloudEvents 1.0. Strict: types are never converted, amounts are integers
 * that never pass through floating point, and members of {@code data} that are not known are refused. Extension
 * attributes of the envelope are ignored, as CloudEvents wants it. Nothing that is read makes it throw.
 */
public final class CloudEventParser {

    /** The CloudEvents type of a usage event. */
    public static final String TYPE = "io.tollgate.usage.v1";

    static final String SPEC_VERSION = "1.0";

    private static final Set<String> DATA_MEMBERS = Set.of(
            "tenant",
            "project",
            "tags",
            "provider",
            "model",
            "requestedModel",
            "acceleratorType",
            "region",
            "operation",
            "serviceTier",
            "outcome",
            "contextTokens",
            "quantities",
            "usage",
            "usageFormat",
            "reverses");
    private static final Set<String> REVERSES_MEMBERS = Set.of("source", "id");
    private static final Pattern JSON_TYPE = Pattern.compile("[^/;\\s]+/(?:json|[^/;\\s]+\\+json)(?:\\s*;.*)?");

    private static final ObjectReader JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            // A number with a point or an exponent is refused anyway, but its value must not be garbled in the message.
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build()
            .readerFor(JsonNode.class);

    private CloudEventParser() {}

    /**
     * Reads one event, such as one line of a JSON-lines file.
     *
     * @param arrival when it came in, by the receiver's clock
     */
    public static Parsed parse(String json, EventDefaults defaults, Instant arrival) {
        return parse(json.getBytes(StandardCharsets.UTF_8), defaults, arrival);
    }

    /** Reads one event in UTF-8. */
    public static Parsed parse(byte[] json, EventDefaults defaults, Instant arrival) {
        JsonNode root;
        try {
            // Jackson would take UTF-16 and UTF-32 too, and other half-broken encodings as Latin-1.
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(json))
                    .toString();
            root = JSON.readTree(text);
        } catch (CharacterCodingException e) {
            return rejected(new Fault(RejectionReason.MALFORMED_JSON, "The event is not UTF-8."), Optional.empty());
        } catch (JsonProcessingException e) {
            return rejected(new Fault(RejectionReason.MALFORMED_JSON, malformed(e)), Optional.empty());
        } catch (NumberFormatException e) {
            // An exponent beyond 2^31 is good JSON, but no BigDecimal, and Jackson lets the exception through.
            return rejected(
                    new Fault(RejectionReason.NOT_AN_INTEGER, "A number in it has an exponent beyond all measure."),
                    Optional.empty());
        }
        if (!root.isObject()) {
            String what = root.isMissingNode() ? "There is nothing." : "The event is no JSON object.";
            return rejected(new Fault(RejectionReason.NOT_AN_OBJECT, what), Optional.empty());
        }
        try {
            Parsed.Accepted read = event(new Members(root, ""), defaults);
            List<Fault> faults = EventLimits.check(read.event(), arrival);
            return faults.isEmpty()
                    ? read
                    : new Parsed.Rejected(
                            faults.get(0).reason(),
                            faults.stream().map(Fault::explanation).distinct().collect(Collectors.joining(" ")),
                            identity(root));
        } catch (Refusal refusal) {
            return rejected(refusal.fault(), identity(root));
        }
    }

    private static Parsed.Accepted event(Members envelope, EventDefaults defaults) throws Refusal {
        envelope(envelope);
        String source = envelope.requiredText("source");
        String id = envelope.requiredText("id");
        Instant time = time(envelope.requiredText("time"));
        Optional<Members> object = envelope.object("data");
        if (object.isEmpty()) {
            throw envelope.missing("data");
        }
        Members data = object.get();
        data.only(DATA_MEMBERS);
        Optional<Long> contextTokens = data.integer("contextTokens");
        Amounts amounts = Amounts.of(data, contextTokens);
        UsageEvent event = new UsageEvent(
                source,
                id,
                time,
                dimensions(envelope, data, defaults),
                amounts.contextTokens(),
                amounts.quantities(),
                reverses(data).orElse(null));
        return new Parsed.Accepted(event, amounts.unknown());
    }

    private static void envelope(Members envelope) throws Refusal {
        String version = envelope.requiredText("specversion");
        if (!version.equals(SPEC_VERSION)) {
            throw new Refusal(RejectionReason.UNSUPPORTED_SPECVERSION, "specversion is " + Fault.shown(version) + ".");
        }
        String type = envelope.requiredText("type");
        if (!type.equals(TYPE)) {
            throw new Refusal(RejectionReason.UNSUPPORTED_TYPE, "type is " + Fault.shown(type) + ".");
        }
        Optional<String> contentType = envelope.text("datacontenttype");
        if (contentType.isPresent()
                && !JSON_TYPE
                        .matcher(contentType.get().toLowerCase(Locale.ROOT))
                        .matches()) {
            throw new Refusal(
                    RejectionReason.UNSUPPORTED_DATA,
                    "datacontenttype is " + Fault.shown(contentType.get()) + ", which is not JSON.");
        }
        if (envelope.any("data_base64").isPresent()) {
            throw new Refusal(RejectionReason.UNSUPPORTED_DATA, "The event has data_base64.");
        }
    }

    private static Instant time(String text) throws Refusal {
        return Rfc3339.parse(text)
                .orElseThrow(() -> new Refusal(RejectionReason.INVALID_TIME, "time is " + Fault.shown(text) + "."));
    }

    private static Dimensions dimensions(Members envelope, Members data, EventDefaults defaults) throws Refusal {
        Optional<String> subject = envelope.text("subject");
        Optional<Members> tags = data.object("tags");
        return new Dimensions(
                data.text("tenant").or(() -> subject).or(defaults::tenant).orElse(""),
                data.text("project").orElse(""),
                tags.isEmpty() ? Map.of() : tags.get().texts(),
                data.text("provider").or(defaults::provider).orElse(""),
                data.text("model").or(defaults::model).orElse(""),
                data.text("requestedModel").orElse(""),
                data.text("acceleratorType").or(defaults::acceleratorType).orElse(""),
                data.text("region").or(defaults::region).orElse(""),
                data.text("operation").orElse(defaults.operation()),
                data.text("serviceTier").orElse(defaults.serviceTier()),
                data.text("outcome").orElse("success"));
    }

    private static Optional<EventIdentity> reverses(Members data) throws Refusal {
        Optional<Members> reverses = data.object("reverses");
        if (reverses.isEmpty()) {
            return Optional.empty();
        }
        reverses.get().only(REVERSES_MEMBERS);
        return Optional.of(new EventIdentity(
                reverses.get().requiredText("source"), reverses.get().requiredText("id")));
    }

    private static Parsed rejected(Fault fault, Optional<EventIdentity> identity) {
        return new Parsed.Rejected(fault.reason(), fault.explanation(), identity);
    }

    private static Optional<EventIdentity> identity(JsonNode root) {
        JsonNode source = root.path("source");
        JsonNode id = root.path("id");
        return source.isTextual() && id.isTextual()
                ? Optional.of(new EventIdentity(source.textValue(), id.textValue()))
                : Optional.empty();
    }

    private static String malformed(JsonProcessingException e) {
        String where = e.getLocation() == null
                ? ""
                : " at line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr();
        return "It is not JSON" + where + ": " + ParserWords.of(e) + ".";
    }
}
