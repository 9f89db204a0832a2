package io.tollgate.invoicing.usage;

import java.time.YearMonth;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/** Where usage comes from. What it answers is the newest version of each rollup, summed exactly. */
public interface UsageReader {

    /**
     * Totals per slice, tenant, product and, if asked for, project; in no particular order. Meters that do not add up
     * are in them as {@link Attribution} says.
     *
     * @throws UsageUnavailableException if it cannot be read now
     */
    List<UsageTotal> read(UsageQuestion question);

    /**
     * Who that can be billed used anything in which month.
     *
     * @param tenant only this one's, if given
     * @param month only this one, if given; months of UTC
     * @throws UsageUnavailableException if it cannot be read now
     */
    SortedSet<TenantMonth> activity(Optional<String> tenant, Optional<YearMonth> month);

    /**
     * Who that can be billed used anything in a month of UTC, a page at a time.
     *
     * @param after only those whose name comes after this one, byte by byte
     * @param limit how many at most
     * @return in the order of their names
     * @throws UsageUnavailableException if it cannot be read now
     */
    List<String> tenants(YearMonth month, String after, int limit);
}
