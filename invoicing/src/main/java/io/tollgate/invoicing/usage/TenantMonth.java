package io.tollgate.invoicing.usage;

import java.time.YearMonth;
import java.util.Comparator;

/** One tenant in one month of UTC, ordered by month and then by tenant. */
public record TenantMonth(String tenant, YearMonth month) implements Comparable<TenantMonth> {

    private static final Comparator<TenantMonth> ORDER =
            Comparator.comparing(TenantMonth::month).thenComparing(TenantMonth::tenant);

    @Override
    public int compareTo(TenantMonth other) {
        return ORDER.compare(this, other);
    }
}
