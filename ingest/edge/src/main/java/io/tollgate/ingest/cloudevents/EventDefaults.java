package io.tollgate.ingest.cloudevents;

import java.util.Optional;

/** What stands in for dimensions that an event leaves out. An event's own value always wins. */
public record EventDefaults(
        Optional<String> tenant,
        Optional<String> provider,
        Optional<String> model,
        Optional<String> acceleratorType,
        Optional<String> region,
        String operation,
        String serviceTier) {

    /** Nothing but the schema's own defaults: operation chat, service tier standard. */
    public static final EventDefaults NONE = new EventDefaults(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            "chat",
            "standard");
}
