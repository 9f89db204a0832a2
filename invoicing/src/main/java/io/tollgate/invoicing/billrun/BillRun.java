package io.tollgate.invoicing.billrun;

import io.tollgate.invoicing.money.Money;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How far a month's close is.
 *
 * @param failure why it failed
 * @param updatedAt when it last got on
 * @param pending tenants that wait for their turn
 * @param invoiced tenants that have their final invoice, and it is not void
 * @param nothing tenants whose usage came to nothing
 * @param blocked tenants with exceptions that nobody has waived
 * @param voided invoices that were voided since, in order of tenant, whose month nobody billed again
 * @param totals of the invoices, one for each currency, in order of their codes
 * @param exceptionCount how many exceptions there are, waived or not
 */
public record BillRun(
        BillRunId id,
        State state,
        Optional<String> failure,
        Instant startedAt,
        Instant updatedAt,
        long pending,
        long invoiced,
        long nothing,
        long blocked,
        List<String> voided,
        List<Money> totals,
        long exceptionCount) {

    /** Where it is in its life. */
    public enum State {
        /** Works through the tenants; if nobody does any more, starting it again goes on. */
        RUNNING,
        /** All that can be closed is closed; the rest waits for decisions. */
        BLOCKED,
        /** Something broke; starting it again goes on. */
        FAILED,
        /** Every tenant is done. */
        FINISHED;

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static State labelled(String label) {
            return valueOf(label.toUpperCase(Locale.ROOT));
        }
    }

    public BillRun {
        voided = List.copyOf(voided);
        totals = List.copyOf(totals);
    }

    public long tenants() {
        return pending + invoiced + nothing + blocked + voided.size();
    }
}
