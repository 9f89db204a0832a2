package io.tollgate.cli.trace;

import io.tollgate.events.UsageEvent;

/** Reads an event that one line holds whole, as ingest does it at the edge. */
@FunctionalInterface
public interface EventParser {

    /** Never throws because of what the bytes are. */
    Parsed parse(byte[] line);

    /** The event, or why it is none. */
    sealed interface Parsed {

        /** A line that is a usage event, with identity and dimensions of its own. */
        record Accepted(UsageEvent event) implements Parsed {}

        /**
         * A line that is not.
         *
         * @param reason stable code, snake_case
         */
        record Rejected(String reason, String detail) implements Parsed {}
    }
}
