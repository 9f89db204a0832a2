package io.tollgate.ingest.cloudevents;

import io.tollgate.emitter.rules.RejectionReason;
import io.tollgate.events.EventIdentity;
import io.tollgate.events.UsageEvent;
import java.util.Optional;

/** What came of one event's bytes. */
public sealed interface Parsed {

    /** An event that keeps all rules. */
    record Accepted(UsageEvent event) implements Parsed {}

    /**
     * An event that is kept out.
     *
     * @param reason the first thing that is wrong
     * @param detail sentences: what is wrong, all of it as far as it could be found, and what to do
     * @param identity who it is, when that could be read
     */
    record Rejected(RejectionReason reason, String detail, Optional<EventIdentity> identity) implements Parsed {}
}
