package io.tollgate.invoicing.chargeback;

import static io.tollgate.invoicing.Contracts.NOVEMBER;
import static io.tollgate.invoicing.Fixtures.USD;
import static io.tollgate.invoicing.Fixtures.book;
import static io.tollgate.invoicing.Fixtures.card;
import static io.tollgate.invoicing.Fixtures.gpt4oCard;
import static io.tollgate.invoicing.Fixtures.match;

import io.tollgate.invoicing.Contracts;
import io.tollgate.invoicing.Fixtures;
import io.tollgate.invoicing.contract.ContractHistory;
import io.tollgate.invoicing.contract.ContractPrices;
import io.tollgate.invoicing.cost.CostItem;
import io.tollgate.invoicing.cost.CostReport;
import io.tollgate.invoicing.cost.Itemising;
import io.tollgate.invoicing.document.AllocationRulesDocument;
import io.tollgate.invoicing.document.CanonicalJson;
import io.tollgate.invoicing.invoice.Adjustment;
import io.tollgate.invoicing.invoice.BillingPeriod;
import io.tollgate.invoicing.invoice.Invoice;
import io.tollgate.invoicing.invoice.InvoiceCalculator;
import io.tollgate.invoicing.invoice.InvoiceId;
import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.pricing.PriceHistory;
import io.tollgate.invoicing.pricing.UnitPrice;
import io.tollgate.invoicing.rating.Rating;
import io.tollgate.invoicing.terms.Agreement;
import io.tollgate.invoicing.terms.Balances;
import io.tollgate.invoicing.terms.Statement;
import io.tollgate.invoicing.usage.Evidence;
import io.tollgate.invoicing.usage.Product;
import io.tollgate.invoicing.usage.UsageTotal;
import io.tollgate.invoicing.usage.Window;
import io.tollgate.schemas.Digest;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** Novembers of acme to divide, and rules to divide them by, written as JSON with single quotes. */
public final class Months {

    public static final PriceHistory LIST = Fixtures.history(book(
            gpt4oCard(),
            card(match(), Map.of("requests", UnitPrice.of("0.000123", 1))),
            card(match("provider", "xai"), Map.of("input_tokens", UnitPrice.of("0.333", 1000)))));

    private Months() {}

    /** One window of usage. */
    public static UsageTotal used(
            Instant start, String project, Map<String, String> tags, Product product, String meter, long quantity) {
        return new UsageTotal(
                Window.at(start),
                "acme",
                project,
                new TreeMap<>(tags),
                product,
                new TreeMap<>(Map.of(meter, BigInteger.valueOf(quantity))),
                1,
                new Digest(0, quantity),
                new TreeSet<>(),
                new TreeMap<>());
    }

    /** So many dollars of gpt-4o. */
    public static UsageTotal dollars(String instant, String project, long dollars) {
        return used(Instant.parse(instant), project, Map.of(), Fixtures.gpt4o(), "input_tokens", dollars * 400_000);
    }

    public static AllocationRules rules(String json) {
        return CanonicalJson.read(json.replace('\'', '"'), AllocationRulesDocument.class)
                .toRules("acme");
    }

    public static RulesHistory history(AllocationRules... versions) {
        List<RulesVersion> published = new ArrayList<>();
        for (AllocationRules version : versions) {
            published.add(new RulesVersion(published.size() + 1, version));
        }
        return new RulesHistory(published);
    }

    /** What a month came to with some of its usage, and by how much more a note corrected it once the rest was known. */
    public static List<CostReport> billedThenNoted(
            ContractHistory contracts, List<UsageTotal> early, List<UsageTotal> all) {
        Invoice first = invoice(contracts, early);
        Invoice now = invoice(contracts, all);
        Adjustment since = Adjustment.of(billed(first), now);
        List<CostReport> reports = new ArrayList<>();
        reports.add(report(
                first,
                CostReport.Kind.INVOICE,
                1,
                first.due(),
                itemising(contracts).items(now, rating(contracts, all), since, first.due())));
        if (!since.isNothing()) {
            Money due = since.due();
            reports.add(report(
                    now,
                    due.signum() < 0 ? CostReport.Kind.CREDIT_NOTE : CostReport.Kind.DEBIT_NOTE,
                    2,
                    due,
                    itemising(contracts).items(note(since))));
        }
        return reports;
    }

    /** A month that is final, as it was billed. */
    public static List<CostReport> billed(ContractHistory contracts, List<UsageTotal> usage) {
        return billedThenNoted(contracts, usage, usage);
    }

    public static List<CostReport> draft(ContractHistory contracts, List<UsageTotal> usage) {
        Invoice draft = invoice(contracts, usage);
        return List.of(report(
                draft,
                CostReport.Kind.DRAFT,
                1,
                draft.due(),
                itemising(contracts).items(draft, rating(contracts, usage))));
    }

    private static CostReport report(
            Invoice invoice, CostReport.Kind kind, int revision, Money due, List<CostItem> items) {
        boolean open = kind == CostReport.Kind.DRAFT;
        return new CostReport(
                new InvoiceId("acme", NOVEMBER, revision),
                kind,
                open ? Optional.empty() : Optional.of("INV-" + revision),
                invoice.period(),
                open ? Optional.empty() : Optional.of(Fixtures.AFTER.plusSeconds(86_400L * revision)),
                invoice.subtotal(),
                due,
                due,
                items,
                List.of());
    }

    private static ContractPrices prices(ContractHistory contracts) {
        return new ContractPrices(contracts, NOVEMBER, Map.of("list", LIST), Optional.of(LIST));
    }

    private static Optional<Agreement> agreement(ContractHistory contracts) {
        return Optional.of(
                new Agreement(contracts, Map.of("nordic", Contracts.NORDIC), Balances.NONE, Optional.empty()));
    }

    private static Rating rating(ContractHistory contracts, List<UsageTotal> usage) {
        return InvoiceCalculator.rate(
                "acme", BillingPeriod.of(NOVEMBER, contracts), usage, prices(contracts), agreement(contracts));
    }

    private static Invoice invoice(ContractHistory contracts, List<UsageTotal> usage) {
        return InvoiceCalculator.draft(
                "acme",
                BillingPeriod.of(NOVEMBER, contracts),
                rating(contracts, usage),
                prices(contracts),
                agreement(contracts),
                Fixtures.AFTER);
    }

    private static Itemising itemising(ContractHistory contracts) {
        return new Itemising(
                "acme", BillingPeriod.of(NOVEMBER, contracts), prices(contracts), LIST, agreement(contracts));
    }

    private static Adjustment.Billed note(Adjustment since) {
        Map<Adjustment.Key, Adjustment.Amount> lines = new TreeMap<>();
        since.lines().forEach(line -> lines.put(line.key(), line.difference()));
        Money zero = Money.zero(USD);
        return new Adjustment.Billed(
                lines, since.entries(), List.of(), List.of(), zero, zero, since.total(), since.due(), Evidence.NONE);
    }

    private static Adjustment.Billed billed(Invoice invoice) {
        Map<Adjustment.Key, Adjustment.Amount> lines = new TreeMap<>();
        invoice.lines()
                .forEach(line -> lines.put(
                        Adjustment.Key.of(line),
                        new Adjustment.Amount(line.quantity(), line.exactAmount(), line.shownAmount())));
        return new Adjustment.Billed(
                lines,
                invoice.statement().map(Statement::entries).orElse(List.of()),
                invoice.statement().map(Statement::taxes).orElse(List.of()),
                List.of(),
                invoice.exactSum(),
                invoice.subtotal(),
                invoice.total(),
                invoice.due(),
                invoice.evidence());
    }
}
