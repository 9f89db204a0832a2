package io.tollgate.invoicing.http;

import io.tollgate.invoicing.billing.Drafts;
import io.tollgate.invoicing.contract.Commitment;
import io.tollgate.invoicing.contract.Contract;
import io.tollgate.invoicing.contract.ContractHistory;
import io.tollgate.invoicing.contract.ContractVersion;
import io.tollgate.invoicing.contract.Days;
import io.tollgate.invoicing.contract.Term;
import io.tollgate.invoicing.document.Reading.Fault;
import io.tollgate.invoicing.invoice.BillingPeriod;
import io.tollgate.invoicing.postgres.ContractStore.Published;
import io.tollgate.invoicing.postgres.FinalInvoice;
import io.tollgate.invoicing.postgres.InvoiceStore;
import io.tollgate.invoicing.postgres.IssuerStore;
import io.tollgate.invoicing.postgres.PriceBookStore;
import io.tollgate.invoicing.pricing.PriceHistory;
import io.tollgate.invoicing.tax.Issuer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds what stands in the way of a contract among what else is published, so that no question is left for billing. */
record ContractCheck(IssuerStore issuers, PriceBookStore books, InvoiceStore invoices) {

    private static final String CURRENCY_CHANGE = "currency_change";

    /** @param before the versions before it, in order */
    List<Fault> faults(Contract contract, List<Published> before) {
        List<Fault> faults = new ArrayList<>();
        Optional<PriceHistory> book = books.history(contract.book());
        if (book.isEmpty()) {
            faults.add(new Fault("no_price_book", "/book", "no price book " + contract.book() + " is published"));
        }
        book.filter(prices -> !prices.currency().equals(contract.priceCurrency()))
                .ifPresent(prices -> faults.add(new Fault(
                        "currency_differs",
                        "/priceCurrency",
                        "price book " + contract.book() + " is in " + prices.currency() + ", the contract's prices in "
                                + contract.priceCurrency())));
        contract.billing()
                .ifPresent(billing -> issuers.find(billing.issuer())
                        .ifPresentOrElse(
                                issuer -> faults.addAll(faults(contract, billing, issuer)),
                                () -> faults.add(
                                        new Fault("no_issuer", "/issuer", "there is no issuer " + billing.issuer()))));
        if (!before.isEmpty()) {
            against(contract, before.get(before.size() - 1).contract().content(), faults);
        }
        afterClosed(contract, before, faults);
        return faults;
    }

    /** Final invoices stay as they are, so not all can be agreed for their months. */
    private void afterClosed(Contract contract, List<Published> before, List<Fault> faults) {
        List<FinalInvoice> closed = invoices.list(Optional.of(contract.tenant()), Optional.empty());
        // What came after an invoice was closed is a difference, and there is none between currencies.
        if (closed.stream()
                .filter(invoice -> !invoice.id().month().isBefore(YearMonth.from(contract.effectiveFrom())))
                .anyMatch(invoice -> !invoice.total().currency().equals(contract.currency()))) {
            faults.add(new Fault(
                    CURRENCY_CHANGE,
                    "/currency",
                    contract.tenant() + " has final invoices in another currency in or after the month of "
                            + contract.effectiveFrom()));
        }
        closed.stream()
                .map(invoice -> invoice.id().month().plusMonths(1))
                .max(Comparator.naturalOrder())
                // A history of several currencies there is not.
                .filter(open -> faults.stream().noneMatch(fault -> fault.code().equals(CURRENCY_CHANGE)))
                .filter(open ->
                        !startOf(open, before, Optional.empty()).equals(startOf(open, before, Optional.of(contract))))
                .ifPresent(open -> faults.add(new Fault(
                        "period_closed",
                        "/timeZone",
                        "the invoice of the month before " + open + " is final and ends where " + open
                                + " began before this contract; let the zone apply from a later month")));
        endedInAnotherCurrency(contract, before, closed, faults);
        List<Term> agreed = before.isEmpty()
                ? List.of()
                : before.get(before.size() - 1).contract().content().terms();
        // A month whose invoice is void may be billed again, and draw then.
        Optional<LocalDate> open = closed.stream()
                .filter(invoice -> !invoice.isNote() && !invoice.isVoid())
                .map(invoice -> invoice.id().month())
                .max(Comparator.naturalOrder())
                .map(month -> month.plusMonths(1).atDay(1));
        contract.terms().stream()
                .filter(term -> term instanceof Commitment && !agreed.contains(term))
                .filter(term -> open.map(day -> contract.effectiveFrom().isBefore(day)
                                && term.validity()
                                        .from()
                                        .map(from -> from.isBefore(day))
                                        .orElse(true))
                        .orElse(false))
                .forEach(term -> faults.add(new Fault(
                        "period_closed",
                        "/commitments",
                        "commitment " + term.id() + " starts in a month whose invoice is final, and could not be drawn"
                                + " down there; it can start on "
                                + open.map(LocalDate::toString).orElse(""))));
    }

