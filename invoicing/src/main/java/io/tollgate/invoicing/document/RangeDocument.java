package io.tollgate.invoicing.document;

import io.swagger.v3.oas.annotations.media.Schema;
import io.tollgate.invoicing.usage.TimeRange;
import java.time.Instant;

/**
 * A stretch of time.
 *
 * @param from inclusive
 * @param to exclusive
 */
@Schema(name = "TimeRange")
public record RangeDocument(Instant from, Instant to) {

    public static RangeDocument of(TimeRange range) {
        return new RangeDocument(range.from(), range.to());
    }
}
