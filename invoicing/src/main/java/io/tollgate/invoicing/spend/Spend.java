package io.tollgate.invoicing.spend;

import io.tollgate.invoicing.cost.Cost;
import io.tollgate.invoicing.cost.CostItem;
import io.tollgate.invoicing.rating.UnbilledUsage;
import io.tollgate.invoicing.usage.TimeRange;
import java.math.BigInteger;
import java.util.Currency;
import java.util.List;
import java.util.Optional;

/**
 * What usage cost, grouped. The costs of the rows are exact, and add up exactly to the total; with the charges, they add up
 * to what the invoices of the range say.
 *
 * @param rows in order of time and of their groups' values
 * @param total of the rows
 * @param charges what invoices have beside usage, of those whose whole period lies in the range: terms of contracts, what
 *     rounding made of sums, and by how much what was billed is another amount than its usage comes to now. None if only
 *     some usage is asked for
 * @param isOfPeriods whether the range is made of whole billing periods of whoever is asked for, and all is told that they
 *     are charged: then total and charges come to what is due
 * @param unbilled usage that has no price or no tenant, which the total is without
 */
public record Spend(
        SpendQuestion question,
        List<Row> rows,
        Cost total,
        List<CostItem> charges,
        boolean isOfPeriods,
        List<UnbilledUsage> unbilled) {

    /**
     * One group in a stretch of time.
     *
     * @param group a value for each dimension that was grouped by, in that order
     * @param quantity in the meter's base unit, when grouped by meter; units of different meters do not add up
     */
    public record Row(TimeRange period, List<String> group, Optional<BigInteger> quantity, Cost cost) {
        public Row {
            group = List.copyOf(group);
        }
    }

    public Spend {
        rows = List.copyOf(rows);
        charges = List.copyOf(charges);
        unbilled = List.copyOf(unbilled);
    }

    public Currency currency() {
        return total.currency();
    }
}
