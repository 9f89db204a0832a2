package io.tollgate.invoicing.adminapi;

import io.tollgate.invoicing.invoice.BillingPeriod;
import io.tollgate.invoicing.spend.SpendDimension;
import io.tollgate.invoicing.usage.Detail;
import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.UsageQuestion;
import io.tollgate.invoicing.usage.UsageReader;
import io.tollgate.invoicing.usage.Whose;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Reads what reports are made of: quantities of the rollups, priced or not. */
final class VendorUsage {

    private final UsageReader usage;

    VendorUsage(UsageReader usage) {
        this.usage = usage;
    }

    /** The rows of each bucket. */
    List<List<UsageReport.Row>> rows(UsageReport report, String tenant, List<Bucket> buckets) {
        List<TimeRange> slices =
                buckets.stream().map(Bucket::windows).flatMap(Optional::stream).toList();
        if (slices.isEmpty()) {
            return report.of(buckets, List.of());
        }
        TimeRange range = new TimeRange(
                slices.get(0).from(), slices.get(slices.size() - 1).to());
        return report.of(
                buckets,
                usage.read(new UsageQuestion(
                        slices, BillingPeriod.around(range), Set.of(), detail(report), Whose.tenants(Set.of(tenant)))));
    }

    private static Detail detail(UsageReport report) {
        Set<String> tags = new TreeSet<>();
        List<SpendDimension> dimensions = Stream.concat(report.groupBy().stream(), report.only().keySet().stream())
                .flatMap(facet -> facet.dimensions().stream())
                .toList();
        dimensions.stream()
                .map(SpendDimension::tagKey)
                .flatMap(Optional::stream)
                .forEach(tags::add);
        return Detail.of(dimensions.contains(SpendDimension.PROJECT), tags);
    }
}
