package io.tollgate.cli.trace;

import io.tollgate.events.UsageEvent;
import java.util.Optional;

/** What an event must be besides readable, so that a line that would be refused later is a bad line now. */
@FunctionalInterface
public interface EventCheck {

    /** Why the event would be refused, if so. */
    Optional<EventParser.Parsed.Rejected> problemOf(UsageEvent event);
}
