package io.tollgate.invoicing.billing;

import io.tollgate.invoicing.postgres.PriceBookStore;
import io.tollgate.invoicing.rating.Rating;
import io.tollgate.invoicing.spend.Spend;
import io.tollgate.invoicing.spend.SpendDimension;
import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.UsageReader;
import io.tollgate.invoicing.usage.UsageTotal;
import io.tollgate.invoicing.usage.Whose;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/** Spend over any stretch of time, by the same rating as invoices. */
public final class SpendQuery {

    private final PriceBookStore books;
    private final UsageReader usage;
    private final BillingMetrics metrics;

    public SpendQuery(PriceBookStore books, UsageReader usage, BillingMetrics metrics) {
        this.books = books;
        this.usage = usage;
        this.metrics = metrics;
    }

    /**
     * Spend by anybody.
     *
     * @return empty if no list prices are published
     */
    public Optional<Spend> of(TimeRange range, Whose whose, List<SpendDimension> groupBy) {
        return books.history(Drafts.LIST_PRICES).map(prices -> {
            List<TimeRange> slices = prices.cut(range);
            if (groupBy.contains(SpendDimension.DAY)) {
                List<Instant> midnights = midnights(range);
                slices = slices.stream()
                        .flatMap(slice -> slice.cutAt(midnights).stream())
                        .toList();
            }
            List<UsageTotal> used = usage.read(slices, whose, groupBy.contains(SpendDimension.PROJECT));
            return metrics.rating(() -> Spend.of(Rating.of(used, prices, range), groupBy));
        });
    }

    private static List<Instant> midnights(TimeRange range) {
        LocalDate first = range.from().atOffset(ZoneOffset.UTC).toLocalDate();
        LocalDate last = range.to().atOffset(ZoneOffset.UTC).toLocalDate();
        return first.datesUntil(last.plusDays(1))
                .map(day -> day.atStartOfDay(ZoneOffset.UTC).toInstant())
                .toList();
    }
}
