package io.tollgate.invoicing.invoice;

import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.pricing.AppliedPrice;
import io.tollgate.invoicing.pricing.PriceHistory;
import io.tollgate.invoicing.pricing.Stretch;
import io.tollgate.invoicing.rating.RatedUsage;
import io.tollgate.invoicing.rating.Rating;
import io.tollgate.invoicing.usage.Evidence;
import io.tollgate.invoicing.usage.Product;
import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.UsageTotal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Makes an invoice of usage. Pure: the same usage in whatever order and however finely cut gives an equal invoice. */
public final class InvoiceCalculator {

    /** What usage has in common that shares a line. The price is implied by the rest, and is carried along. */
    private record LineKey(Product product, String meter, TimeRange servicePeriod, AppliedPrice price)
            implements Comparable<LineKey> {

        private static final Comparator<LineKey> ORDER = Comparator.comparing(LineKey::product)
                .thenComparing(LineKey::meter)
                .thenComparing(LineKey::servicePeriod);

        @Override
        public int compareTo(LineKey other) {
            return ORDER.compare(this, other);
        }
    }

    private record Sum(Stretch stretch, Money amount) {

        Sum then(Sum next) {
            return new Sum(stretch.then(next.stretch), amount.plus(next.amount));
        }

        boolean isNothing() {
            return stretch.quantity().signum() == 0 && amount.amount().signum() == 0;
        }
    }

    private InvoiceCalculator() {}

    /**
     * The invoice as it stands.
     *
     * @param usage the tenant's in the period, each total within one piece of {@code prices.cut(period.range())}
     * @throws IllegalArgumentException if some usage is another tenant's: the caller's bug
     */
    public static Invoice draft(
            String tenant, BillingPeriod period, List<UsageTotal> usage, PriceHistory prices, Instant asOf) {
        for (UsageTotal total : usage) {
            if (!total.tenant().equals(tenant)) {
                throw new IllegalArgumentException("usage of \"" + total.tenant() + "\" on an invoice of " + tenant);
            }
        }
        Rating rating = Rating.of(usage, prices, period.range());
        return new Invoice(
                InvoiceId.of(tenant, period, InvoiceId.FIRST_REVISION),
                period,
                new InvoiceStatus.Draft(asOf),
                prices.currency(),
                prices.book(),
                lines(rating),
                rating.unbilled(),
                rating.evidence());
    }

    /** What is rated, as lines in order of product, meter and time; the shown amounts add up to the rounded sum. */
    public static List<InvoiceLine> lines(Rating rating) {
        Map<LineKey, Sum> sums = new TreeMap<>();
        // What counts together is rated in the order in which it is counted, so the parts of a line lie end to end.
        for (RatedUsage rated : rating.rated()) {
            LineKey key = new LineKey(rated.product(), rated.meter(), rated.pricedOver(), rated.price());
            sums.merge(key, new Sum(rated.stretch(), rated.amount()), Sum::then);
        }
        // Usage that was taken back whole leaves nothing to charge.
        sums.values().removeIf(Sum::isNothing);

        List<Money> exact = sums.values().stream().map(Sum::amount).toList();
        List<Money> shown = Money.sum(exact, rating.currency()).rounded().allocate(exact);
        Map<Product, List<UsageTotal>> usageOf =
                rating.usage().stream().collect(Collectors.groupingBy(UsageTotal::product));
        List<InvoiceLine> lines = new ArrayList<>();
        sums.forEach((key, sum) -> lines.add(new InvoiceLine(
                lines.size() + 1,
                key.product(),
                key.meter(),
                key.servicePeriod(),
                sum.stretch(),
                key.price(),
                sum.amount(),
                shown.get(lines.size()),
                evidence(usageOf.getOrDefault(key.product(), List.of()), key.servicePeriod()))));
        return lines;
    }

    private static Evidence evidence(List<UsageTotal> ofProduct, TimeRange servicePeriod) {
        return Evidence.of(ofProduct.stream()
                .filter(total -> servicePeriod.contains(total.range()))
                .toList());
    }
}
