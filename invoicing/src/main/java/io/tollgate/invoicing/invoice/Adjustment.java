package io.tollgate.invoicing.invoice;

import io.tollgate.invoicing.contract.Days;
import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.rating.RatedUsage;
import io.tollgate.invoicing.tax.TaxCategory;
import io.tollgate.invoicing.tax.TaxTreatment;
import io.tollgate.invoicing.terms.Entry;
import io.tollgate.invoicing.terms.Posting;
import io.tollgate.invoicing.terms.Statement;
import io.tollgate.invoicing.terms.Step;
import io.tollgate.invoicing.terms.TaxShare;
import io.tollgate.invoicing.usage.Evidence;
import io.tollgate.invoicing.usage.Product;
import io.tollgate.invoicing.usage.TimeRange;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a final period comes to now, less what was billed for it: by its invoice and all notes to it. Adding it to what was
 * billed gives what an invoice made now would say, line by line, entry by entry, and in the sum.
 *
 * @param lines where something differs, in order of tenant, product, meter and time, with the original service periods
 * @param entries of the contract's terms that differ, in the order in which they are reckoned
 * @param taxes by category, jurisdiction and rate; they add up to the entries of tax
 * @param postings what it uses of balances more; negative where it gives back
 * @param total what is to be billed, with tax; negative if it is to be credited
 * @param due the total without what credits pay more
 * @param evidence of the usage that came since; negative counts where some is there no more
 */
