package io.tollgate.invoicing.terms;

import io.tollgate.invoicing.contract.Contract;
import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.tax.Party;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;

/**
 * What a contract makes of the lines of an invoice.
 *
 * @param contract in force at the end of the period, or of its part that has one
 * @param versions of the contract that were in force in the period, in order of time
 * @param discounts what is taken off each line, unrounded, in the order of the lines
 * @param subtotal of the lines, rounded
 * @param entries in the order of {@link Step}
 * @param taxes at most one today: a contract has one buyer
 * @param seller empty if the contract names no issuer
 * @param opening balances as it found them
 * @param postings what it uses of balances
 * @param gaps what must be told before it can be closed
 */
public record Statement(
        Contract contract,
        List<Integer> versions,
        List<Money> discounts,
        Money subtotal,
        List<Entry> entries,
        List<TaxShare> taxes,
        Optional<Party> seller,
        Balances opening,
        List<Posting> postings,
        List<Gap> gaps) {

    /**
     * Something that is not known and has to be.
     *
     * @param code stable: {@code no_issuer}, {@code no_tax_rate}, {@code no_exchange_rate}
     * @param detail for people
     */
    public record Gap(String code, String detail) {}

    public Statement {
        versions = List.copyOf(versions);
        discounts = List.copyOf(discounts);
        entries = List.copyOf(entries);
        taxes = List.copyOf(taxes);
        postings = List.copyOf(postings);
        gaps = List.copyOf(gaps);
    }

    /**
     * Reckons a month.
     *
     * @param charges the lines of its invoice
     * @return empty if no contract is in force on any of its days
     */
    public static Optional<Statement> of(Agreement agreement, YearMonth month, List<UsageCharge> charges) {
        return Bill.of(agreement, month, charges).map(bill -> {
            if (agreement.isUnconverted(month)) {
                // Terms in one currency cannot be applied to lines in another: the draft shows the lines alone.
                return bill.unconverted();
            }
            for (Step step : Step.values()) {
                step.apply(bill);
            }
            return bill.statement();
        });
    }

    /** Before tax: the lines and all entries up to commitments. */
    public Money net() {
        return upTo(Step.COMMITMENT);
    }

    /** With tax. */
    public Money total() {
        return upTo(Step.TAX);
    }

    /** What is left to pay after credits; the subtotal and all entries add up to it. */
    public Money due() {
        return upTo(Step.CREDIT);
    }

    /** Whether it neither costs nor uses anything. */
    public boolean isOfNothing() {
        return postings.isEmpty()
                && entries.stream().allMatch(entry -> entry.amount().signum() == 0);
    }

    private Money upTo(Step last) {
        return subtotal.plus(Money.sum(
                entries.stream()
                        .filter(entry -> entry.step().compareTo(last) <= 0)
                        .map(Entry::amount)
                        .toList(),
                subtotal.currency()));
    }
}
