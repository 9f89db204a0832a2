package io.tollgate.invoicing.spend;

import io.tollgate.invoicing.cost.Cost;
import io.tollgate.invoicing.cost.CostItem;
import io.tollgate.invoicing.cost.CostSum;
import io.tollgate.invoicing.rating.UnbilledUsage;
import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.TooMuchDetailException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Adds invoices up to spend, one after the other: none need be held. */
public final class SpendTally {

    private static final class Sum {
        private BigInteger quantity = BigInteger.ZERO;
        private final CostSum cost = new CostSum();

        void add(CostItem.OfUsage usage) {
            quantity = quantity.add(usage.quantity());
            cost.add(usage.cost());
        }
    }

    private final SpendQuestion question;
    private final Grouping<Sum> groups;
    private final List<CostItem> charges = new ArrayList<>();
    private final List<UnbilledUsage> unbilled = new ArrayList<>();
    private Optional<Currency> currency = Optional.empty();

    public SpendTally(SpendQuestion question) {
        this(question, Integer.MAX_VALUE);
    }

    /** @param most groups, of more than which a {@link TooMuchDetailException} is thrown */
    public SpendTally(SpendQuestion question, int most) {
        this.question = question;
        this.groups = new Grouping<>(question, most, Sum::new);
    }

    /**
     * Adds what is asked for of an invoice.
     *
     * @param isAsked whether a tenant is
     * @throws MixedCurrenciesException if it is in another currency than those before it
     */
    public void add(Currency invoiceCurrency, List<CostItem> items, Predicate<String> isAsked) {
        if (items.isEmpty()) {
            return;
        }
        Currency known = currency.orElse(invoiceCurrency);
        if (!known.equals(invoiceCurrency)) {
            throw new MixedCurrenciesException(known, invoiceCurrency);
        }
        currency = Optional.of(known);
        for (CostItem item : items) {
            if (isAsked.test(item.tenant()) && question.isWanted(item.tenant())) {
                if (item instanceof CostItem.OfUsage usage) {
                    groups.of(usage.range(), dimension -> dimension.of(usage)).ifPresent(sum -> sum.add(usage));
                } else if (hasCharges()) {
                    charges.add(item);
                }
            }
        }
    }

    /**
     * Adds an invoice whole. If what it is about is asked for of the payer and not of all that it pays for, what those
     * others used is one charge: with the charges, spend adds up to what is due.
     */
    public void add(
            Currency invoiceCurrency, List<CostItem> items, String payer, TimeRange period, Predicate<String> isAsked) {
        add(invoiceCurrency, items, isAsked);
        if (isAsked.test(payer) && question.isWanted(payer)) {
            items.stream()
                    .filter(item -> !isAsked.test(item.tenant()) || !question.isWanted(item.tenant()))
                    .map(CostItem::cost)
                    .reduce(Cost::plus)
                    .ifPresent(others -> charges.add(new CostItem.OfMembers(period, payer, others)));
        }
    }

    /** Whether what is not usage is asked for, too: it has no model, project or tag. */
    public boolean hasCharges() {
        return question.only().keySet().stream().allMatch(SpendDimension.TENANT::equals);
    }

    /** Adds exceptions that are asked for; they do not tell projects and tags. */
    public void add(List<UnbilledUsage> exceptions, Predicate<String> isAsked) {
        exceptions.stream()
                .filter(each -> isAsked.test(each.tenant()) && question.isWanted(each))
                .forEach(unbilled::add);
    }

    /**
     * @param otherwise the currency if there is nothing that has one
     * @param isOfPeriods whether the range is made of whole billing periods of whoever is asked for
     */
    public Spend spend(Currency otherwise, boolean isOfPeriods) {
        boolean perMeter = question.groupBy().contains(SpendDimension.METER);
        List<Spend.Row> rows = new ArrayList<>();
        Currency one = currency.orElse(otherwise);
        CostSum total = new CostSum();
        for (var group : groups.sums().entrySet()) {
            Sum sum = group.getValue();
            Cost cost = sum.cost.in(one);
            rows.add(new Spend.Row(
                    group.getKey().period(),
                    group.getKey().values(),
                    perMeter ? Optional.of(sum.quantity) : Optional.empty(),
                    cost));
            total.add(cost);
        }
        return new Spend(
                question,
                rows,
                total.in(one),
                charges,
                isOfPeriods && hasCharges(),
                unbilled.stream().sorted().toList());
    }
}
