package io.tollgate.invoicing.http;

import io.tollgate.invoicing.contract.Contract;
import io.tollgate.invoicing.document.Reading.Fault;
import io.tollgate.invoicing.postgres.ContractStore.Published;
import io.tollgate.invoicing.postgres.InvoiceStore;
import io.tollgate.invoicing.postgres.IssuerStore;
import io.tollgate.invoicing.postgres.PriceBookStore;
import io.tollgate.invoicing.pricing.PriceHistory;
import io.tollgate.invoicing.tax.Issuer;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds what stands in the way of a contract among what else is published, so that no question is left for billing. */
record ContractCheck(IssuerStore issuers, PriceBookStore books, InvoiceStore invoices) {

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
        // What came after an invoice was closed is a difference, and there is none between currencies.
        if (invoices.list(Optional.of(contract.tenant()), Optional.empty()).stream()
                .filter(closed -> !closed.id().month().isBefore(YearMonth.from(contract.effectiveFrom())))
                .anyMatch(closed -> !closed.total().currency().equals(contract.currency()))) {
            faults.add(new Fault(
                    "currency_change",
                    "/currency",
                    contract.tenant() + " has final invoices in another currency in or after the month of "
                            + contract.effectiveFrom()));
        }
        return faults;
    }

    static Fault currencyChange(Contract contract) {
        return new Fault(
                "currency_change",
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
