package io.tollgate.invoicing.billing;

import io.tollgate.invoicing.invoice.BillingPeriod;
import io.tollgate.invoicing.invoice.Invoice;
import io.tollgate.invoicing.invoice.InvoiceCalculator;
import io.tollgate.invoicing.postgres.PriceBookStore;
import io.tollgate.invoicing.pricing.PriceHistory;
import io.tollgate.invoicing.rating.Rating;
import io.tollgate.invoicing.rating.UnbilledUsage;
import io.tollgate.invoicing.usage.UsageReader;
import io.tollgate.invoicing.usage.UsageTotal;
import io.tollgate.invoicing.usage.Whose;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Invoices as they stand now, computed from usage and the list prices. */
public final class Drafts {

    /** The book that bills a tenant without a contract. */
    public static final String LIST_PRICES = "list";

    private final PriceBookStore books;
    private final UsageReader usage;
    private final BillingMetrics metrics;

    public Drafts(PriceBookStore books, UsageReader usage, BillingMetrics metrics) {
        this.books = books;
        this.usage = usage;
        this.metrics = metrics;
    }

    /** Empty as long as no list prices are published. */
    Optional<PriceHistory> prices() {
        return books.history(LIST_PRICES);
    }

    /** One for each of the tenants, used anything or not. */
    Map<String, Invoice> of(BillingPeriod period, Set<String> tenants, PriceHistory prices, Instant now) {
        Map<String, List<UsageTotal>> usageOf = read(period, Whose.tenants(tenants), prices).stream()
                .collect(Collectors.groupingBy(UsageTotal::tenant));
        Map<String, Invoice> drafts = new TreeMap<>();
        for (String tenant : tenants) {
            drafts.put(tenant, draft(period, tenant, usageOf.getOrDefault(tenant, List.of()), prices, now));
        }
        return drafts;
    }

    /** The tenant's, used anything or not. */
    Invoice of(BillingPeriod period, String tenant, PriceHistory prices, Instant now) {
        return draft(period, tenant, read(period, Whose.tenants(Set.of(tenant)), prices), prices, now);
    }

    /** Usage of the period that names nobody who can be billed. */
    List<UnbilledUsage> tenantless(BillingPeriod period, PriceHistory prices) {
        List<UsageTotal> nobodys = read(period, new Whose.Nobodys(), prices);
        return metrics.rating(() -> Rating.of(nobodys, prices, period.range())).unbilled();
    }

    private Invoice draft(
            BillingPeriod period, String tenant, List<UsageTotal> used, PriceHistory prices, Instant now) {
        Invoice draft = metrics.rating(() -> InvoiceCalculator.draft(tenant, period, used, prices, now));
        metrics.draftComputed();
        return draft;
    }

    private List<UsageTotal> read(BillingPeriod period, Whose whose, PriceHistory prices) {
        return usage.read(prices.cut(period.range()), whose, false);
    }
}
