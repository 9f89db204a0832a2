package io.tollgate.invoicing.invoice;

import io.tollgate.invoicing.rating.UnbilledUsage;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/** How firm an invoice is: draft, then grace, then final. How a final one stands afterwards is its {@code Account}'s. */
public sealed interface InvoiceStatus {

    /** {@code draft}, {@code grace} or {@code final}. */
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
     * Its period is over, and it still follows late usage.
     *
     * @param asOf when it was computed
     * @param until when it may be closed
     */
    record Grace(Instant asOf, Instant until) implements InvoiceStatus {
        @Override
        public String label() {
            return "grace";
        }
    }

    /**
     * Never changes.
     *
     * @param finalisedAt when it was closed
     * @param issue its number and due date, once it has them
     * @param waived exceptions that a named person let pass; they stay on its record
     */
    record Final(Instant finalisedAt, Optional<Issue> issue, List<UnbilledUsage> waived) implements InvoiceStatus {

        public Final {
            waived = List.copyOf(waived);
        }

        /** Without exceptions, not numbered yet. */
        public Final(Instant finalisedAt) {
            this(finalisedAt, Optional.empty(), List.of());
        }

        /** The same with a number. */
        public Final issuedAs(Issue drawn) {
            return new Final(finalisedAt, Optional.of(drawn), waived);
        }

        @Override
        public String label() {
            return "final";
        }
    }

    /**
     * What a document gets when it is issued.
     *
     * @param dueOn last day, of UTC, on which it is paid in time
     */
    record Issue(DocumentNumber number, LocalDate dueOn) {}
}
