package io.tollgate.invoicing.usage;

import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;

/** Where usage comes from. What it answers is the newest version of each rollup, summed exactly. */
public interface UsageReader {

    int TENANTS_AT_ONCE = 500;

    /**
     * Quantities at most that are held for one question of somebody who chooses how finely usage is told. Rated and taken
     * apart, each takes about a kilobyte.
     */
    int QUANTITIES_MAX = 200_000;

    /**
     * Totals per slice, tenant, product and, if asked for, project; in {@linkplain UsageTotal#ORDER order}, the same each time. Meters that do not add up
     * are in them as {@link Attribution} says.
     *
     * @throws UsageUnavailableException if it cannot be read now
     * @throws TooMuchDetailException if it is told too finely for this reader
     */
    List<UsageTotal> read(UsageQuestion question);

    /** The same, of tenants however many, some at a time: a query has no room for more. */
    default List<UsageTotal> readAll(UsageQuestion question) {
        if (!(question.whose() instanceof Whose.Tenants named)
                || named.tenants().size() <= TENANTS_AT_ONCE) {
            return read(question);
        }
        List<String> all = List.copyOf(named.tenants());
        List<UsageTotal> totals = new ArrayList<>();
        for (int from = 0; from < all.size(); from += TENANTS_AT_ONCE) {
            List<String> some = all.subList(from, Math.min(all.size(), from + TENANTS_AT_ONCE));
            totals.addAll(read(question.of(Whose.tenants(Set.copyOf(some)))));
        }
        return totals;
    }

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
