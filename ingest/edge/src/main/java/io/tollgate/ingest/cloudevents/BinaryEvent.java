package io.tollgate.ingest.cloudevents;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.tollgate.emitter.rules.Fault;
import io.tollgate.emitter.rules.RejectionReason;
import io.tollgate.events.EventIdentity;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * One event in the binary content mode of CloudEvents (HTTP binding 1.0.2, section 3.1): its attributes stand in
 * {@code ce-} headers, its data is the body. It is made into the same event in JSON, so that there is one parser, and
 * so that what is refused is kept with its attributes.
 */
public final class BinaryEvent {

    private static final String PREFIX = "ce-";
    /** One of them is enough: who leaves out the others is told what is missing. */
    private static final Set<String> TELLING = Set.of("ce-specversion", "ce-id", "ce-source", "ce-type");
    /** What the headers may not say, because the body and its Content-Type do. */
    private static final Set<String> RESERVED = Set.of("data", "data_base64", "datacontenttype");

    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
            // Half of a surrogate pair can only be written escaped.
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build();

    private final byte[] json;
    private final Optional<Parsed.Rejected> refusal;

    private BinaryEvent(byte[] json, Optional<Parsed.Rejected> refusal) {
        this.json = json;
        this.refusal = refusal;
    }

    /** Whether headers, whose names are in any case, make a request one in binary mode. */
    public static boolean isIn(Set<String> headerNames) {
        return headerNames.stream().anyMatch(name -> TELLING.contains(name.toLowerCase(Locale.ROOT)));
    }

    /**
     * Reads the headers. Nothing that stands in them makes it throw.
     *
     * @param headers all of the request's, names in any case; those without {@code ce-} are passed over
     * @param contentType of the body, which is the event's {@code datacontenttype}
     * @param body the event's data, which belongs to the result from then on
     */
    public static BinaryEvent of(Map<String, List<String>> headers, String contentType, byte[] body) {
        Map<String, List<String>> attributes = new TreeMap<>();
        headers.forEach((name, values) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.startsWith(PREFIX)) {
                attributes
                        .computeIfAbsent(lower.substring(PREFIX.length()), any -> new ArrayList<>())
                        .addAll(values);
            }
        });
        Optional<Fault> fault = fault(attributes);
        if (fault.isPresent()) {
            return refused(attributes, contentType, body, fault.get());
        }
        if (body.length == 0) {
            return new BinaryEvent(json(attributes, contentType, "", body), Optional.empty());
        }
        EventBatch data = EventBatch.split(body, EventBatch.Form.SINGLE, 1);
        if (data instanceof EventBatch.Events one) {
            return new BinaryEvent(
                    json(attributes, contentType, ",\"data\":", one.originals().get(0)), Optional.empty());
        }
        String detail = data instanceof EventBatch.Malformed malformed
                ? "The body is not JSON at line " + malformed.line() + ", column " + malformed.column() + ": "
                        + malformed.detail()
                : "The body is not one JSON object.";
        return refused(attributes, contentType, body, new Fault(RejectionReason.MALFORMED_JSON, detail));
    }

    /** The event in the JSON format, in UTF-8. */
    public byte[] json() {
        return json.clone();
    }

    /** Why it is kept out, when that can be told from the headers, or when its data is no JSON. */
    public Optional<Parsed.Rejected> refusal() {
        return refusal;
    }

    private static BinaryEvent refused(
            Map<String, List<String>> attributes, String contentType, byte[] body, Fault fault) {
        String data = Base64.getEncoder().encodeToString(body);
        byte[] kept = json(
                attributes, contentType, ",\"data_base64\":", ("\"" + data + "\"").getBytes(StandardCharsets.US_ASCII));
        Optional<String> source = only(attributes, "source");
        Optional<String> id = only(attributes, "id");
        Optional<EventIdentity> identity = source.isPresent() && id.isPresent()
                ? Optional.of(new EventIdentity(source.get(), id.get()))
                : Optional.empty();
        return new BinaryEvent(kept, Optional.of(new Parsed.Rejected(fault.reason(), fault.explanation(), identity)));
    }

    private static Optional<String> only(Map<String, List<String>> attributes, String name) {
        List<String> values = attributes.getOrDefault(name, List.of());
        return values.size() == 1 ? HeaderText.decoded(values.get(0)) : Optional.empty();
    }

    private static Optional<Fault> fault(Map<String, List<String>> attributes) {
        for (Map.Entry<String, List<String>> attribute : attributes.entrySet()) {
            String shown = Fault.shown(PREFIX + attribute.getKey());
            if (RESERVED.contains(attribute.getKey())) {
                return fault("The header " + shown + " says what the body and its Content-Type say.");
            }
            if (attribute.getValue().size() != 1) {
                return fault("The header " + shown + " is there "
                        + attribute.getValue().size() + " times.");
            }
            String value = attribute.getValue().get(0);
            if (HeaderText.decoded(value).isEmpty()) {
                return fault("The header " + shown + " has the value " + Fault.shown(value) + ".");
            }
        }
        return Optional.empty();
    }

    private static Optional<Fault> fault(String detail) {
        return Optional.of(new Fault(RejectionReason.INVALID_HEADER, detail));
    }

    /** Attributes in the order of their names; where one cannot be decoded, as it came. */
    private static byte[] json(Map<String, List<String>> attributes, String contentType, String name, byte[] data) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(data.length + 512);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("datacontenttype", contentType);
            for (Map.Entry<String, List<String>> attribute : attributes.entrySet()) {
                boolean reserved = RESERVED.contains(attribute.getKey());
                for (String value : attribute.getValue()) {
                    json.writeStringField(
                            reserved ? PREFIX + attribute.getKey() : attribute.getKey(),
                            HeaderText.decoded(value).orElse(value));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory takes all that is written", e);
        }
        // The data goes in as it came: a generator would write numbers and escapes its own way.
        bytes.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
        bytes.writeBytes(data);
        bytes.write('}');
        return bytes.toByteArray();
    }
}
