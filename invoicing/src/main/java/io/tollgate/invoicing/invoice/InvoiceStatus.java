package io.tollgate.invoicing.invoice;

import java.time.Instant;

/** How firm an invoice is. */
public sealed interface InvoiceStatus {

    /** {@code draft} or {@code final}. */
    String label();

    /**
     * Follows the usage.
     *
     * @param asOf when it was computed
     */
    record Draft(Instant asOf) implements InvoiceStatus {
        @Override
        public String label() {
            return "draft";
        }
    }

    /**
     * Never changes.
     *
     * @param finalisedAt when it was closed
     */
    record Final(Instant finalisedAt) implements InvoiceStatus {
        @Override
        public String label() {
            return "final";
        }
    }
}
