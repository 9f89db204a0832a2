package io.tollgate.invoicing.billing;

import io.tollgate.invoicing.usage.TenantMonth;
import io.tollgate.invoicing.usage.UsageQuestion;
import io.tollgate.invoicing.usage.UsageReader;
import io.tollgate.invoicing.usage.UsageTotal;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/** Usage as another reader reads it, with the time that it takes. */
public record TimedUsage(UsageReader usage, BillingMetrics metrics) implements UsageReader {

    @Override
    public List<UsageTotal> read(UsageQuestion question) {
        return metrics.reading(() -> usage.read(question));
    }

    @Override
    public List<UsageTotal> readAll(UsageQuestion question) {
        return metrics.reading(() -> usage.readAll(question));
    }

    @Override
    public SortedSet<TenantMonth> activity(Optional<String> tenant, Optional<YearMonth> month) {
        return metrics.reading(() -> usage.activity(tenant, month));
    }

    @Override
    public List<String> tenants(YearMonth month, String after, int limit) {
        return metrics.reading(() -> usage.tenants(month, after, limit));
    }
}
