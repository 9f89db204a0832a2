package io.tollgate.ingest.corrections;

import io.tollgate.events.EventIdentity;
import io.tollgate.events.UsageEvent;
import io.tollgate.ingest.archive.CountedEvents;
import io.tollgate.ingest.delivery.Delivery;
import io.tollgate.schemas.Digest;
import io.tollgate.service.Problem;
import io.tollgate.service.ProblemException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reverses and amends events that were counted. Whatever is done again changes nothing. Safe for use by many threads. */
public final class Corrections {

    private static final int CONFLICT = 409;
    private static final int UNPROCESSABLE = 422;
    private static final int BAD_GATEWAY = 502;
    private static final int REMEMBERED_MAX = 10_000;
    private static final String ALREADY_REVERSED = "event_already_reversed";

    private final CountedEvents counted;
    private final Delivery delivery;
    /** The content of the last amendments that were sent, the oldest first: the archive is some seconds behind. */
    private final Map<Target, Digest> sent = new LinkedHashMap<>();

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

    /**
     * Takes an event back.
     *
     * @throws ProblemException 409 when the source has done it itself, or the reversal's identity is another event's
     */
    public Done reverse(UsageEvent event) {
        UsageEvent reversal = Reversal.of(event);
        boolean reversed = isReversed(event, reversal);
        if (!reversed) {
            delivery.send(List.of(reversal));
        }
        return new Done(identityOf(reversal), reversed);
    }

    /**
     * Takes an event back and sends another in its place. The other goes first: when Kafka has the reversal, it has both.
     *
     * @param instead keeps all rules
     * @throws ProblemException 422 when it cannot be in the event's place, 409 as for a reversal, or when another is
     */
    public Done amend(UsageEvent event, UsageEvent instead) {
        checkPlace(event, instead);
        UsageEvent reversal = Reversal.of(event);
        boolean reversed = isReversed(event, reversal);
        boolean amended = isCounted(instead, alreadyAmended(instead));
        if (reversed && !amended) {
            throw conflict(
                    ALREADY_REVERSED,
                    "The event was taken back before, and this amendment was not counted. If this very request was sent"
                            + " before, send it again in some seconds; else send what comes in its place as an event,"
                            + " under an id of its own.");
        }
        if (!amended) {
            send(instead);
        }
        if (!reversed) {
            delivery.send(List.of(reversal));
        }
        return new Done(identityOf(reversal), reversed);
    }

    private static void checkPlace(UsageEvent event, UsageEvent instead) {
        EventIdentity identity = Derived.AMENDMENT.of(identityOf(event));
        if (!identityOf(instead).equals(identity)) {
            throw new ProblemException(unprocessable(
                            "amendment_identity",
                            "The amendment's source and id follow from the event's, so that an event is amended once:"
                                    + " leave them out, or send source '" + identity.getSource() + "' and id '"
                                    + identity.getId() + "'.")
                    .with("amendment", shown(identity)));
        }
        if (instead.getReverses() != null) {
            throw new ProblemException(unprocessable(
                    "amendment_is_reversal",
                    "The amendment is a reversal. To take the event back and put nothing in its place, reverse it."));
        }
        // In another partition the job would not see that the event was amended before.
        if (!tenantOf(instead).equals(tenantOf(event))) {
            throw new ProblemException(unprocessable(
                    "amendment_tenant",
                    "The amendment is of another tenant than the event. Reverse the event, and send the right tenant's"
                            + " as an event, under an id of its own."));
        }
    }

    /** One that Kafka refuses for good was not sent; of all others nobody knows. */
    private void send(UsageEvent instead) {
        remember(instead);
        try {
            delivery.send(List.of(instead));
        } catch (ProblemException e) {
            if (e.problem().status() == BAD_GATEWAY) {
                forget(instead);
            }
            throw e;
        }
    }

    private synchronized void remember(UsageEvent instead) {
        Digest content = Digest.of(instead);
        if (!sent.computeIfAbsent(targetOf(instead), target -> content).equals(content)) {
            throw new ProblemException(alreadyAmended(instead));
        }
        if (sent.size() > REMEMBERED_MAX) {
            sent.remove(sent.keySet().iterator().next());
        }
    }

    private synchronized void forget(UsageEvent instead) {
        sent.remove(targetOf(instead));
    }

    /** Whether our reversal is counted. */
    private boolean isReversed(UsageEvent event, UsageEvent reversal) {
        EventIdentity ours = identityOf(reversal);
        boolean reversed = isCounted(
                reversal,
                Problem.of(
                                CONFLICT,
                                "reversal_identity_taken",
                                "Another event has the source and id that the reversal would have, which 'reversal' names,"
                                        + " and what it takes back, if anything, is not all of the event. Send a"
                                        + " reversal as an event, under another id, that names the event in"
                                        + " 'reverses'.")
                        .with("reversal", shown(ours)));
        for (EventIdentity each : counted.reversalsOf(event)) {
            if (!each.equals(ours)) {
                throw new ProblemException(Problem.of(
                                CONFLICT,
                                ALREADY_REVERSED,
                                "The source has taken the event back itself, by the event that 'reversal' names. What that"
                                        + " one left, if anything, can only be taken back by another event of the"
                                        + " source.")
                        .with("reversal", shown(each)));
            }
        }
        return reversed;
    }

    /**
     * Whether this very event is counted, as the job tells a copy from a conflict.
     *
     * @param taken what to tell when another is under its identity
     */
    private boolean isCounted(UsageEvent event, Problem taken) {
        List<UsageEvent> found = counted.find(identityOf(event), Optional.of(tenantOf(event)));
        Digest content = Digest.of(event);
        boolean counts = found.stream().anyMatch(each -> Digest.of(each).equals(content));
        if (!counts && !found.isEmpty()) {
            throw new ProblemException(taken);
        }
        return counts;
    }

    private static Problem alreadyAmended(UsageEvent instead) {
        EventIdentity identity = identityOf(instead);
        return Problem.of(
                        CONFLICT,
                        "event_already_amended",
                        "Another amendment of the event was sent before, under the source and id that 'amendment' names, and"
                                + " this one was not. Amend that one in turn, or reverse it; if it may not have arrived,"
                                + " send it again first.")
                .with("amendment", shown(identity));
    }

    private static Target targetOf(UsageEvent event) {
        return new Target(identityOf(event), Optional.of(tenantOf(event)));
    }

    private static EventIdentity identityOf(UsageEvent event) {
        return new EventIdentity(event.getSource(), event.getId());
    }

    private static String tenantOf(UsageEvent event) {
        return event.getDimensions().getTenant();
    }

    private static Map<String, String> shown(EventIdentity identity) {
        return Map.of("source", identity.getSource(), "id", identity.getId());
    }

    private static Problem unprocessable(String code, String detail) {
        return Problem.of(UNPROCESSABLE, code, detail);
    }

    private static ProblemException conflict(String code, String detail) {
        return new ProblemException(Problem.of(CONFLICT, code, detail));
    }
}
