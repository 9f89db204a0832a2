package io.tollgate.invoicing.budget;

import io.tollgate.invoicing.usage.Detail;
import io.tollgate.invoicing.usage.TimeRange;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Currency;
import java.util.List;
import java.util.Optional;

/** Where budgets learn what was used, and in which days their tenants live. */
public interface SpendSource {

    /** The zone that the tenant's days are of. */
    ZoneId zone(String tenant, Instant now);

    /** What the tenant's spend is told in; empty if there are no prices for it. */
    Optional<Currency> currency(String tenant, Instant now);

    /**
     * From when on something that arrived before then is known to be missing in what is read; empty if nothing is.
     *
     * @param since what happened before is of no matter
     * @throws io.tollgate.invoicing.usage.UsageUnavailableException if it cannot be read now
     */
    Optional<Instant> uncounted(String tenant, Instant since, Instant arrivedBefore, Instant now);

    /**
     * What was used in a range, told by day, meter and the given detail.
     *
     * @param detail without all tags whatever their keys
     * @throws io.tollgate.invoicing.usage.TooMuchDetailException if that is more than is held at once
     * @throws io.tollgate.invoicing.usage.UsageUnavailableException if it cannot be read now
     */
    List<Portion> read(String tenant, TimeRange range, ZoneId zone, Detail detail, Instant now);
}
