package io.tollgate.invoicing.usage;

import java.util.List;
import java.util.Set;

/**
 * Which usage is asked for, and how finely it is to be told.
 *
 * @param slices stretches of time in order, each starting where the one before ended
 * @param periods the billing periods that the slices lie in, whole and in order, each starting where the one before ended:
 *     what meters come to that do not add up is decided within each of them
 * @param byWindow products that are told by window of 15 minutes instead of by slice
 * @param detail what it is told apart by, beside
 */
public record UsageQuestion(
        List<TimeRange> slices, List<TimeRange> periods, Set<ProductPattern> byWindow, Detail detail, Whose whose) {

    /** A book or a contract may change the one or other price in the midst of a month. */
    private static final int FEW_SLICES = 4;

    public UsageQuestion {
        slices = List.copyOf(slices);
        periods = List.copyOf(periods);
        byWindow = Set.copyOf(byWindow);
        if (!slices.isEmpty()
                && (periods.isEmpty()
                        || periods.get(0).from().isAfter(slices.get(0).from())
                        || periods.get(periods.size() - 1)
                                .to()
                                .isBefore(slices.get(slices.size() - 1).to()))) {
            throw new IllegalArgumentException("usage of " + slices + " is not within " + periods);
        }
    }

    /** Of slices that are one period together. */
    public static UsageQuestion of(List<TimeRange> slices, Whose whose, Detail detail) {
        List<TimeRange> period = slices.isEmpty()
                ? List.of()
                : List.of(new TimeRange(
                        slices.get(0).from(), slices.get(slices.size() - 1).to()));
        return new UsageQuestion(slices, period, Set.of(), detail, whose);
    }

    /**
     * Whether it is told more finely than invoices need it: those are few slices, or windows of what is reserved, of all
     * that a tenant used together.
     */
    public boolean isFine() {
        return !detail.equals(Detail.NONE) || (byWindow.isEmpty() && slices.size() > FEW_SLICES);
    }

    /** The same about others. */
    UsageQuestion of(Whose others) {
        return new UsageQuestion(slices, periods, byWindow, detail, others);
    }
}
