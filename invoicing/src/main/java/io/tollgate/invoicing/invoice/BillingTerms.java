package io.tollgate.invoicing.invoice;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * What the operator says about issuing invoices.
 *
 * @param issuer short name of the entity that issues them, 1 to 64 of a-z, 0-9 and -; numbers count per issuer
 * @param grace how long after its period's end an invoice still follows late usage, not negative
 * @param paymentDays days from issue to the due date, not negative
 * @param needsContract whether whoever has no contract is an exception of the month's close; else the list prices bill him
 */
public record BillingTerms(String issuer, Duration grace, int paymentDays, boolean needsContract) {

    /** No grace, due in 30 days, with or without a contract. */
    public static final BillingTerms USUAL = new BillingTerms("tollgate", Duration.ZERO, 30, false);

    public BillingTerms {
        if (!isIssuer(issuer)) {
            throw new IllegalArgumentException("an issuer has 1 to 64 of a-z, 0-9 and -, not \"" + issuer + "\"");
        }
        if (grace.isNegative() || paymentDays < 0) {
            throw new IllegalArgumentException("neither grace nor days to pay can be negative");
        }
    }

    /** Whether an issuer can be named so. */
    public static boolean isIssuer(String name) {
        return name.matches("[a-z0-9][a-z0-9-]{0,63}");
    }

    /** When invoices of the period may be closed. */
    public Instant graceUntil(BillingPeriod period) {
        return period.range().to().plus(grace);
    }

    /** Whether the period is over, and late usage still waited for. */
    public boolean isInGrace(BillingPeriod period, Instant now) {
        return period.hasEndedBy(now) && now.isBefore(graceUntil(period));
    }

    /** The open invoice, marked as one in grace if it is. */
    public Invoice open(Invoice draft, Instant now) {
        return isInGrace(draft.period(), now)
                ? draft.as(new InvoiceStatus.Grace(now, graceUntil(draft.period())))
                : draft;
    }

    /** The last day on which what is issued now is paid in time. */
    public LocalDate dueOn(Instant issuedAt) {
        return LocalDate.ofInstant(issuedAt, ZoneOffset.UTC).plusDays(paymentDays);
    }
}
