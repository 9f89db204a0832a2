package io.tollgate.invoicing.billrun;

import io.tollgate.invoicing.invoice.BillingPeriod;
import io.tollgate.invoicing.invoice.BillingTerms;
import io.tollgate.invoicing.invoice.InvoiceId;
import java.time.YearMonth;
import java.util.Optional;

/** Identity of a bill run: one entity closes a month once, however often it is told to. */
public record BillRunId(YearMonth month, String issuer) {

    /** Reads {@code <yyyy-MM>.<issuer>}; empty if it is no id. */
    public static Optional<BillRunId> parse(String text) {
        int dot = text.indexOf('.');
        return dot < 0 || !BillingTerms.isIssuer(text.substring(dot + 1))
                ? Optional.empty()
                : InvoiceId.parseMonth(text.substring(0, dot))
                        .map(month -> new BillRunId(month, text.substring(dot + 1)));
    }

    public BillingPeriod period() {
        return BillingPeriod.of(month);
    }

    /** {@code 2026-10.tollgate}. */
    @Override
    public String toString() {
        return month + "." + issuer;
    }
}
