package io.tollgate.invoicing.spend;

import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.TooMuchDetailException;
import io.tollgate.invoicing.usage.UsageTotal;
import java.math.BigInteger;
import java.util.List;

/** Adds quantities up, priced or not. */
public final class UsageTally {

    /**
     * One group in a stretch of time.
     *
     * @param group a value for each dimension that was grouped by, in that order
     * @param quantity in the meter's base unit
     */
    public record Row(TimeRange period, List<String> group, BigInteger quantity) {
        public Row {
            group = List.copyOf(group);
        }
    }

    private static final class Sum {
        private BigInteger quantity = BigInteger.ZERO;
    }

    private final Grouping<Sum> groups;

    /**
     * @param question grouped by meter, among others: units of different meters do not add up
     * @param most groups, of more than which a {@link TooMuchDetailException} is thrown
     */
    public UsageTally(SpendQuestion question, int most) {
        if (!question.groupBy().contains(SpendDimension.METER)) {
            throw new IllegalArgumentException("quantities of different meters do not add up");
        }
        this.groups = new Grouping<>(question, most, Sum::new);
    }

    /** Adds usage that is asked for. */
    public void add(UsageTotal total) {
        total.quantities()
                .forEach((meter, quantity) -> groups.of(total.range(), dimension -> dimension.of(total, meter))
                        .ifPresent(sum -> sum.quantity = sum.quantity.add(quantity)));
    }

    /** In order of time and of the groups' values; without those that come to nothing. */
    public List<Row> rows() {
        return groups.sums().entrySet().stream()
                .filter(group -> group.getValue().quantity.signum() != 0)
                .map(group -> new Row(group.getKey().period(), group.getKey().values(), group.getValue().quantity))
                .toList();
    }
}
