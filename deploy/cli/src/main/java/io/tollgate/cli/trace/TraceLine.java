package io.tollgate.cli.trace;

import io.tollgate.events.UsageEvent;
import java.nio.ByteBuffer;

/** What one line of a trace came to. Blank lines and a header come to nothing; every other line to exactly one of these. */
public sealed interface TraceLine {

    /** The physical line in the decompressed file, counted from 1. */
    long lineNumber();

    /** A line that is a usage event. */
    record Usage(long lineNumber, UsageEvent event) implements TraceLine {}

    /**
     * A line that is not.
     *
     * @param reason stable code, snake_case
     * @param detail a sentence for people: what is wrong, and with what
     * @param original the line's bytes as they came, without its line end, read-only. Of a line longer than
     *     {@link LineReader#KEPT_BYTES} only the beginning is kept, and the detail says so
     */
    record Bad(long lineNumber, String reason, String detail, ByteBuffer original) implements TraceLine {

        public Bad {
            original = original.asReadOnlyBuffer();
        }

        @Override
        public ByteBuffer original() {
            return original.duplicate();
        }
    }
}
