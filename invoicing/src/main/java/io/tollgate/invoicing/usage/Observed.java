package io.tollgate.invoicing.usage;

import io.tollgate.meters.Aggregation;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A value of a meter that does not add up, as it was observed in a billing period by events of one tenant, project and product.
 *
 * @param period the billing period, over the whole of which it is decided what the observations come to
 * @param project the tenant's own subdivision; empty for none
 * @param tags those that were asked for and that it has
 * @param aggregation how the meter was counted; not additive
 * @param firstWindow start of the earliest window of the period that observed the value
 * @param lastTime when it was observed last; of no meaning but for {@link Aggregation#LATEST}
 */
public record Observed(
        TimeRange period,
        String tenant,
        String project,
        SortedMap<String, String> tags,
        Product product,
        String meter,
        Aggregation aggregation,
        long value,
        Instant firstWindow,
        Instant lastTime) {

    public Observed {
        tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
        if (aggregation.isAdditive()) {
            throw new IllegalArgumentException(aggregation.code() + " adds up; its totals are read as such");
        }
    }
}
