package io.tollgate.ingest.cloudevents;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A body cut into its events, each with the very bytes that it came as, so that what is refused later can be kept as it
 * was.
 */
public sealed interface EventBatch {

    /** The events' bytes, in their order; what is in them was not looked at yet. */
    record Events(List<byte[]> originals) implements EventBatch {}

    /** Where the events stand in the body, in their order. */
    final class Places implements EventBatch {

        private static final int FEW = 64;

        private int[] bounds = new int[FEW];
        private int count;
        private int largest;

        Places() {}

        void add(int start, int end) {
            if (2 * count == bounds.length) {
                bounds = Arrays.copyOf(bounds, 2 * bounds.length);
            }
            bounds[2 * count] = start;
            bounds[2 * count + 1] = end;
            count++;
            largest = Math.max(largest, end - start);
        }

        /** How many events there are. */
        public int count() {
            return count;
        }

        /** How many bytes the largest of them has. */
        public int largest() {
            return largest;
        }

        /** Where an event's first byte stands. */
        public int start(int event) {
            return bounds[2 * event];
        }

        /** Behind an event's last byte. */
        public int end(int event) {
            return bounds[2 * event + 1];
        }
    }

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
        try {
            EventBatch batch = find(new ByteArrayInputStream(body), form, max);
            if (!(batch instanceof Places places)) {
                return batch;
            }
            List<byte[]> originals = new ArrayList<>(places.count());
            for (int event = 0; event < places.count(); event++) {
                originals.add(Arrays.copyOfRange(body, places.start(event), places.end(event)));
            }
            return new Events(originals);
        } catch (IOException e) {
            throw new UncheckedIOException("memory can always be read", e);
        }
    }

    /**
     * Finds the at most {@code max} events of a body in UTF-8, of less than 2 GiB, without keeping any of it: gives
     * {@link Places}, {@link Malformed} or {@link TooMany}.
     *
     * @throws IOException as the stream does
     */
    static EventBatch find(InputStream body, Form form, int max) throws IOException {
        return form == Form.LINES ? BatchCutter.lines(body, max) : BatchCutter.json(body, form, max);
    }
}
