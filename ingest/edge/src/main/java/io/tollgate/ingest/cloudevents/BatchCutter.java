package io.tollgate.ingest.cloudevents;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cuts bodies at the byte, without building what is in them. */
final class BatchCutter {

    private static final JsonFactory JSON = new JsonFactory();

    private BatchCutter() {}

    static EventBatch split(byte[] body, EventBatch.Form form, int max) {
        return switch (form) {
            case LINES -> lines(body, max);
            case SINGLE -> json(body, false, max);
            case ARRAY -> json(body, true, max);
            case SINGLE_OR_ARRAY -> json(body, beginsLikeAnArray(body), max);
        };
    }

    private static boolean beginsLikeAnArray(byte[] body) {
        for (byte each : body) {
            if (each == '[') {
                return true;
            }
            if (each > ' ') {
                return false;
            }
        }
        return false;
    }

    private static EventBatch lines(byte[] body, int max) {
        List<byte[]> originals = new ArrayList<>();
        int start = 0;
        while (start < body.length) {
            int end = start;
            while (end < body.length && body[end] != '\n') {
                end++;
            }
            byte[] line = Arrays.copyOfRange(body, start, end > start && body[end - 1] == '\r' ? end - 1 : end);
            if (!isBlank(line)) {
                if (originals.size() == max) {
                    return new EventBatch.TooMany();
                }
                originals.add(line);
            }
            start = end + 1;
        }
        return new EventBatch.Events(originals);
    }

    private static boolean isBlank(byte[] line) {
        for (byte each : line) {
            if (each != ' ' && each != '\t') {
                return false;
            }
        }
        return true;
    }

    private static EventBatch json(byte[] body, boolean array, int max) {
        try (JsonParser json = JSON.createParser(body)) {
            JsonToken first = json.nextToken();
            if (first == null) {
                return new EventBatch.Malformed("The body is empty.", 1, 1);
            }
            if (json.currentTokenLocation().getByteOffset() < 0) {
                return new EventBatch.Malformed("The body is not UTF-8.", 1, 1);
            }
            List<byte[]> originals = new ArrayList<>();
            if (array && first != JsonToken.START_ARRAY) {
                return malformed("The body is no JSON array.", json.currentTokenLocation());
            }
            JsonToken token = array ? json.nextToken() : first;
            while (token != null && token != JsonToken.END_ARRAY) {
                if (originals.size() == max) {
                    return new EventBatch.TooMany();
                }
                int start = (int) json.currentTokenLocation().getByteOffset();
                json.skipChildren();
                json.finishToken();
                originals.add(Arrays.copyOfRange(
                        body, start, (int) json.currentLocation().getByteOffset()));
                if (!array) {
                    break;
                }
                token = json.nextToken();
            }
            if (json.nextToken() != null) {
                return malformed("Something follows the end.", json.currentTokenLocation());
            }
            return new EventBatch.Events(originals);
        } catch (JsonProcessingException e) {
            return malformed(ParserWords.of(e) + ".", e.getLocation());
        } catch (IOException e) {
            return new EventBatch.Malformed("The body is not UTF-8.", 1, 1);
        }
    }

    private static EventBatch malformed(String detail, @Nullable JsonLocation where) {
        return where == null
                ? new EventBatch.Malformed(detail, 1, 1)
                : new EventBatch.Malformed(detail, Math.max(1, where.getLineNr()), Math.max(1, where.getColumnNr()));
    }
}
