package io.tollgate.ingest.cloudevents;

import io.tollgate.emitter.rules.Fault;
import io.tollgate.emitter.rules.RejectionReason;
import io.tollgate.events.EventIdentity;
import io.tollgate.events.UsageEvent;
import io.tollgate.ingest.usage.UnknownFields;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What came of one event's bytes. */
public sealed interface Parsed {

    /**
     * An event that keeps all rules.
     *
     * @param unknown what stood in the vendor's usage body and was not read; empty when the event has none such
     */
    record Accepted(UsageEvent event, Optional<UnknownFields> unknown) implements Parsed {

        /** An event all of which was read. */
        public Accepted(UsageEvent event) {
            this(event, Optional.empty());
        }
    }

    /**
     * An event that is kept out.
     *
     * @param reason the first thing that is wrong
     * @param detail sentences: what is wrong, all of it as far as it could be found, and what to do
     * @param identity who it is, when that could be read
     */
    record Rejected(RejectionReason reason, String detail, Optional<EventIdentity> identity) implements Parsed {

        /** An event that could be read, and what speaks against it: at least one fault. */
        public static Rejected of(UsageEvent event, List<Fault> faults) {
            return new Rejected(
                    faults.get(0).reason(),
                    faults.stream().map(Fault::explanation).distinct().collect(Collectors.joining(" ")),
                    Optional.of(new EventIdentity(event.getSource(), event.getId())));
        }
    }
}
