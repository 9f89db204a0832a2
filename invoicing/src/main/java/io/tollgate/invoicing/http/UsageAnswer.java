package io.tollgate.invoicing.http;

import io.swagger.v3.oas.annotations.media.Schema;
import io.tollgate.invoicing.spend.SpendDimension;
import io.tollgate.invoicing.spend.SpendQuestion;
import io.tollgate.invoicing.spend.UsageTally;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Quantities, grouped.
 *
 * @param groupBy with {@code meter}, always
 * @param rows in order of time and of their groups' values; if there are more, with a cursor
 * @param countedThrough event time before which all usage is counted that has reached the archive; absent if the range ended
 *     days ago
 * @param nextCursor where the next page starts
 */
@Schema(name = "Usage")
public record UsageAnswer(
        OffsetDateTime from,
        OffsetDateTime to,
        String zone,
        String granularity,
        List<String> groupBy,
        List<Row> rows,
        Optional<Instant> countedThrough,
        Optional<String> nextCursor) {

    /**
     * One group in a stretch of time.
     *
     * @param group dimension to value
     * @param quantity in the meter's base unit, decimal digits
     */
    @Schema(name = "UsageRow")
    public record Row(OffsetDateTime from, OffsetDateTime to, Map<String, String> group, String quantity) {}

    static UsageAnswer of(SpendQuestion question, Pages.Page<UsageTally.Row> page, Optional<Instant> countedThrough) {
        return new UsageAnswer(
                question.range().from().atZone(question.zone()).toOffsetDateTime(),
                question.range().to().atZone(question.zone()).toOffsetDateTime(),
                question.zone().getId(),
                question.granularity().label(),
                question.groupBy().stream().map(SpendDimension::label).toList(),
                page.rows().stream()
                        .map(row -> new Row(
                                row.period().from().atZone(question.zone()).toOffsetDateTime(),
                                row.period().to().atZone(question.zone()).toOffsetDateTime(),
                                SpendAnswer.group(question, row.group()),
                                row.quantity().toString()))
                        .toList(),
                countedThrough,
                page.nextCursor());
    }
}
