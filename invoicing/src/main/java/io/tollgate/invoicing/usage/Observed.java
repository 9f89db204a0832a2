package io.tollgate.invoicing.usage;

import io.tollgate.meters.Aggregation;
import java.time.Instant;
import java.time.YearMonth;

/**
 * A value of a meter that does not add up, as it was observed in a month by events of one tenant, project and product.
 *
 * @param month in the zone that it is billed in
 * @param project the tenant's own subdivision; empty for none
 * @param aggregation how the meter was counted; not additive
 * @param firstWindow start of the earliest window of the month that observed the value
 * @param lastTime when it was observed last; of no meaning but for {@link Aggregation#LATEST}
 */
public record Observed(
        YearMonth month,
        String tenant,
        String project,
        Product product,
        String meter,
        Aggregation aggregation,
        long value,
        Instant firstWindow,
        Instant lastTime) {

    public Observed {
        if (aggregation.isAdditive()) {
            throw new IllegalArgumentException(aggregation.code() + " adds up; its totals are read as such");
        }
    }
}
