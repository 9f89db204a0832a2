package io.tollgate.ingest.corrections;

import io.tollgate.events.EventIdentity;
import io.tollgate.events.UsageEvent;
import io.tollgate.ingest.archive.CountedEvents;
import io.tollgate.ingest.delivery.Delivery;
import io.tollgate.schemas.Digest;
import io.tollgate.service.Problem;
import io.tollgate.service.ProblemException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reverses and amends events that were counted. Whatever is done again changes nothing. */
public final class Corrections {

    private static final int CONFLICT = 409;
    private static final int UNPROCESSABLE = 422;
    private static final String ALREADY_REVERSED = "event_already_reversed";

    private final CountedEvents counted;
    private final Delivery delivery;

    public Corrections(CountedEvents counted, Delivery delivery) {
        this.counted = counted;
        this.delivery = delivery;
    }

    /**
     * Which event.
     *
     * @param tenant whose, where several tenants' events share the identity
     */
    public record Target(EventIdentity identity, Optional<String> tenant) {}

    /**
     * What was done.
     *
     * @param reversal the identity that takes back the event
     * @param repeated whether all of it had been counted before, so that nothing was sent
     */
    public record Done(EventIdentity reversal, boolean repeated) {}

    /**
     * What takes an event back.
     *
     * @param counted whether it is counted already
     */
    private record Known(UsageEvent reversal, boolean counted) {

        EventIdentity identity() {
            return identityOf(reversal);
        }
    }

    /**
     * The event that a correction is about.
     *
     * @throws ProblemException 404 when nothing of that identity was counted, 409 when several were, or a reversal
     */
    public UsageEvent find(Target target) {
        EventIdentity identity = target.identity();
        List<UsageEvent> found = counted.find(identity, target.tenant());
        if (found.isEmpty()) {
            throw new ProblemException(Problem.of(
                    404,
                    "event_not_found",
                    "No event of that source and id was counted. It may take some seconds until one that was accepted is"
                            + " found here; and check that source and id are percent-encoded, each as one segment."));
        }
        if (found.size() > 1) {
            throw conflict(
                    "event_ambiguous",
                    "More than one event of that source and id was counted. Name the tenant with ?tenant=; where one"
                            + " tenant has several, send the reversals as events of their own.");
        }
        if (found.get(0).getReverses() != null) {
            throw conflict(
                    "event_is_reversal",
                    "The event is a reversal itself. To count again what it took back, send that anew, under an id of"
                            + " its own.");
        }
        return found.get(0);
    }

    /** Takes an event back. */
    public Done reverse(UsageEvent event) {
        Known known = reversalOf(event);
        if (!known.counted()) {
            delivery.send(List.of(known.reversal()));
        }
        return new Done(known.identity(), known.counted());
    }

    /**
     * Takes an event back and sends another in its place. The other goes first: when Kafka has the reversal, it has both.
     *
     * @param instead keeps all rules
     */
    public Done amend(UsageEvent event, UsageEvent instead) {
        EventIdentity identity = identityOf(instead);
        if (instead.getReverses() != null) {
            throw new ProblemException(Problem.of(
                    UNPROCESSABLE,
                    "amendment_is_reversal",
                    "The amendment is a reversal. To take the event back and put nothing in its place, reverse it."));
        }
        Known known = reversalOf(event);
        if (identity.equals(identityOf(event)) || identity.equals(known.identity())) {
            throw new ProblemException(Problem.of(
                    UNPROCESSABLE,
                    "amendment_same_identity",
                    "The amendment has the source and id of the event that it amends, or of its reversal, and would be"
                            + " dropped as its copy. Send it under an id of its own."));
        }
        List<UsageEvent> others = counted.find(identity, Optional.empty());
        // As the job tells a copy from a conflict.
        if (others.stream().anyMatch(other -> !Digest.of(other).equals(Digest.of(instead)))) {
            throw conflict(
                    "identity_conflict",
                    "Another event with the source and id of the amendment was counted. Send it under an id of its"
                            + " own.");
        }
        if (known.counted() && others.isEmpty()) {
            throw conflict(
                    ALREADY_REVERSED,
                    "The event was taken back before, and this amendment was not counted. If this very request was sent"
                            + " before, send it again in some seconds; else send the amendment as an event, or amend"
                            + " what came in the place of the first.");
        }
        if (others.isEmpty()) {
            delivery.send(List.of(instead));
        }
        if (!known.counted()) {
            delivery.send(List.of(known.reversal()));
        }
        return new Done(known.identity(), known.counted());
    }

    /** @throws ProblemException 409 when the source has done it itself, under an identity that we did not give */
    private Known reversalOf(UsageEvent event) {
        UsageEvent reversal = Reversal.of(event);
        List<EventIdentity> reversals = counted.reversalsOf(event);
        for (EventIdentity each : reversals) {
            if (!each.equals(identityOf(reversal))) {
                throw new ProblemException(Problem.of(
                                CONFLICT,
                                ALREADY_REVERSED,
                                "The source has taken the event back itself, by the event that 'reversal' names. What that"
                                        + " one left, if anything, can only be taken back by another event of the"
                                        + " source.")
                        .with("reversal", Map.of("source", each.getSource(), "id", each.getId())));
            }
        }
        return new Known(reversal, !reversals.isEmpty());
    }

    private static EventIdentity identityOf(UsageEvent event) {
        return new EventIdentity(event.getSource(), event.getId());
    }

    private static ProblemException conflict(String code, String detail) {
        return new ProblemException(Problem.of(CONFLICT, code, detail));
    }
}