    /** Where no contract is in force any more the list prices would bill, and say the difference in their currency. */
    private void endedInAnotherCurrency(
            Contract contract, List<Published> before, List<FinalInvoice> closed, List<Fault> faults) {
        if (faults.stream().anyMatch(fault -> fault.code().equals(CURRENCY_CHANGE))) {
            return;
        }
        ContractHistory history = new ContractHistory(Stream.concat(
                        before.stream().map(Published::contract),
                        Stream.of(new ContractVersion(contract, before.size() + 1)))
                .toList());
        List<FinalInvoice> without = closed.stream()
                .filter(invoice -> history.lastIn(Days.of(invoice.id().month())).isEmpty())
                .toList();
        if (!without.isEmpty()) {
            books.history(Drafts.LIST_PRICES)
                    .flatMap(list -> without.stream()
                            .filter(invoice -> !invoice.total().currency().equals(list.currency()))
                            .findFirst())
                    .ifPresent(invoice -> faults.add(new Fault(
                            CURRENCY_CHANGE,
                            "/effectiveTo",
                            "the invoice " + invoice.id() + " is final and in "
                                    + invoice.total().currency()
                                    + ", and the list prices, which would apply without a contract, are not; let the"
                                    + " contract end in a later month")));
        }
    }

    private static Instant startOf(YearMonth month, List<Published> before, Optional<Contract> next) {
        List<ContractVersion> versions = Stream.concat(
                        before.stream().map(Published::contract),
                        next.map(contract -> new ContractVersion(contract, before.size() + 1)).stream())
                .toList();
        return versions.isEmpty()
                ? BillingPeriod.of(month).range().from()
                : new ContractHistory(versions).startOf(month);
    }

    static Fault currencyChange(Contract contract) {
        return new Fault(
                CURRENCY_CHANGE,
                "/currency",
                "the versions before are in other currencies than " + contract.currency() + " with prices in "
                        + contract.priceCurrency() + "; balances and prices go on, so they cannot change");
    }

    private static List<Fault> faults(Contract contract, Contract.Billing billing, Issuer issuer) {
        List<Fault> faults = new ArrayList<>();
        if (issuer.treatment(billing.buyer(), billing.exemption(), contract.effectiveFrom())
                .isEmpty()) {
            faults.add(new Fault(
                    "no_tax_rate",
                    "/billTo/country",
                    "issuer " + issuer.name() + " knows no rate of tax in "
                            + billing.buyer().country() + " on " + contract.effectiveFrom()));
        }
        if (!contract.currency().equals(contract.priceCurrency())
                && issuer.exchangeRate(contract.priceCurrency(), contract.currency(), contract.effectiveFrom())
                        .isEmpty()) {
            faults.add(new Fault(
                    "no_exchange_rate",
                    "/priceCurrency",
                    "issuer " + issuer.name() + " knows no rate from " + contract.priceCurrency() + " to "
                            + contract.currency() + " on " + contract.effectiveFrom()));
        }
        return faults;
    }

    private static void against(Contract contract, Contract latest, List<Fault> faults) {
        if (!latest.currency().equals(contract.currency())
                || !latest.priceCurrency().equals(contract.priceCurrency())) {
            faults.add(currencyChange(contract));
        }
        if (!latest.timeZone().equals(contract.timeZone())
                && contract.effectiveFrom().getDayOfMonth() != 1) {
            faults.add(new Fault(
                    "time_zone_change",
                    "/timeZone",
                    "a billing time zone changes on the first day of a month, not on " + contract.effectiveFrom()));
        }
    }
}
