package io.tollgate.invoicing.billing;

import io.tollgate.invoicing.invoice.BillingPeriod;
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
import java.util.ArrayList;
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
            // Where prices count, a day costs what its usage adds to its month, so whole months are read.
            List<TimeRange> periods = prices.counts() ? BillingPeriod.around(range) : List.of(range);
            List<Instant> cuts = new ArrayList<>(List.of(range.from(), range.to()));
            if (groupBy.contains(SpendDimension.DAY)) {
                cuts.addAll(midnights(range));
            }
            List<TimeRange> slices = periods.stream()
                    .flatMap(period -> prices.cut(period).stream())
                    .flatMap(slice -> slice.cutAt(cuts).stream())
                    .toList();
            List<UsageTotal> used = usage.read(slices, whose, groupBy.contains(SpendDimension.PROJECT));
            return metrics.rating(() -> Spend.of(Rating.of(used, prices, range, periods), groupBy));
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
