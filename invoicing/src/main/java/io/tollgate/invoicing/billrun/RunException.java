package io.tollgate.invoicing.billrun;

import io.tollgate.invoicing.invoice.Closing.Blocker;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.UUID;

/**
 * Something that a person must decide on before a month can be closed.
 *
 * @param tenant whose invoice it blocks; empty where it is nobody's, and so blocks everybody's
 * @param code of a {@link Blocker}, or {@code unsettled_rejected_events} or {@code rollup_lag}
 * @param detail for people; it holds the figures, so a waiver lets pass what was seen and not what comes later
 */
public record RunException(String tenant, String code, String detail) {

    /** Something in the tenant's contract, prices or usage that the calculation does not take. */
    public static final String NOT_COMPUTED = "not_computed";

    /** Events that are not in the rollups yet. */
    public static final String LAG = "rollup_lag";

    private static final Set<String> NEVER_WAIVED = Set.of(
            "negative_total",
            NOT_COMPUTED,
            "period_open",
            "in_grace",
            "earlier_period_open",
            "no_issuer",
            "no_tax_rate",
            "no_exchange_rate");

    public static RunException of(String tenant, Blocker blocker) {
        return new RunException(tenant, blocker.code(), blocker.detail());
    }

    /** Events that were kept out while the period's usage was coming, and have not been counted since. */
    public static RunException unsettled(String reason, long events) {
        return new RunException(
                "",
                "unsettled_rejected_events",
                events + " events were kept out because of " + reason
                        + " and not counted since; send them again once the cause is mended");
    }

    /** Events that are in the archive and not in rollups. */
    public static RunException lag(String tenant, long events) {
        return new RunException(
                tenant,
                LAG,
                events + " events of the period are in the archive and not in the rollups yet; see whether the job that"
                        + " makes them runs");
    }

    /** As it stands in the way of an invoice. */
    public Blocker blocker() {
        return new Blocker(code, detail);
    }

    /** Whether it may be let pass by a named person: not what would make a wrong invoice, or none. */
    public boolean canBeWaived() {
        return !NEVER_WAIVED.contains(code);
    }

    /** Follows from what it says. */
    public String id() {
        return UUID.nameUUIDFromBytes((tenant + '\n' + code + '\n' + detail).getBytes(StandardCharsets.UTF_8))
                .toString();
    }
}
