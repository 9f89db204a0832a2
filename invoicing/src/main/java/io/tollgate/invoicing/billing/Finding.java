package io.tollgate.invoicing.billing;

import io.tollgate.invoicing.invoice.Closing.Blocker;
import io.tollgate.invoicing.invoice.Invoice;

/** What is found under an invoice's identity. */
public sealed interface Finding {

    /**
     * A final invoice.
     *
     * @param document its canonical JSON
     */
    record Kept(String document) implements Finding {}

    /** None that is final, but usage that makes a draft. */
    record Drafted(Invoice draft) implements Finding {}

    /**
     * Nothing.
     *
     * @param why {@code no_invoice}, {@code no_usage}, {@code billed_by_account} or {@code no_price_book}
     */
    record None(Blocker why) implements Finding {}
}
