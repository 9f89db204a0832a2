package io.tollgate.invoicing.invoice;

import io.tollgate.invoicing.rating.UnbilledUsage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The answer to "may this invoice be closed?". */
public sealed interface Closing {

    /** The code of there being nothing to bill. */
    String NO_USAGE = "no_usage";

    /**
     * It may.
     *
     * @param invoice final
     */
    record Closed(Invoice invoice) implements Closing {}

    /**
     * It may not.
     *
     * @param blockers at least one, the most important first
     */
    record Refused(List<Blocker> blockers) implements Closing {
        public Refused {
            blockers = List.copyOf(blockers);
        }
    }

    /**
     * Something that must be settled first.
     *
     * @param code stable: {@code period_open}, {@code in_grace}, {@code no_usage}, {@code negative_total},
     *     {@code earlier_period_open}, one of {@link UnbilledUsage.Reason}, or of a contract {@code no_issuer},
     *     {@code no_tax_rate}, {@code no_exchange_rate}
     * @param detail for people
     */
    record Blocker(String code, String detail) {

        /** An entry of an exception list. */
        public static Blocker of(UnbilledUsage usage) {
            return new Blocker(usage.reason().code(), usage.detail());
        }
    }

    /**
     * Closes a draft, unless something speaks against it.
     *
     * @param others what else speaks against it, such as usage of the period whose tenant nobody told: it may be this
     *     one's, so it blocks every close
     * @param isWaived whether a named person let it pass; asked of exceptions only, never of what makes closing impossible
     */
    static Closing of(Invoice draft, List<Blocker> others, Predicate<Blocker> isWaived, Instant now) {
        List<Blocker> blockers = new ArrayList<>();
        if (!draft.period().hasEndedBy(now)) {
            blockers.add(new Blocker(
                    "period_open",
                    "the period ends at " + draft.period().range().to() + "; it is " + now));
        }
        if (draft.isOfNothing()) {
            blockers.add(new Blocker(
                    NO_USAGE, draft.id().tenant() + " used nothing in " + draft.period() + ", so there is no invoice"));
        }
        if (draft.total().amount().signum() < 0
                && draft.exceptions().stream().map(Blocker::of).allMatch(isWaived)) {
            blockers.add(new Blocker("negative_total", "an invoice of " + draft.total() + " would pay its tenant"));
        }
        others.stream().filter(isWaived.negate()).forEach(blockers::add);
        draft.exceptions().stream().map(Blocker::of).filter(isWaived.negate()).forEach(blockers::add);
        draft.statement()
                .ifPresent(terms -> terms.gaps().forEach(gap -> blockers.add(new Blocker(gap.code(), gap.detail()))));
        return blockers.isEmpty()
                ? new Closed(draft.as(new InvoiceStatus.Final(now, Optional.empty(), draft.exceptions())))
                : new Refused(blockers);
    }

    /** Closes a draft of which nothing was waived. */
    static Closing of(Invoice draft, List<UnbilledUsage> tenantless, Instant now) {
        return of(draft, tenantless.stream().map(Blocker::of).toList(), blocker -> false, now);
    }
}
