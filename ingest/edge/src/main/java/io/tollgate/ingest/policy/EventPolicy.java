package io.tollgate.ingest.policy;

import io.tollgate.emitter.rules.Fault;
import io.tollgate.emitter.rules.RejectionReason;
import io.tollgate.events.Dimensions;
import io.tollgate.events.UsageEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What one way in lets through. Where a list is absent, everything is known.
 *
 * @param ageMax how long before its arrival usage may have happened, unless it is a backfill; above zero
 * @param operations the known ones
 * @param serviceTiers the known ones
 * @param meters the known ones; by default any, since a meter that no catalogue has is a sum
 * @param models the known ones as {@code provider/model}; by default any, since one without a price blocks the close
 *     where someone sees it
 */
public record EventPolicy(
        Duration ageMax,
        Optional<Set<String>> operations,
        Optional<Set<String>> serviceTiers,
        Optional<Set<String>> meters,
        Optional<Set<String>> models) {

    /** 35 days: how long duplicates are known at least. */
    public static final Duration AGE_MAX = Duration.ofDays(35);

    /** What is done with models; those of the OpenTelemetry conventions go by these names too. */
    public static final Set<String> OPERATIONS = Set.of(
            "agent",
            "audio",
            "chat",
            "completion",
            "embedding",
            "evaluation",
            "fine_tuning",
            "image",
            "moderation",
            "network",
            "ocr",
            "provisioned",
            "rerank",
            "search",
            "speech",
            "storage",
            "tool",
            "training",
            "transcription",
            "translation",
            "video");

    /** How fast, how sure, how cheap. */
    public static final Set<String> SERVICE_TIERS = Set.of("standard", "priority", "flex", "batch", "provisioned");

    /** 35 days, the listed operations and tiers, any meter, any model. */
    public static final EventPolicy DEFAULT = new EventPolicy(
            AGE_MAX, Optional.of(OPERATIONS), Optional.of(SERVICE_TIERS), Optional.empty(), Optional.empty());

    public EventPolicy {
        if (ageMax.isNegative() || ageMax.isZero()) {
            throw new IllegalArgumentException("ageMax is not above zero");
        }
        operations = operations.map(Set::copyOf);
        serviceTiers = serviceTiers.map(Set::copyOf);
        meters = meters.map(Set::copyOf);
        models = models.map(Set::copyOf);
    }

    public EventPolicy withAgeMax(Duration newAgeMax) {
        return new EventPolicy(newAgeMax, operations, serviceTiers, meters, models);
    }

    /** The same with other lists of operations and tiers; an absent one knows all. */
    public EventPolicy withKnown(Optional<Set<String>> newOperations, Optional<Set<String>> newServiceTiers) {
        return new EventPolicy(ageMax, newOperations, newServiceTiers, meters, models);
    }

    public EventPolicy withMeters(Optional<Set<String>> newMeters) {
        return new EventPolicy(ageMax, operations, serviceTiers, newMeters, models);
    }

    public EventPolicy withModels(Optional<Set<String>> newModels) {
        return new EventPolicy(ageMax, operations, serviceTiers, meters, newModels);
    }

    /**
     * All that speaks against an event, in a fixed order; empty when it is let in. A reversal may name what is not
     * known any more, since it takes back what was.
     *
     * @param arrival when it came in, by the receiver's clock
     * @param backfill whether old usage is sent on purpose, by someone who may
     */
    public List<Fault> check(UsageEvent event, Instant arrival, boolean backfill) {
        List<Fault> faults = new ArrayList<>(0);
        if (!backfill && event.getTime().isBefore(arrival.minus(ageMax))) {
            faults.add(new Fault(
                    RejectionReason.TIME_TOO_OLD,
                    "The time is " + event.getTime() + ", more than " + ageMax.toHours()
                            + " hours before the event came at " + arrival + "."));
        }
        if (event.getReverses() != null) {
            return List.copyOf(faults);
        }
        Dimensions dimensions = event.getDimensions();
        known(RejectionReason.UNKNOWN_OPERATION, "operation", dimensions.getOperation(), operations, faults);
        known(RejectionReason.UNKNOWN_SERVICE_TIER, "serviceTier", dimensions.getServiceTier(), serviceTiers, faults);
        if (models.isPresent()) {
            String model = dimensions.getProvider() + "/" + dimensions.getModel();
            if (!models.get().contains(model)) {
                faults.add(
                        new Fault(RejectionReason.UNKNOWN_MODEL, "The model " + Fault.shown(model) + " is not known."));
            }
        }
        if (meters.isPresent()) {
            Set<String> unknown = new TreeSet<>(event.getQuantities().keySet());
            unknown.removeAll(meters.get());
            unknown.forEach(meter -> faults.add(
                    new Fault(RejectionReason.UNKNOWN_METER, "The meter " + Fault.shown(meter) + " is not known.")));
        }
        return List.copyOf(faults);
    }

    private static void known(
            RejectionReason reason, String name, String value, Optional<Set<String>> known, List<Fault> faults) {
        if (known.isPresent() && !known.get().contains(value)) {
            faults.add(new Fault(
                    reason,
                    name + " is " + Fault.shown(value) + "; known are " + String.join(", ", new TreeSet<>(known.get()))
                            + "."));
        }
    }
}
