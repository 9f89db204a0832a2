package io.tollgate.invoicing;

import io.tollgate.invoicing.contract.Contract;
import io.tollgate.invoicing.contract.ContractHistory;
import io.tollgate.invoicing.contract.ContractPrices;
import io.tollgate.invoicing.contract.ContractVersion;
import io.tollgate.invoicing.document.CanonicalJson;
import io.tollgate.invoicing.document.ContractDocument;
import io.tollgate.invoicing.document.IssuerDocument;
import io.tollgate.invoicing.invoice.BillingPeriod;
import io.tollgate.invoicing.invoice.Invoice;
import io.tollgate.invoicing.invoice.InvoiceCalculator;
import io.tollgate.invoicing.pricing.PriceHistory;
import io.tollgate.invoicing.tax.Issuer;
import io.tollgate.invoicing.terms.Agreement;
import io.tollgate.invoicing.terms.Balances;
import io.tollgate.invoicing.terms.Entry;
import io.tollgate.invoicing.terms.Step;
import io.tollgate.invoicing.usage.UsageTotal;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Contracts to test with, written as JSON with single quotes. */
public final class Contracts {

    public static final YearMonth NOVEMBER = YearMonth.of(2023, 11);

    /** Sells from Sweden; knows the rates of two countries and the dollar. */
    public static final Issuer NORDIC = issuer("""
            {'name':'nordic',
             'seller':{'name':'Tollgate Nordic AB','addressLines':['Storgatan 1'],'city':'Stockholm','postalCode':'111 22',
                       'country':'SE','vatId':'SE556703748501'},
             'taxRates':[{'jurisdiction':'SE','percent':'25','effectiveFrom':'2020-01-01'},
                         {'jurisdiction':'DE','percent':'19','effectiveFrom':'2021-01-01'},
                         {'jurisdiction':'DE','percent':'16','effectiveFrom':'2020-07-01'}],
             'exchangeRates':[{'from':'USD','to':'SEK','rate':'10.50','source':'ECB','effectiveFrom':'2023-11-01'},
                              {'from':'USD','to':'SEK','rate':'10.4321','source':'ECB','effectiveFrom':'2023-11-30'},
                              {'from':'USD','to':'SEK','rate':'11','source':'ECB','effectiveFrom':'2023-12-01'}]}""");

    /** The parties of a contract, to put into its JSON. */
    public static final String SWEDISH_BUYER =
            "'issuer':'nordic','billTo':{'name':'Acme AB','country':'SE','vatId':'SE556000000001'}";

    private Contracts() {}

    public static Issuer issuer(String json) {
        return CanonicalJson.read(json.replace('\'', '"'), IssuerDocument.class).toIssuer();
    }

    public static Contract contract(String json) {
        return CanonicalJson.read(json.replace('\'', '"'), ContractDocument.class)
                .toContract();
    }

    /** A contract of acme in dollars from the first of 2023, and what else it says. */
    public static Contract acme(String rest) {
        return acmeFrom("2023-01-01", rest);
    }

    public static Contract acmeFrom(String day, String rest) {
        return contract("{'tenant':'acme','currency':'USD','effectiveFrom':'" + day + "'"
                + (rest.isEmpty() ? "" : "," + rest) + "}");
    }

    public static ContractHistory history(Contract... versions) {
        List<ContractVersion> published = new ArrayList<>();
        for (Contract version : versions) {
            published.add(new ContractVersion(version, published.size() + 1));
        }
        return new ContractHistory(published);
    }

    public static Invoice invoice(ContractHistory contracts, PriceHistory list, List<UsageTotal> usage) {
        return invoice(contracts, NOVEMBER, list, usage, Balances.NONE, Optional.empty());
    }

    public static Invoice invoice(
            ContractHistory contracts,
            YearMonth month,
            PriceHistory list,
            List<UsageTotal> usage,
            Balances opening,
            Optional<YearMonth> closedThrough) {
        BillingPeriod period = BillingPeriod.of(month, contracts);
        return InvoiceCalculator.draft(
                contracts.tenant(),
                period,
                usage,
                new ContractPrices(contracts, month, Map.of("list", list), Optional.of(list)),
                Optional.of(new Agreement(contracts, Map.of("nordic", NORDIC), opening, closedThrough)),
                Fixtures.AFTER);
    }

    public static List<Entry> entries(Invoice invoice, Step step) {
        return invoice.statement().orElseThrow().entries().stream()
                .filter(entry -> entry.step() == step)
                .toList();
    }

    /** What the entries of a step come to, as text. */
    public static List<String> amounts(Invoice invoice, Step step) {
        return entries(invoice, step).stream()
                .map(entry -> entry.id() + " " + entry.amount().digits())
                .toList();
    }
}
