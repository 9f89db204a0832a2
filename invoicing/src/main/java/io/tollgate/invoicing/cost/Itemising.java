package io.tollgate.invoicing.cost;

import io.tollgate.invoicing.contract.ContractHistory;
import io.tollgate.invoicing.contract.Days;
import io.tollgate.invoicing.invoice.Adjustment;
import io.tollgate.invoicing.invoice.Adjustment.Amount;
import io.tollgate.invoicing.invoice.BillingPeriod;
import io.tollgate.invoicing.invoice.Invoice;
import io.tollgate.invoicing.invoice.InvoiceLine;
import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.pricing.AppliedPrice;
import io.tollgate.invoicing.pricing.Prices;
import io.tollgate.invoicing.pricing.Stretch;
import io.tollgate.invoicing.rating.RatedUsage;
import io.tollgate.invoicing.rating.Rating;
import io.tollgate.invoicing.tax.ExchangeRate;
import io.tollgate.invoicing.terms.Agreement;
import io.tollgate.invoicing.terms.Entry;
import io.tollgate.invoicing.terms.Statement;
import io.tollgate.invoicing.terms.Step;
import io.tollgate.invoicing.usage.TimeRange;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Takes an invoice apart. Usage has what its line charges for it, less its share of the line's discounts; each other term is an
 * item, and so is what rounding made of the sums.
 */
public final class Itemising {

    private final String payer;
    private final BillingPeriod period;
    private final Prices prices;
    private final ListCosts list;
    private final Optional<ExchangeRate> conversion;
    private final Optional<ContractHistory> contracts;

    /**
     * Of the invoices of one tenant's month.
     *
     * @param prices that the usage was rated by
     * @param everybodys list prices, which usage is cut by as well
     */
    public Itemising(
            String payer, BillingPeriod period, Prices prices, Prices everybodys, Optional<Agreement> agreement) {
        this.payer = payer;
        this.period = period;
        this.prices = prices;
        this.conversion = agreement.flatMap(agreed -> agreed.exchangeRate(period.month()));
        this.contracts = agreement.map(Agreement::contracts);
        this.list = new ListCosts(payer, period, prices, everybodys, conversion);
    }

    /**
     * What an invoice that was computed of the rating is made of; it adds up to what is due.
     *
     * @param rating the invoice's, however finely its usage is cut
     */
    public List<CostItem> items(Invoice invoice, Rating rating) {
        return rounded(parts(invoice, rating), invoice.due());
    }

    private List<CostItem> parts(Invoice invoice, Rating rating) {
        Map<String, List<Entry>> fees = fees(invoice);
        Map<Entry, Money> covering = new HashMap<>();
        List<RatedUsage> rated = rating.rated();
        List<CostItem> items = new ArrayList<>(rated.size());
        List<Money> exact = rated.stream().map(RatedUsage::amount).toList();
        List<Money> amounts = conversion.isEmpty()
                ? exact
                : exact.stream().map(this::converted).toList();
        List<Money> discounts = discounts(invoice, rated, amounts);
        List<ListCosts.Listed> listed = list.of(rating, exact);
        for (int i = 0; i < rated.size(); i++) {
            Money billed = amounts.get(i).minus(discounts.get(i));
            items.add(
                    rated.get(i).cover().isEmpty()
                            ? standard(rated.get(i), listed.get(i), amounts.get(i), billed)
                            : covered(rated.get(i), listed.get(i), billed, share(rated.get(i), fees, covering)));
        }
        for (Entry entry : invoice.statement().map(Statement::entries).orElse(List.of())) {
            if (entry.step() != Step.DISCOUNT) {
                Money rest = entry.amount().minus(covering.getOrDefault(entry, Money.zero(invoice.currency())));
                items.add(new CostItem.OfTerm(
                        range(entry.days()),
                        payer,
                        entry,
                        new Cost(entry.amount(), entry.amount(), entry.amount(), rest)));
            }
        }
        return items;
    }

    private static CostItem standard(RatedUsage usage, ListCosts.Listed listed, Money contracted, Money billed) {
        return item(
                usage, usage.price(), listed, new Cost(listed.amount().orElse(contracted), contracted, billed, billed));
    }

    /** @param share of the reservation's fee */
    private CostItem covered(RatedUsage usage, ListCosts.Listed listed, Money billed, Money share) {
        Optional<AppliedPrice> standard = standardPrice(usage);
        Money contracted = standard.map(price -> converted(price.of(Stretch.alone(usage.quantity()))))
                .or(listed::amount)
                .orElse(billed);
        return item(
                usage,
                standard.orElse(usage.price()),
                listed,
                new Cost(listed.amount().orElse(contracted), contracted, billed, billed.plus(share)));
    }

    private static CostItem item(RatedUsage usage, AppliedPrice price, ListCosts.Listed listed, Cost cost) {
        return new CostItem.OfUsage(
                usage.range(),
                usage.pricedOver(),
                usage.tenant(),
                usage.project(),
                usage.tags(),
                usage.product(),
                usage.meter(),
                usage.stretch(),
                price,
                listed.price(),
                usage.cover().map(cover -> cover.by().id()),
                cost);
    }

