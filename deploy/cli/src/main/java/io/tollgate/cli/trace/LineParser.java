package io.tollgate.cli.trace;

import io.tollgate.events.UsageEvent;
import java.util.Optional;

/** Reads the lines of one pass over one file, in order; may remember what earlier lines said. Not for many threads. */
interface LineParser {

    /**
     * The event of a line that is neither blank nor too long; empty for a header.
     *
     * @param name the id of its event, unless the line brings one along
     * @throws FaultyLineException when it is no usage event; whatever the parser remembers is then as it was before
     */
    Optional<UsageEvent> parse(RawLine line, String name) throws FaultyLineException;
}
