package io.tollgate.invoicing.http;

import io.swagger.v3.oas.annotations.media.Schema;
import io.tollgate.invoicing.document.UnbilledDocument;
import io.tollgate.invoicing.spend.Spend;
import io.tollgate.invoicing.spend.SpendDimension;
import io.tollgate.invoicing.usage.TimeRange;
import java.math.BigInteger;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Spend, grouped.
 *
 * @param rows in order of their groups' values; their costs add up exactly to the total
 * @param total exact, decimal digits
 * @param exceptions usage that has no price or no tenant, which the total is without
 */
@Schema(name = "Spend")
public record SpendAnswer(
        Instant from,
        Instant to,
        String currency,
        List<String> groupBy,
        List<Row> rows,
        String total,
        List<UnbilledDocument> exceptions) {

    /**
     * One group.
     *
     * @param group dimension to value
     * @param quantity in the meter's base unit, decimal digits; only when grouped by meter
     * @param cost exact, decimal digits
     */
    @Schema(name = "SpendRow")
    public record Row(Map<String, String> group, Optional<String> quantity, String cost) {}

    static SpendAnswer of(TimeRange range, Spend spend) {
        return new SpendAnswer(
                range.from(),
                range.to(),
                spend.total().currency().getCurrencyCode(),
                spend.groupBy().stream().map(SpendDimension::label).toList(),
                spend.rows().stream().map(row -> row(spend, row)).toList(),
                spend.total().digits(),
                spend.unbilled().stream().map(UnbilledDocument::of).toList());
    }

    private static Row row(Spend spend, Spend.Row row) {
        Map<String, String> group = new LinkedHashMap<>();
        for (int i = 0; i < row.group().size(); i++) {
            group.put(spend.groupBy().get(i).label(), row.group().get(i));
        }
        return new Row(
                group, row.quantity().map(BigInteger::toString), row.cost().digits());
    }
}
