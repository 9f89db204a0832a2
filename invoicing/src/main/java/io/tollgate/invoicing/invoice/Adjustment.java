package io.tollgate.invoicing.invoice;

import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.usage.Evidence;
import io.tollgate.invoicing.usage.Product;
import io.tollgate.invoicing.usage.TimeRange;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a final period comes to now, less what was billed for it: by its invoice and all notes to it. Adding it to what was
 * billed gives what an invoice made now would say, line by line and in the sum.
 *
 * @param lines where something differs, in order of product, meter and time, with the original service periods
 * @param total what is to be billed, negative if it is to be credited; what the lines add up to, unless something that is
 *     not on a line changed, too
 * @param evidence of the usage that came since; negative counts where some is there no more
 */
public record Adjustment(List<Line> lines, Money exactSum, Money subtotal, Money total, Evidence evidence) {

    public Adjustment {
        lines = List.copyOf(lines);
    }

    /**
     * What a line is told from others by, on an invoice and on its notes.
     *
     * @param reservation id of the one that covers the line's usage; empty at standard prices
     */
    public record Key(Product product, String meter, TimeRange servicePeriod, Optional<String> reservation)
            implements Comparable<Key> {

        private static final Comparator<Key> ORDER = Comparator.comparing(Key::product)
                .thenComparing(Key::meter)
                .thenComparing(Key::servicePeriod)
                .thenComparing(key -> key.reservation().isEmpty())
                .thenComparing(key -> key.reservation().orElse(""));

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }
    }

    /**
     * How much of something, and what it costs.
     *
     * @param exact unrounded
     * @param shown in whole minor units
     */
    public record Amount(BigInteger quantity, Money exact, Money shown) {

        public Amount plus(Amount other) {
            return new Amount(quantity.add(other.quantity), exact.plus(other.exact), shown.plus(other.shown));
        }

        Amount minus(Amount other) {
            return new Amount(quantity.subtract(other.quantity), exact.minus(other.exact), shown.minus(other.shown));
        }

        boolean isNothing() {
            return quantity.signum() == 0
                    && exact.amount().signum() == 0
                    && shown.amount().signum() == 0;
        }
    }

    /** A difference, and what it is the difference of. */
    public record Line(Key key, Amount billed, Amount now) {

        public Amount difference() {
            return now.minus(billed);
        }
    }

    /**
     * All that was billed for a period so far.
     *
     * @param lines sums over the invoice and its notes
     */
    public record Billed(Map<Key, Amount> lines, Money exactSum, Money subtotal, Money total, Evidence evidence) {
        public Billed {
            lines = Map.copyOf(lines);
        }
    }

    /** Compares with the same invoice, computed anew. */
    public static Adjustment of(Billed billed, Invoice now) {
        Map<Key, Amount> current = new TreeMap<>();
        for (InvoiceLine line : now.lines()) {
            current.merge(
                    new Key(
                            line.product(),
                            line.meter(),
                            line.servicePeriod(),
                            line.reserved().map(ReservedUse::reservation)),
                    new Amount(line.quantity(), line.exactAmount(), line.shownAmount()),
                    Amount::plus);
        }
        return difference(billed, current, now.exactSum(), now.subtotal(), now.total(), now.evidence());
    }

    /** Takes back all that was billed. */
    public static Adjustment takingBack(Billed billed) {
        Money zero = Money.zero(billed.total().currency());
        return difference(billed, Map.of(), zero, zero, zero, Evidence.NONE);
    }

    /** Whether there is nothing to bill or credit. */
    public boolean isNothing() {
        return lines.isEmpty() && total.amount().signum() == 0;
    }

    private static Adjustment difference(
            Billed billed, Map<Key, Amount> now, Money exactSum, Money subtotal, Money total, Evidence evidence) {
        Amount none = new Amount(
                BigInteger.ZERO,
                Money.zero(total.currency()),
                Money.zero(total.currency()).rounded());
        Map<Key, Amount> all = new TreeMap<>(billed.lines());
        all.putAll(now);
        List<Line> lines = new ArrayList<>();
        for (Key key : all.keySet()) {
            Line line = new Line(key, billed.lines().getOrDefault(key, none), now.getOrDefault(key, none));
            if (!line.difference().isNothing()) {
                lines.add(line);
            }
        }
        return new Adjustment(
                lines,
                exactSum.minus(billed.exactSum()),
                subtotal.minus(billed.subtotal()),
                total.minus(billed.total()).rounded(),
                evidence.minus(billed.evidence()));
    }
}
