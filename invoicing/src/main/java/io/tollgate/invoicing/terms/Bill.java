package io.tollgate.invoicing.terms;

import io.tollgate.invoicing.contract.Contract;
import io.tollgate.invoicing.contract.ContractHistory;
import io.tollgate.invoicing.contract.ContractHistory.Run;
import io.tollgate.invoicing.contract.Days;
import io.tollgate.invoicing.contract.Term;
import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.tax.Issuer;
import java.time.Duration;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Optional;

/** An invoice while its terms are reckoned: what {@link Step}s read and write. */
final class Bill {

    private final Agreement agreement;
    private final Contract contract;
    private final Days days;
    private final List<UsageCharge> charges;
    private final List<Money> nets = new ArrayList<>();
    private final List<Money> discounts = new ArrayList<>();
    private final List<Entry> entries = new ArrayList<>();
    private final List<TaxShare> taxes = new ArrayList<>();
    private final List<Posting> postings = new ArrayList<>();
    private final List<Statement.Gap> gaps = new ArrayList<>();

    private Bill(Agreement agreement, Contract contract, Days days, List<UsageCharge> charges) {
        this.agreement = agreement;
        this.contract = contract;
        this.days = days;
        this.charges = charges;
        charges.forEach(charge -> {
            nets.add(charge.shown());
            discounts.add(Money.zero(charge.exact().currency()));
        });
    }

    /** Empty if no contract is in force in the month. */
    static Optional<Bill> of(Agreement agreement, YearMonth month, List<UsageCharge> charges) {
        Days days = Days.of(month);
        return agreement.contracts().lastIn(days).map(last -> new Bill(agreement, last.content(), days, charges));
    }

    /** The version in force last. */
    Contract contract() {
        return contract;
    }

    Days days() {
        return days;
    }

    /** From the instant at which the first of the days begins to that at which the first after them does. */
    Duration lengthOf(Days some) {
        ContractHistory contracts = agreement.contracts();
        return Duration.between(contracts.startOf(some.from()), contracts.startOf(some.to()));
    }

    Currency currency() {
        return contract.currency();
    }

    Money zero() {
        return Money.zero(currency());
    }

    List<UsageCharge> charges() {
        return charges;
    }

    /** The terms of a kind in the period. */
    <T extends Term> List<Run<T>> runs(Class<T> kind) {
        return runs(kind, days);
    }

    <T extends Term> List<Run<T>> runs(Class<T> kind, Days over) {
        return agreement.contracts().runs(kind, over);
    }

    Days daysSinceTheFirstContract() {
        LocalDate first = agreement.contracts().firstDay();
        return new Days(first.isBefore(days.from()) ? first : days.from(), days.to());
    }

    /** Whether the invoice of the month, or a later one, is final. */
    boolean isClosed(YearMonth month) {
        return agreement.closedThrough().map(last -> !month.isAfter(last)).orElse(false);
    }

    /** Whether no invoice of the period or of a later one is final. */
    boolean isNext() {
        return !isClosed(YearMonth.from(days.from()));
    }

    Optional<Issuer> issuer() {
        return contract.billing().map(billing -> agreement.issuers().get(billing.issuer()));
    }

    /** What usage costs as shown, less what discounts took off it so far. */
    Money net(int charge) {
        return nets.get(charge);
    }

    /** A discount: unrounded, and as shown. */
    void takeOff(int charge, Money exact, Money shown) {
        nets.set(charge, nets.get(charge).minus(shown));
        discounts.set(charge, discounts.get(charge).plus(exact));
    }

    /**
     * What is spent on some days: usage after discounts, and the days' share of fees and of what bounds made of them.
     * Of exact sums, as the subtotal is: the cents of shown lines depend on how lines are split.
     */
    Money spentOn(Days some) {
        Money usage = zero();
        Money off = zero();
        for (int i = 0; i < charges.size(); i++) {
            if (some.contains(charges.get(i).day())) {
                usage = usage.plus(charges.get(i).exact());
                off = off.plus(discounts.get(i));
            }
        }
        Money spent = usage.rounded().minus(off.rounded());
        for (Entry entry : entries) {
            // Discounts are in the nets; what commitments add was not spent.
            boolean spend = entry.step() != Step.DISCOUNT && entry.step().compareTo(Step.COMMITMENT) < 0;
            Optional<Days> common = spend ? entry.days().within(some) : Optional.empty();
            if (common.isPresent()) {
                spent = spent.plus(entry.amount()
                        .prorated(common.get().count(), entry.days().count()));
            }
        }
        return spent;
    }

    /** The lines and all entries so far. */
    Money total() {
        Money total = Money.sum(charges.stream().map(UsageCharge::shown).toList(), currency());
        for (Entry entry : entries) {
            total = total.plus(entry.amount());
        }
        return total;
    }

    void add(Entry entry) {
        entries.add(entry);
    }

    void add(TaxShare tax) {
        taxes.add(tax);
    }

    void miss(String code, String detail) {
        gaps.add(new Statement.Gap(code, detail));
    }

    /** What other invoices, and this one so far, posted to a balance. */
    Money used(String balance) {
        return agreement.opening().plus(postings).used(balance, currency());
    }

    /** The part of it that did not settle it. */
    Money drawn(String balance) {
        return agreement.opening().plus(postings).drawn(balance, currency());
    }

    /** Whether another invoice ever posted to the balance. */
    boolean isKnown(String balance) {
        return agreement.opening().used().containsKey(balance);
    }

    /** What the invoice settled of a balance, and its notes, if it is computed anew. */
    Money settledAlready(String balance) {
        return agreement.opening().kept().getOrDefault(balance, zero());
    }

    void draw(String balance, Money amount, Money limit) {
        post(new Posting(balance, amount, limit, false));
    }

    void settle(String balance, Money amount, Money limit) {
        post(new Posting(balance, amount, limit, true));
    }

    private void post(Posting posting) {
        if (posting.amount().signum() != 0) {
            postings.add(posting);
        }
    }

    /** The lines as they are, which cannot be billed. */
    Statement unconverted() {
        miss(
                "no_exchange_rate",
                "no rate from " + contract.priceCurrency() + " to " + currency() + " is known on "
                        + days.to().minusDays(1));
        return statement(contract.priceCurrency());
    }

    Statement statement() {
        return statement(currency());
    }

    private Statement statement(Currency shownIn) {
        return new Statement(
                contract,
                agreement.contracts().versionsIn(days),
                discounts,
                Money.sum(charges.stream().map(UsageCharge::shown).toList(), shownIn),
                entries,
                taxes,
                issuer().map(Issuer::seller),
                agreement.opening(),
                postings,
                gaps);
    }
}
