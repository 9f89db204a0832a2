package io.tollgate.invoicing.billing;

import io.tollgate.invoicing.contract.Payers;
import io.tollgate.invoicing.invoice.BillingPeriod;
import io.tollgate.invoicing.usage.TimeRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Whose usage is a tenant's to pay, or its own. */
public final class InvoicedTenants {

    private final Agreements agreements;

    public InvoicedTenants(Agreements agreements) {
        this.agreements = agreements;
    }

    /** @param tenants itself among them */
    public record During(TimeRange range, Set<String> tenants) {}

    /** By stretches of the range in which they are the same, in order; while another pays for the tenant, itself alone. */
    public List<During> of(String tenant, TimeRange range) {
        Payers payers = agreements.payers(Set.of(tenant));
        List<During> stretches = new ArrayList<>();
        Months.payersOf(Set.of(tenant), payers, range).forEach((month, paying) -> {
            Set<String> tenants = payers.paysForItself(tenant, month) ? payers.paidBy(tenant, month) : Set.of(tenant);
            TimeRange part = range.within(
                    BillingPeriod.of(month, payers.of(tenant, month), payers).range());
            int last = stretches.size() - 1;
            if (last >= 0 && stretches.get(last).tenants().equals(tenants)) {
                stretches.set(
                        last,
                        new During(new TimeRange(stretches.get(last).range().from(), part.to()), tenants));
            } else {
                stretches.add(new During(part, tenants));
            }
        });
        return stretches;
    }
}
