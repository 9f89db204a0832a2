package io.tollgate.ingest.cloudevents;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Cuts bodies at the byte, without building what is in them. */
final class BatchCutter {

    /** Of names and numbers: what is longer is larger than any event may be. */
    private static final int LONGEST = 1 << 20;
    /** Each level takes some 60 bytes while the body is read. */
    private static final int DEEPEST = 1 << 16;

    /**
     * The stream is its owner's, who may read it again. What is odd but JSON must keep out its own event alone, so the
     * limits of the one event's parser are not those of the body; names are not interned, because they are not wanted.
     */
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxNameLength(LONGEST)
                    .maxNumberLength(LONGEST)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private static final int CHUNK_BYTES = 32 << 10;

    private BatchCutter() {}

    static EventBatch lines(InputStream body, int max) throws IOException {
        EventBatch.Places places = new EventBatch.Places();
        byte[] chunk = new byte[CHUNK_BYTES];
        int start = 0;
        int at = 0;
        boolean isBlank = true;
        byte before = '\n';
        for (int read = body.read(chunk); read >= 0; read = body.read(chunk)) {
            for (int i = 0; i < read; i++, at++) {
                byte each = chunk[i];
                if (each == '\n') {
                    if (!isBlank && places.count() == max) {
                        return new EventBatch.TooMany();
                    }
                    if (!isBlank) {
                        places.add(start, before == '\r' ? at - 1 : at);
                    }
                    start = at + 1;
                    isBlank = true;
                } else if (each != ' ' && each != '\t' && each != '\r') {
                    isBlank = false;
                }
                before = each;
            }
        }
        if (!isBlank && places.count() == max) {
            return new EventBatch.TooMany();
        }
        if (!isBlank) {
            places.add(start, before == '\r' ? at - 1 : at);
        }
        return places;
    }

    static EventBatch json(InputStream body, EventBatch.Form form, int max) throws IOException {
        try (JsonParser json = JSON.createParser(body)) {
            JsonToken first = json.nextToken();
            if (first == null) {
                return new EventBatch.Malformed("The body is empty.", 1, 1);
            }
            if (json.currentTokenLocation().getByteOffset() < 0) {
                return new EventBatch.Malformed("The body is not UTF-8.", 1, 1);
            }
            boolean array = form != EventBatch.Form.SINGLE && first == JsonToken.START_ARRAY;
            if (form == EventBatch.Form.ARRAY && !array) {
                return malformed("The body is no JSON array.", json.currentTokenLocation());
            }
            EventBatch.Places places = new EventBatch.Places();
            JsonToken token = array ? json.nextToken() : first;
            while (token != null && token != JsonToken.END_ARRAY) {
                if (places.count() == max) {
                    return new EventBatch.TooMany();
                }
                int start = (int) json.currentTokenLocation().getByteOffset();
                json.skipChildren();
                json.finishToken();
                places.add(start, (int) json.currentLocation().getByteOffset());
                if (!array) {
                    break;
                }
                token = json.nextToken();
            }
            if (json.nextToken() != null) {
                return malformed("Something follows the end.", json.currentTokenLocation());
            }
            return places;
        } catch (JsonProcessingException e) {
            return malformed(ParserWords.of(e) + ".", e.getLocation());
        } catch (CharConversionException e) {
            return new EventBatch.Malformed("The body is not UTF-8.", 1, 1);
        }
    }

    private static EventBatch malformed(String detail, @Nullable JsonLocation where) {
        return where == null
                ? new EventBatch.Malformed(detail, 1, 1)
                : new EventBatch.Malformed(detail, Math.max(1, where.getLineNr()), Math.max(1, where.getColumnNr()));
    }
}
