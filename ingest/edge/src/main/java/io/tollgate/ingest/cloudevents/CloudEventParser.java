package io.tollgate.ingest.cloudevents;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.tollgate.emitter.rules.EventLimits;
import io.tollgate.emitter.rules.Fault;
import io.tollgate.emitter.rules.RejectionReason;
import io.tollgate.events.Dimensions;
import io.tollgate.events.EventIdentity;
import io.tollgate.events.UsageEvent;
import io.tollgate.schemas.Utf8;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
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

    private static final JsonFactory JSON = new JsonFactory();

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
        return parse(ByteBuffer.wrap(json), defaults, arrival);
    }

    /** Reads one event in UTF-8. The buffer has an array, of which nothing is kept, and its position stays. */
    public static Parsed parse(ByteBuffer json, EventDefaults defaults, Instant arrival) {
        byte[] bytes = json.array();
        int start = json.arrayOffset() + json.position();
        // Jackson takes half-broken encodings as Latin-1.
        if (!Utf8.isValid(bytes, start, json.remaining())) {
            return malformed("The event is not UTF-8.");
        }
        Members root;
        try (JsonParser parser = JSON.createParser(bytes, start, json.remaining())) {
            JsonToken first = parser.nextToken();
            if (first != null && parser.currentTokenLocation().getByteOffset() < 0) {
                return malformed("The event is not UTF-8."); // Jackson takes UTF-16 and UTF-32, too.
            }
            if (first != JsonToken.START_OBJECT) {
                parser.skipChildren();
                end(parser);
                String what = first == null ? "There is nothing." : "The event is no JSON object.";
                return rejected(new Fault(RejectionReason.NOT_AN_OBJECT, what), Optional.empty());
            }
            root = Members.read(parser);
            end(parser);
        } catch (JsonProcessingException e) {
            return malformed(words(e));
        } catch (IOException e) {
            return malformed("The event is not UTF-8."); // The only thing that can fail in memory.
        } catch (NumberFormatException e) {
            // An exponent beyond 2^31 is good JSON, but no BigDecimal, and Jackson lets the exception through.
            return rejected(
                    new Fault(RejectionReason.NOT_AN_INTEGER, "A number in it has an exponent beyond all measure."),
                    Optional.empty());
        }
        return checked(root, defaults, arrival);
    }

    /**
     * Reads a JSON array of events in one pass, if all of it is as usual. Whatever else it may be, such as no JSON or an
     * event with a member that is there twice, is for {@link EventBatch#find} and {@link #parse} to find out and to name.
     *
     * @param json has an array; its position stays
     * @param max events
     */
    public static Optional<List<Placed>> parseAll(ByteBuffer json, int max, EventDefaults defaults, Instant arrival) {
        byte[] bytes = json.array();
        int start = json.arrayOffset() + json.position();
        if (!Utf8.isValid(bytes, start, json.remaining())) {
            return Optional.empty();
        }
        List<Placed> events = new ArrayList<>();
        try (JsonParser parser = JSON.createParser(bytes, start, json.remaining())) {
            if (parser.nextToken() != JsonToken.START_ARRAY
                    || parser.currentTokenLocation().getByteOffset() < 0) {
                return Optional.empty();
            }
            while (parser.nextToken() == JsonToken.START_OBJECT && events.size() < max) {
                int begin = (int) parser.currentTokenLocation().getByteOffset();
                Parsed parsed = checked(Members.read(parser), defaults, arrival);
                events.add(
                        new Placed(parsed, begin, (int) parser.currentLocation().getByteOffset()));
            }
            boolean isAll = parser.currentToken() == JsonToken.END_ARRAY && parser.nextToken() == null;
            return isAll ? Optional.of(events) : Optional.empty();
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /**
     * One event of several.
     *
     * @param start where its first byte stands, from the body's start
     * @param end behind its last byte
     */
    public record Placed(Parsed parsed, int start, int end) {}

    private static void end(JsonParser parser) throws IOException {
        if (parser.nextToken() != null) {
            throw new JsonParseException(parser, "Something follows the event's end");
        }
    }

    private static Parsed checked(Members root, EventDefaults defaults, Instant arrival) {
        try {
            Parsed.Accepted read = event(root, defaults);
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
        Optional<EventIdentity> known = defaults.identity();
        String source = text(envelope, "source", known.map(EventIdentity::getSource));
        String id = text(envelope, "id", known.map(EventIdentity::getId));
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

    private static String text(Members envelope, String name, Optional<String> known) throws Refusal {
        return envelope.has(name) || known.isEmpty() ? envelope.requiredText(name) : known.get();
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
        if (envelope.has("data_base64")) {
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

    private static Optional<EventIdentity> identity(Members root) {
        Optional<String> source = root.textIfAny("source");
        Optional<String> id = root.textIfAny("id");
        return source.isPresent() && id.isPresent()
                ? Optional.of(new EventIdentity(source.get(), id.get()))
                : Optional.empty();
    }

    private static Parsed malformed(String detail) {
        return rejected(new Fault(RejectionReason.MALFORMED_JSON, detail), Optional.empty());
    }

    private static String words(JsonProcessingException e) {
        String where = e.getLocation() == null
                ? ""
                : " at line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr();
        return "It is not JSON" + where + ": " + ParserWords.of(e) + ".";
    }
}