    /** What the invoice billed, as it is final: its items computed now, and what is different. */
    public List<CostItem> items(Invoice now, Rating rating, Adjustment since, Money due) {
        List<CostItem> items = parts(now, rating);
        since.lines().forEach(line -> items.add(change(line.key(), line.billed().minus(line.now()))));
        since.entries().forEach(entry -> items.add(term(entry, entry.amount().negated())));
        return rounded(items, due);
    }

    /** What a note bills. */
    public List<CostItem> items(Adjustment.Billed note) {
        List<CostItem> items = new ArrayList<>();
        note.lines().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(line -> items.add(change(line.getKey(), line.getValue())));
        note.entries().forEach(entry -> items.add(term(entry, entry.amount())));
        return rounded(items, note.due());
    }

    private static CostItem change(Adjustment.Key line, Amount amount) {
        return new CostItem.OfChange(line, amount.quantity(), Cost.same(amount.exact()));
    }

    private CostItem term(Entry entry, Money amount) {
        return new CostItem.OfTerm(range(entry.days()), payer, entry, Cost.same(amount));
    }

    /** With what is missing to the sum. */
    private List<CostItem> rounded(List<CostItem> items, Money due) {
        Money sum = Money.zero(due.currency());
        for (CostItem item : items) {
            sum = sum.plus(item.cost().billed());
        }
        if (!sum.equals(due)) {
            items.add(new CostItem.OfRounding(period.range(), payer, Cost.same(due.minus(sum))));
        }
        return items;
    }

    /** Each usage's share of what is off its line, in the order of what is rated. */
    private static List<Money> discounts(Invoice invoice, List<RatedUsage> rated, List<Money> amounts) {
        List<Money> shares = new ArrayList<>(Collections.nCopies(amounts.size(), Money.zero(invoice.currency())));
        List<Money> offs = invoice.statement().map(Statement::discounts).orElse(List.of());
        if (offs.stream().allMatch(off -> off.signum() == 0)) {
            return shares;
        }
        Map<Adjustment.Key, List<Integer>> ofLine = new HashMap<>();
        for (int i = 0; i < rated.size(); i++) {
            ofLine.computeIfAbsent(Adjustment.Key.of(rated.get(i)), key -> new ArrayList<>())
                    .add(i);
        }
        for (InvoiceLine line : invoice.lines()) {
            Money off = offs.get(line.number() - 1);
            List<Integer> members = ofLine.getOrDefault(Adjustment.Key.of(line), List.of());
            if (off.signum() != 0) {
                List<BigDecimal> weights = members.stream()
                        .map(index -> amounts.get(index).amount())
                        .toList();
                List<Money> parts = off.share(weights);
                for (int i = 0; i < parts.size(); i++) {
                    shares.set(members.get(i), parts.get(i));
                }
            }
        }
        return shares;
    }

    /** What the usage costs where nothing is reserved, if that does not depend on other usage. */
    private Optional<AppliedPrice> standardPrice(RatedUsage covered) {
        return prices.priceOf(
                        covered.product(), covered.meter(), covered.range().from())
                .filter(price -> price.countedAs().isEmpty());
    }

    /** Of the fee that pays for covered usage; it is noted whose fee that is. */
    private Money share(RatedUsage usage, Map<String, List<Entry>> fees, Map<Entry, Money> covering) {
        return usage.cover()
                .flatMap(cover -> feeOn(fees, cover.by().id(), usage.range().from())
                        .map(fee -> {
                            Money share = cover.by()
                                    .feeOf(
                                            usage.quantity(),
                                            cover.by()
                                                    .weight(usage.product(), usage.meter())
                                                    .orElseThrow());
                            covering.merge(fee, share, Money::plus);
                            return share;
                        }))
                .orElseGet(() -> Money.zero(converted(usage.amount()).currency()));
    }

    private static Map<String, List<Entry>> fees(Invoice invoice) {
        Map<String, List<Entry>> fees = new HashMap<>();
        invoice.statement().map(Statement::entries).orElse(List.of()).stream()
                .filter(entry -> entry.step() == Step.FEE)
                .forEach(entry -> fees.computeIfAbsent(entry.id(), key -> new ArrayList<>())
                        .add(entry));
        return fees;
    }

    private Optional<Entry> feeOn(Map<String, List<Entry>> fees, String id, Instant instant) {
        LocalDate day = contracts
                .map(contract -> contract.dayOf(instant, period.zone()))
                .orElseGet(() -> LocalDate.ofInstant(instant, period.zone()));
        return fees.getOrDefault(id, List.of()).stream()
                .filter(entry -> entry.days().contains(day))
                .findFirst();
    }

    private TimeRange range(Days days) {
        return new TimeRange(startOf(days.from()), startOf(days.to()));
    }

    private Instant startOf(LocalDate day) {
        return contracts
                .map(contract -> contract.startOf(day))
                .orElseGet(() -> day.atStartOfDay(period.zone()).toInstant());
    }

    private Money converted(Money amount) {
        return conversion
                .filter(rate -> !rate.to().equals(amount.currency()))
                .map(rate -> new Money(amount.amount().multiply(rate.rate()), rate.to()))
                .orElse(amount);
    }
}
