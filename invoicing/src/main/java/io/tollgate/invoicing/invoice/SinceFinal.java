package io.tollgate.invoicing.invoice;

import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.rating.UnbilledUsage;
import io.tollgate.invoicing.usage.Evidence;
import java.util.List;

/**
 * What came or changed after an invoice was closed: cumulative minus billed. The invoice itself never changes.
 *
 * @param changed whether the usage of its period is another than was billed, or costs something else by now
 * @param eventCount how many events more there are than were billed; negative if fewer
 * @param amount exact difference; negative if there is less to bill
 * @param exceptions usage that came since and cannot be billed
 */
public record SinceFinal(boolean changed, long eventCount, Money amount, List<UnbilledUsage> exceptions) {

    public SinceFinal {
        exceptions = List.copyOf(exceptions);
    }

    /**
     * Of a difference.
     *
     * @param exceptions usage that cannot be billed, and that nobody has let pass
     */
    public static SinceFinal of(Adjustment difference, List<UnbilledUsage> exceptions) {
        return new SinceFinal(
                !difference.isNothing() || !difference.evidence().equals(Evidence.NONE),
                difference.evidence().eventCount(),
                difference.exactSum(),
                exceptions);
    }

    /**
     * Compares.
     *
     * @param billed proof of the usage that was billed
     * @param exactSum of what was billed
     * @param total of what was billed
     * @param due what of it was left to pay after credits
     * @param now the same invoice, computed anew
     */
    public static SinceFinal of(Evidence billed, Money exactSum, Money total, Money due, Invoice now) {
        Money amount = now.exactSum().minus(exactSum);
        return new SinceFinal(
                !billed.equals(now.evidence())
                        || amount.signum() != 0
                        || !now.total().equals(total)
                        || !now.due().equals(due),
                now.evidence().eventCount() - billed.eventCount(),
                amount,
                now.exceptions());
    }
}
