package io.tollgate.invoicing.invoice;

import io.tollgate.invoicing.rating.UnbilledUsage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The answer to "may this invoice be closed?". */
public sealed interface Closing {

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
     * @param code stable: {@code period_open}, {@code no_usage}, {@code usage_without_tenant}, {@code unpriced_usage},
     *     {@code negative_usage}, {@code meter_counted_two_ways}, {@code unmatched_reversal}, {@code no_issuer},
     *     {@code no_tax_rate}, {@code no_exchange_rate}, {@code earlier_period_open}
     * @param detail for people
     */
    record Blocker(String code, String detail) {}

    /**
     * Closes a draft, unless something speaks against it.
     *
     * @param tenantless usage of the period whose tenant nobody told: it may be this one's, so it blocks every close
     */
    static Closing of(Invoice draft, List<UnbilledUsage> tenantless, Instant now) {
        List<Blocker> blockers = new ArrayList<>();
        if (!draft.period().hasEndedBy(now)) {
            blockers.add(new Blocker(
                    "period_open",
                    "the period ends at " + draft.period().range().to() + "; it is " + now));
        }
        if (draft.isOfNothing()) {
            blockers.add(new Blocker(
                    "no_usage",
                    draft.id().tenant() + " used nothing in " + draft.period() + ", so there is no invoice"));
        }
        for (UnbilledUsage usage : tenantless) {
            blockers.add(new Blocker(usage.reason().code(), usage.detail()));
        }
        for (UnbilledUsage usage : draft.exceptions()) {
            blockers.add(new Blocker(usage.reason().code(), usage.detail()));
        }
        draft.statement()
                .ifPresent(terms -> terms.gaps().forEach(gap -> blockers.add(new Blocker(gap.code(), gap.detail()))));
        return blockers.isEmpty() ? new Closed(draft.as(new InvoiceStatus.Final(now))) : new Refused(blockers);
    }
}