public record Adjustment(
        List<Line> lines,
        List<Entry> entries,
        List<TaxShare> taxes,
        List<Posting> postings,
        Money exactSum,
        Money subtotal,
        Money total,
        Money due,
        Evidence evidence) {

    public Adjustment {
        lines = List.copyOf(lines);
        entries = List.copyOf(entries);
        taxes = List.copyOf(taxes);
        postings = List.copyOf(postings);
        // A note that does not add up is worse than none.
        if (!upTo(Step.TAX, subtotal, entries).equals(total)
                || !upTo(Step.CREDIT, subtotal, entries).equals(due)) {
            throw new IllegalArgumentException(
                    "a difference of " + total + ", due " + due + ", is not " + subtotal + " and " + entries);
        }
    }

    /**
     * What a line is told from others by, on an invoice and on its notes.
     *
     * @param tenant whose usage it is
     * @param reservation id of the one that covers the line's usage; empty at standard prices
     */
    public record Key(
            String tenant, Product product, String meter, TimeRange servicePeriod, Optional<String> reservation)
            implements Comparable<Key> {

        private static final Comparator<Key> ORDER = Comparator.comparing(Key::tenant)
                .thenComparing(Key::product)
                .thenComparing(Key::meter)
                .thenComparing(Key::servicePeriod)
                .thenComparing(key -> key.reservation().isEmpty())
                .thenComparing(key -> key.reservation().orElse(""));

        /** What tells a line of an invoice from its others. */
        public static Key of(InvoiceLine line) {
            return new Key(
                    line.tenant(),
                    line.product(),
                    line.meter(),
                    line.servicePeriod(),
                    line.reserved().map(ReservedUse::reservation));
        }

        /** The line that usage stands on, by its price. */
        public static Key of(RatedUsage rated) {
            return new Key(
                    rated.tenant(),
                    rated.product(),
                    rated.meter(),
                    rated.pricedOver(),
                    rated.cover().map(cover -> cover.by().id()));
        }

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

        public Amount minus(Amount other) {
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
     * @param entries of all of them
     * @param taxes of all of them
     * @param postings sums over them
     */
    public record Billed(
            Map<Key, Amount> lines,
            List<Entry> entries,
            List<TaxShare> taxes,
            List<Posting> postings,
            Money exactSum,
            Money subtotal,
            Money total,
            Money due,
            Evidence evidence) {
        public Billed {
            lines = Map.copyOf(lines);
            entries = List.copyOf(entries);
            taxes = List.copyOf(taxes);
            postings = List.copyOf(postings);
        }
    }

    private record EntryKey(Step step, String id, Days days) {
        static EntryKey of(Entry entry) {
            return new EntryKey(entry.step(), entry.id(), entry.days());
        }
    }

    private record TaxKey(TaxCategory category, String jurisdiction, BigDecimal percent) {
        static TaxKey of(TaxTreatment how) {
            return new TaxKey(how.category(), how.jurisdiction(), how.percent().stripTrailingZeros());
        }
    }

    private record PostingKey(String balance, boolean settles) {
        static PostingKey of(Posting posting) {
            return new PostingKey(posting.balance(), posting.settles());
        }
    }

    /** Compares with the same invoice, computed anew. */
    public static Adjustment of(Billed billed, Invoice now) {
        Map<Key, Amount> current = new TreeMap<>();
        for (InvoiceLine line : now.lines()) {
            current.merge(
                    Key.of(line), new Amount(line.quantity(), line.exactAmount(), line.shownAmount()), Amount::plus);
        }
        return difference(
                billed,
                new Billed(
                        current,
                        now.statement().map(Statement::entries).orElse(List.of()),
                        now.statement().map(Statement::taxes).orElse(List.of()),
                        now.statement().map(Statement::postings).orElse(List.of()),
                        now.exactSum(),
                        now.subtotal(),
                        now.total(),
                        now.due(),
                        now.evidence()));
    }

    /** Takes back all that was billed. */
    public static Adjustment takingBack(Billed billed) {
        Money zero = Money.zero(billed.total().currency());
        return difference(
                billed, new Billed(Map.of(), List.of(), List.of(), List.of(), zero, zero, zero, zero, Evidence.NONE));
    }

    /** Whether there is nothing to bill, to credit, or to give back to a balance. */
    public boolean isNothing() {
        Map<String, Money> used = new TreeMap<>();
        postings.forEach(posting -> used.merge(posting.balance(), posting.amount(), Money::plus));
        return lines.isEmpty()
                && entries.isEmpty()
                && total.signum() == 0
                && used.values().stream().allMatch(amount -> amount.signum() == 0);
    }

    /** Before tax. */
    public Money net() {
        return upTo(Step.COMMITMENT, subtotal, entries);
    }

    private static Money upTo(Step last, Money subtotal, List<Entry> entries) {
        Money sum = subtotal;
        for (Entry entry : entries) {
            sum = entry.step().compareTo(last) <= 0 ? sum.plus(entry.amount()) : sum;
        }
        return sum;
    }

    private static Adjustment difference(Billed billed, Billed now) {
        Amount none = new Amount(
                BigInteger.ZERO,
                Money.zero(now.total().currency()),
                Money.zero(now.total().currency()).rounded());
        Map<Key, Amount> all = new TreeMap<>(billed.lines());
        all.putAll(now.lines());
        List<Line> lines = new ArrayList<>();
        for (Key key : all.keySet()) {
            Line line = new Line(
                    key, billed.lines().getOrDefault(key, none), now.lines().getOrDefault(key, none));
            if (!line.difference().isNothing()) {
                lines.add(line);
            }
        }
        return new Adjustment(
                lines,
                entries(billed.entries(), now.entries()),
                taxes(billed.taxes(), now.taxes()),
                postings(billed.postings(), now.postings()),
                now.exactSum().minus(billed.exactSum()),
                now.subtotal().minus(billed.subtotal()),
                now.total().minus(billed.total()).rounded(),
                now.due().minus(billed.due()).rounded(),
                now.evidence().minus(billed.evidence()));
    }

    /** Of each term on the same days what it comes to now, less what was billed. */
    private static List<Entry> entries(List<Entry> billed, List<Entry> now) {
        Map<EntryKey, Money> before = new LinkedHashMap<>();
        Map<EntryKey, Money> after = new LinkedHashMap<>();
        Map<EntryKey, Entry> said = new LinkedHashMap<>();
        billed.forEach(entry -> {
            before.merge(EntryKey.of(entry), entry.amount(), Money::plus);
            said.put(EntryKey.of(entry), entry);
        });
        now.forEach(entry -> {
            after.merge(EntryKey.of(entry), entry.amount(), Money::plus);
            said.put(EntryKey.of(entry), entry);
        });
        List<Entry> differences = new ArrayList<>();
        said.forEach((key, entry) -> {
            Money zero = Money.zero(entry.amount().currency());
            Money was = before.getOrDefault(key, zero);
            Money is = after.getOrDefault(key, zero);
            if (!is.equals(was)) {
                differences.add(new Entry(
                        key.step(),
                        key.id(),
                        entry.description(),
                        key.days(),
                        "now " + is + ", billed " + was,
                        is.minus(was)));
            }
        });
        differences.sort(Comparator.comparing(Entry::step));
        return differences;
    }

    private static List<TaxShare> taxes(List<TaxShare> billed, List<TaxShare> now) {
        Map<TaxKey, TaxShare> sums = new LinkedHashMap<>();
        now.forEach(share -> sums.merge(TaxKey.of(share.treatment()), share, TaxShare::plus));
        billed.forEach(share -> sums.merge(TaxKey.of(share.treatment()), share.negated(), TaxShare::plus));
        List<TaxShare> differing = sums.values().stream()
                .filter(share -> share.taxable().signum() != 0 || share.amount().signum() != 0)
                .toList();
        // Lines that come to nothing are taxed, too, if at nothing.
        return differing.isEmpty() ? List.copyOf(sums.values()) : differing;
    }

    private static List<Posting> postings(List<Posting> billed, List<Posting> now) {
        Map<PostingKey, Posting> sums = new LinkedHashMap<>();
        now.forEach(posting -> sums.merge(
                PostingKey.of(posting),
                posting,
                (one, other) -> one.of(one.amount().plus(other.amount()))));
        billed.forEach(posting -> sums.merge(
                PostingKey.of(posting),
                posting.of(posting.amount().negated()),
                (one, other) -> one.of(one.amount().plus(other.amount()))));
        return sums.values().stream()
                .filter(posting -> posting.amount().signum() != 0)
                .toList();
    }
}
