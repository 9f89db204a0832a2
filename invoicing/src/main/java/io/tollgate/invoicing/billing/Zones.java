package io.tollgate.invoicing.billing;

import io.tollgate.invoicing.contract.Payers;
import io.tollgate.invoicing.invoice.BillingPeriod;
import io.tollgate.invoicing.usage.Whose;
import java.time.Clock;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** In which time zone somebody's figures are told: that of the contract that is billed by today. */
public final class Zones {

    private final Agreements agreements;
    private final Clock clock;

    public Zones(Agreements agreements, Clock clock) {
        this.agreements = agreements;
        this.clock = clock;
    }

    /** UTC for anybody but a single tenant with a contract, its own or that of the account which pays for it. */
    public ZoneId of(Whose whose) {
        if (!(whose instanceof Whose.Tenants named) || named.tenants().size() != 1) {
            return ZoneOffset.UTC;
        }
        String tenant = named.tenants().iterator().next();
        Payers payers = agreements.payers(named.tenants());
        YearMonth month = YearMonth.now(clock.withZone(ZoneOffset.UTC));
        return BillingPeriod.of(month, payers.of(tenant, month), payers).zone();
    }
}
