package io.tollgate.invoicing.billing;

import io.tollgate.invoicing.invoice.BillingPeriod;
import io.tollgate.invoicing.usage.TenantMonth;
import io.tollgate.invoicing.usage.UsageReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Who used anything, in groups that are small enough to have all of their usage in memory. */
final class ActiveTenants {

    /** A reading costs some milliseconds whatever it reads, and a tenant of thirty lines some ten kilobytes. */
    private static final int TOGETHER = 500;

    private final UsageReader usage;

    ActiveTenants(UsageReader usage) {
        this.usage = usage;
    }

    /**
     * In order of their names.
     *
     * @param instead of whom others are meant
     */
    List<Set<String>> of(BillingPeriod period, UnaryOperator<SortedSet<String>> instead) {
        List<String> names =
                List.copyOf(instead.apply(usage.activity(Optional.empty(), Optional.of(period.month())).stream()
                        .map(TenantMonth::tenant)
                        .collect(Collectors.toCollection(TreeSet::new))));
        List<Set<String>> groups = new ArrayList<>();
        for (int from = 0; from < names.size(); from += TOGETHER) {
            groups.add(new TreeSet<>(names.subList(from, Math.min(names.size(), from + TOGETHER))));
        }
        return groups;
    }
}
