package io.tollgate.invoicing.billing;

import io.tollgate.invoicing.coverage.Coverage;
import io.tollgate.invoicing.coverage.CoverageTally;
import io.tollgate.invoicing.invoice.BillingPeriod;
import io.tollgate.invoicing.pricing.PriceHistory;
import io.tollgate.invoicing.usage.Detail;
import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.UsageQuestion;
import io.tollgate.invoicing.usage.UsageReader;
import io.tollgate.invoicing.usage.Whose;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Finds what of a month's usage a price book has prices for, reading some tenants at a time. */
public final class CoverageQuery {

    private final UsageReader usage;
    private final ActiveTenants tenants;

    public CoverageQuery(UsageReader usage) {
        this.usage = usage;
        this.tenants = new ActiveTenants(usage);
    }

    /** The usage that names nobody is in it, too: it will need a price once it is known whose it is. */
    public Coverage of(BillingPeriod period, PriceHistory prices) {
        List<TimeRange> slices = prices.cut(period.range());
        CoverageTally tally = new CoverageTally(prices);
        for (Set<String> some : tenants.of(period, UnaryOperator.identity())) {
            tally.add(usage.read(UsageQuestion.of(slices, Whose.tenants(some), Detail.NONE)));
        }
        tally.add(usage.read(UsageQuestion.of(slices, new Whose.Nobodys(), Detail.NONE)));
        return tally.coverage();
    }
}
