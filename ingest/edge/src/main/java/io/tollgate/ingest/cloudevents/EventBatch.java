package io.tollgate.ingest.cloudevents;

import java.util.List;

/**
 * A body cut into its events, each with the very bytes that it came as, so that what is refused later can be kept as it
 * was.
 */
public sealed interface EventBatch {

    /** The events' bytes, in their order; what is in them was not looked at yet. */
    record Events(List<byte[]> originals) implements EventBatch {}

    /** The body is not JSON, so no event of it can be told from the next. Line and column count from 1. */
    record Malformed(String detail, int line, int column) implements EventBatch {}

    /** There are more events than the allowed number. */
    record TooMany() implements EventBatch {}

    /** How events stand in a body. */
    enum Form {
        /** One JSON object. */
        SINGLE,
        /** A JSON array. */
        ARRAY,
        /** An array if it begins like one, else a single event. */
        SINGLE_OR_ARRAY,
        /** One JSON object a line; empty lines are passed over. */
        LINES
    }

    /** Cuts a body in UTF-8 of at most {@code max} events. */
    static EventBatch split(byte[] body, Form form, int max) {
        return BatchCutter.split(body, form, max);
    }
}
