package io.tollgate.invoicing.invoice;

import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.rating.UnbilledUsage;
import io.tollgate.invoicing.terms.Statement;
import io.tollgate.invoicing.usage.Evidence;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a tenant owes for a period.
 *
 * @param priceBook name of the price book
 * @param lines in order of tenant, product, meter and time, numbered from 1
 * @param unbilled usage that could not be billed, and so is on no line; in a final invoice only what was
 *     waived
 * @param evidence of all usage in the period of the tenant and its members
 * @param statement what the tenant's contract makes of the lines; empty if it has none in the period
 * @param members other tenants whose usage of the period it bills, used anything or not
 */
public record Invoice(
        InvoiceId id,
        BillingPeriod period,
        InvoiceStatus status,
        Currency currency,
        String priceBook,
        List<InvoiceLine> lines,
        List<UnbilledUsage> unbilled,
        Evidence evidence,
        Optional<Statement> statement,
        SortedSet<String> members) {

    public Invoice {
        members = Collections.unmodifiableSortedSet(new TreeSet<>(members));
        lines = List.copyOf(lines);
        unbilled = List.copyOf(unbilled);
        if (status instanceof InvoiceStatus.Final closed && !closed.waived().containsAll(exceptions(lines, unbilled))) {
            throw new IllegalArgumentException(
                    "an invoice with exceptions cannot be final: " + exceptions(lines, unbilled));
        }
    }

    /**
     * All that someone must decide on before it can be closed: usage that could not be billed, and lines below zero,
     * which a draft shows but nobody may be paid for.
     */
    public List<UnbilledUsage> exceptions() {
        return exceptions(lines, unbilled);
    }

    /**
     * Whether there is nothing to bill and nothing to decide on. Usage may come without an event: a sample of a gauge
     * holds into the next month.
     */
    public boolean isOfNothing() {
        return evidence.eventCount() == 0
                && lines.isEmpty()
                && unbilled.isEmpty()
                && statement.map(Statement::isOfNothing).orElse(true);
    }

    /** Unrounded sum of the lines. */
    public Money exactSum() {
        return Money.sum(lines.stream().map(InvoiceLine::exactAmount).toList(), currency);
    }

    /** The exact sum, rounded once. */
    public Money subtotal() {
        return exactSum().rounded();
    }

    /** What is owed, with tax. */
    public Money total() {
        return statement.map(Statement::total).orElseGet(this::subtotal);
    }

    /** What is left to pay: the total without what credits paid. */
    public Money due() {
        return statement.map(Statement::due).orElseGet(this::subtotal);
    }

    /** What it is worth before tax and payments: adjustments are differences of it. */
    public Money net() {
        return statement.map(Statement::net).orElseGet(this::subtotal);
    }

    /** The last day to pay, in the tenant's zone; empty while it is a draft, or if nothing is agreed. */
    public Optional<LocalDate> dueOn() {
        return status instanceof InvoiceStatus.Final closed
                ? statement.map(agreed -> LocalDate.ofInstant(
                                closed.finalisedAt(), agreed.contract().timeZone())
                        .plusDays(agreed.contract().paymentTermDays()))
                : Optional.empty();
    }

    /** The versions of the price book that its lines were priced by, in order. */
    public List<Integer> priceBookVersions() {
        return lines.stream()
                .filter(line -> line.price().book().equals(priceBook))
                .map(line -> line.price().version())
                .distinct()
                .sorted()
                .toList();
    }

    /** The same invoice with another status. */
    public Invoice as(InvoiceStatus other) {
        return new Invoice(id, period, other, currency, priceBook, lines, unbilled, evidence, statement, members);
    }

    /** The same invoice by another id. */
    public Invoice as(InvoiceId other) {
        return new Invoice(other, period, status, currency, priceBook, lines, unbilled, evidence, statement, members);
    }

    private static List<UnbilledUsage> exceptions(List<InvoiceLine> lines, List<UnbilledUsage> unbilled) {
        List<UnbilledUsage> exceptions = new ArrayList<>(unbilled);
        for (InvoiceLine line : lines) {
            if (line.isNegative()) {
                exceptions.add(new UnbilledUsage(
                        UnbilledUsage.Reason.NEGATIVE,
                        line.servicePeriod(),
                        line.tenant(),
                        line.product(),
                        line.meter(),
                        line.quantity()));
            }
        }
        return List.copyOf(exceptions);
    }
}
