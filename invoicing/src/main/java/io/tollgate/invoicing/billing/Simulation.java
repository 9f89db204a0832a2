package io.tollgate.invoicing.billing;

import io.tollgate.invoicing.invoice.BillingPeriod;
import io.tollgate.invoicing.invoice.Invoice;
import io.tollgate.invoicing.pricing.PriceHistory;
import io.tollgate.invoicing.usage.UsageReader;
import java.time.Instant;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What other prices would have made of a month's usage. Nothing is stored. */
public final class Simulation {

    private final Drafts drafts;
    private final ActiveTenants tenants;

    public Simulation(Drafts drafts, UsageReader usage) {
        this.drafts = drafts;
        this.tenants = new ActiveTenants(usage);
    }

    /**
     * A tenant's invoice of the month by the prices that bill it now, and by those that are tried. Both are computed: where
     * the month is closed, what came since is in both.
     */
    public record Effect(String tenant, Invoice before, Invoice after) {}

    /**
     * In order of tenants; of those that another pays for, the payer's. Each is computed when it is asked for, some hundred at a time, so the stream needs no more memory
     * for more tenants.
     *
     * @param present prices in force
     * @param tried of the same currency
     */
    public Stream<Effect> effects(BillingPeriod period, PriceHistory present, PriceHistory tried, Instant now) {
        return tenants
                .of(
                        period,
                        users -> new TreeSet<>(
                                drafts.payers(period.month(), users).values()))
                .stream()
                .flatMap(some -> {
                    OpenBalances balances = OpenBalances.of(present);
                    Map<String, Invoice> before = drafts.of(period.month(), some, present, balances, now);
                    Map<String, Invoice> after = drafts.of(period.month(), some, tried, balances, now);
                    return some.stream()
                            .map(tenant -> effect(tenant, before, after))
                            .filter(effect -> !effect.before().isOfNothing()
                                    || !effect.after().isOfNothing());
                });
    }

    private static Effect effect(String tenant, Map<String, Invoice> before, Map<String, Invoice> after) {
        Invoice one = before.get(tenant);
        Invoice other = after.get(tenant);
        if (one == null || other == null) {
            throw new IllegalStateException(
                    "there is a draft for each tenant that is asked for, but not for " + tenant);
        }
        return new Effect(tenant, one, other);
    }
}
