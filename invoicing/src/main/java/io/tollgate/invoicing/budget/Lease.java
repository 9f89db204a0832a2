package io.tollgate.invoicing.budget;

import java.time.Instant;
import java.util.Optional;

/**
 * Leave to spend so much until some time, given to one gateway. It holds its amounts until it ends, and what was spent
 * under it from then on until that is counted.
 *
 * @param id whoever wanted it chose it; asking again with it gives the same lease
 * @param held what may be spent under it
 * @param settlement what was, once that is known
 */
public record Lease(
        String id,
        Subject subject,
        Amounts held,
        Instant grantedAt,
        Instant expiresAt,
        Optional<Settlement> settlement) {

    /**
     * What was spent under a lease in all.
     *
     * @param at when that was said: nothing is spent under it after that
     */
    public record Settlement(Amounts spent, Instant at) {}

    /** How it stands. */
    public enum State {
        OPEN,
        /** Nobody said what was spent, so it counts as spent whole. */
        EXPIRED,
        SETTLED
    }

    /** What came of wanting to change it. */
    public sealed interface Change {

        /** As it is now; it may have been so before. */
        record Made(Lease lease) implements Change {}

        /** It stays as it is. */
        record Refused(String code, String detail) implements Change {}
    }

    public State state(Instant now) {
        if (settlement.isPresent()) {
            return State.SETTLED;
        }
        return now.isBefore(expiresAt) ? State.OPEN : State.EXPIRED;
    }

    /** From when on nothing is spent under it. */
    public Instant endsAt() {
        return settlement
                .map(Settlement::at)
                .filter(at -> at.isBefore(expiresAt))
                .orElse(expiresAt);
    }

    /** What may not have been counted yet, for a count of all that was used by {@code through}. */
    public Amounts uncounted(Instant through) {
        if (!endsAt().isAfter(through)) {
            return Amounts.NONE;
        }
        return settlement.map(Settlement::spent).orElse(held);
    }

    /** Longer, never shorter: a repeated or late call changes nothing. */
    public Change renew(Instant until, Instant now) {
        return switch (state(now)) {
            case OPEN ->
                new Change.Made(
                        until.isAfter(expiresAt) ? new Lease(id, subject, held, grantedAt, until, settlement) : this);
            case EXPIRED -> new Change.Refused("lease_expired", "the lease expired at " + expiresAt);
            case SETTLED -> new Change.Refused("lease_settled", "the lease is settled; nothing is spent under it");
        };
    }

    /**
     * Says what was spent; once. It may be more than was held: then that is so. After its end, too, as long as what it held
     * matters.
     */
    public Change settle(Amounts spent, Instant now) {
        if (settlement.isPresent()) {
            return settlement.get().spent().equals(spent)
                    ? new Change.Made(this)
                    : new Change.Refused("lease_settled", "the lease is settled, with another amount");
        }
        return new Change.Made(
                new Lease(id, subject, held, grantedAt, expiresAt, Optional.of(new Settlement(spent, now))));
    }

    /** Whether somebody who asks with the same id asks for the same. */
    public boolean isOf(Subject other, Amounts wanted) {
        return subject.equals(other) && held.equals(wanted);
    }

    /** One that begins now. */
    public static Lease granted(String id, Subject subject, Amounts wanted, Instant now, Instant until) {
        return new Lease(id, subject, wanted, now, until, Optional.empty());
    }
}
