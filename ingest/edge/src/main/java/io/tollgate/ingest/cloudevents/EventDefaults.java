package io.tollgate.ingest.cloudevents;

import io.tollgate.events.EventIdentity;
import java.util.Optional;

/** What stands in for what an event leaves out. An event's own value always wins. */
public record EventDefaults(
        Optional<String> tenant,
        Optional<String> provider,
        Optional<String> model,
        Optional<String> acceleratorType,
        Optional<String> region,
        String operation,
        String serviceTier,
        Optional<EventIdentity> identity) {

    /** Nothing but the schema's own defaults: operation chat, service tier standard. */
    public static final EventDefaults NONE = new EventDefaults(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            "chat",
            "standard");

    /** None for the identity. */
    public EventDefaults(
            Optional<String> tenant,
            Optional<String> provider,
            Optional<String> model,
            Optional<String> acceleratorType,
            Optional<String> region,
            String operation,
            String serviceTier) {
        this(tenant, provider, model, acceleratorType, region, operation, serviceTier, Optional.empty());
    }

    /** The same for an event whose source and id are known otherwise. */
    public EventDefaults withIdentity(EventIdentity known) {
        return new EventDefaults(
                tenant, provider, model, acceleratorType, region, operation, serviceTier, Optional.of(known));
    }
}
