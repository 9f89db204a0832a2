package io.tollgate.ingest.otlp;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Set;

/**
 * OTLP writes the ids of traces and spans in hexadecimal, where Protobuf's JSON has base64 for all bytes. These members
 * are rewritten on the way; all others stay.
 */
enum IdEncoding {
    HEX_TO_BASE64,
    BASE64_TO_HEX;

    private static final Set<String> IDS = Set.of("traceId", "spanId", "parentSpanId");
    private static final int DEPTH_MAX = 200;

    private static final JsonFactory JSON = JsonFactory.builder()
            // A member twice has no single meaning, and could name another tenant to whoever reads the first.
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(DEPTH_MAX).build())
            // Half of a surrogate pair can only be written escaped.
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build();

    /** The text is not JSON. */
    static final class NotJsonException extends Exception {

        private static final long serialVersionUID = 1L;

        NotJsonException(String message) {
            super(message, null, false, false);
        }
    }

    String rewrite(String json) throws NotJsonException {
        StringWriter written = new StringWriter(json.length());
        try (JsonParser from = JSON.createParser(json);
                JsonGenerator to = JSON.createGenerator(written)) {
            if (from.nextToken() != JsonToken.START_OBJECT) {
                throw new NotJsonException("It is not one JSON object.");
            }
            to.copyCurrentEventExact(from);
            for (int depth = 1; depth > 0; ) {
                JsonToken token = from.nextToken();
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                String name = from.currentName();
                if (token == JsonToken.VALUE_STRING && name != null && IDS.contains(name)) {
                    to.writeString(id(name, from.getText()));
                } else {
                    to.copyCurrentEventExact(from);
                }
            }
            if (from.nextToken() != null) {
                throw new NotJsonException("Something follows the JSON object.");
            }
        } catch (JsonProcessingException e) {
            String where = e.getLocation() == null
                    ? ""
                    : " at line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr();
            throw new NotJsonException("It is not JSON" + where + ".");
        } catch (IOException e) {
            throw new UncheckedIOException("there is no I/O here", e);
        }
        return written.toString();
    }

    private String id(String name, String text) throws NotJsonException {
        try {
            return this == HEX_TO_BASE64
                    ? Base64.getEncoder().encodeToString(HexFormat.of().parseHex(text))
                    : HexFormat.of().formatHex(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            throw new NotJsonException("A " + name + " is not hexadecimal.");
        }
    }
}
