package io.tollgate.ingest.cloudevents;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.tollgate.events.Dimensions;
import io.tollgate.events.EventIdentity;
import io.tollgate.events.UsageEvent;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;

/** Writes a usage event as a CloudEvent in JSON, on one line, every member told: what {@link CloudEventParser} reads. */
public final class CloudEventWriter {

    private static final JsonFactory JSON = new JsonFactory();

    private CloudEventWriter() {}

    /** The same event gives the same text: members have a fixed order, maps that of their keys. */
    public static String write(UsageEvent event) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("specversion", CloudEventParser.SPEC_VERSION);
            json.writeStringField("type", CloudEventParser.TYPE);
            json.writeStringField("source", event.getSource());
            json.writeStringField("id", event.getId());
            json.writeStringField("time", event.getTime().toString());
            json.writeObjectFieldStart("data");
            dimensions(json, event.getDimensions());
            json.writeNumberField("contextTokens", event.getContextTokens());
            json.writeObjectFieldStart("quantities");
            for (Map.Entry<String, Long> quantity : new TreeMap<>(event.getQuantities()).entrySet()) {
                json.writeNumberField(quantity.getKey(), quantity.getValue());
            }
            json.writeEndObject();
            EventIdentity reverses = event.getReverses();
            if (reverses != null) {
                json.writeObjectFieldStart("reverses");
                json.writeStringField("source", reverses.getSource());
                json.writeStringField("id", reverses.getId());
                json.writeEndObject();
            }
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a string takes all that is written", e);
        }
        return text.toString();
    }

    private static void dimensions(JsonGenerator json, Dimensions dimensions) throws IOException {
        json.writeStringField("tenant", dimensions.getTenant());
        json.writeStringField("project", dimensions.getProject());
        json.writeObjectFieldStart("tags");
        for (Map.Entry<String, String> tag : new TreeMap<>(dimensions.getTags()).entrySet()) {
            json.writeStringField(tag.getKey(), tag.getValue());
        }
        json.writeEndObject();
        json.writeStringField("provider", dimensions.getProvider());
        json.writeStringField("model", dimensions.getModel());
        json.writeStringField("requestedModel", dimensions.getRequestedModel());
        json.writeStringField("acceleratorType", dimensions.getAcceleratorType());
        json.writeStringField("region", dimensions.getRegion());
        json.writeStringField("operation", dimensions.getOperation());
        json.writeStringField("serviceTier", dimensions.getServiceTier());
        json.writeStringField("outcome", dimensions.getOutcome());
    }
}
