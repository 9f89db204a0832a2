package io.tollgate.invoicing.billing;

import io.tollgate.invoicing.contract.Payers;
import io.tollgate.invoicing.invoice.BillingPeriod;
import io.tollgate.invoicing.usage.Whose;
import java.time.Clock;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** In which time zone somebody's figures are told: that of the contract that is billed by today. */
public final class Zones {

    /** As answers name it; the offset is called Z. */
    private static final ZoneId UTC = ZoneId.of("UTC");

    private final Agreements agreements;
    private final Clock clock;

    public Zones(Agreements agreements, Clock clock) {
        this.agreements = agreements;
        this.clock = clock;
    }

    /** UTC for anybody but a single tenant with a contract, its own or that of the account which pays for it. */
    public ZoneId of(Whose whose) {
        if (!(whose instanceof Whose.Tenants named) || named.tenants().size() != 1) {
            return UTC;
        }
        String tenant = named.tenants().iterator().next();
        Payers payers = agreements.payers(named.tenants());
        YearMonth month = YearMonth.now(clock.withZone(ZoneOffset.UTC));
        ZoneId zone = BillingPeriod.of(month, payers.of(tenant, month), payers).zone();
        return zone.equals(ZoneOffset.UTC) ? UTC : zone;
    }

    /** The same of several tenants at once: who is in which zone. */
    Map<ZoneId, Set<String>> of(Set<String> tenants) {
        Payers payers = agreements.payers(tenants);
        YearMonth month = YearMonth.now(clock.withZone(ZoneOffset.UTC));
        Map<ZoneId, Set<String>> zones = new LinkedHashMap<>();
        for (String tenant : new TreeSet<>(tenants)) {
            ZoneId zone =
                    BillingPeriod.of(month, payers.of(tenant, month), payers).zone();
            zones.computeIfAbsent(zone, key -> new TreeSet<>()).add(tenant);
        }
        return zones;
    }
}
