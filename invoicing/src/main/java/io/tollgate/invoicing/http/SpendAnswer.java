package io.tollgate.invoicing.http;

import io.swagger.v3.oas.annotations.media.Schema;
import io.tollgate.invoicing.cost.Cost;
import io.tollgate.invoicing.cost.CostItem;
import io.tollgate.invoicing.document.UnbilledDocument;
import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.spend.Spend;
import io.tollgate.invoicing.spend.SpendDimension;
import io.tollgate.invoicing.spend.SpendQuestion;
import java.math.BigInteger;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Spend, grouped.
 *
 * @param rows in order of time and of their groups' values; if there are more, with a cursor
 * @param total of all rows, also of those on other pages; exact
 * @param charges what invoices have beside usage, of those whose whole billing period lies in the range; none if usage is filtered
 * @param billed the total's effective cost and the charges, which is what is due for the range; exact, decimal digits.
 *     Absent if the range is not made of whole billing periods of all tenants that are asked for, or usage is filtered by
 *     anything but tenants
 * @param countedThrough event time before which all usage is counted that has reached the archive; absent if the range ended
 *     days ago
 * @param exceptions usage that has no price or no tenant, which the total is without
 * @param nextCursor where the next page starts
 */
@Schema(name = "Spend")
public record SpendAnswer(
        OffsetDateTime from,
        OffsetDateTime to,
        String zone,
        String granularity,
        String currency,
        List<String> groupBy,
        List<Row> rows,
        Costs total,
        List<Charge> charges,
        Optional<String> billed,
        Optional<Instant> countedThrough,
        List<UnbilledDocument> exceptions,
        Optional<String> nextCursor) {

    /**
     * One group in a stretch of time.
     *
     * @param group dimension to value
     * @param quantity in the meter's base unit, decimal digits; only when grouped by meter
     * @param listCost at list prices, exact, decimal digits
     * @param contractedCost at the tenant's prices, before discounts and without reservations
     * @param effectiveCost after discounts, with its share of what reservations cost
     */
    @Schema(name = "SpendRow")
    public record Row(
            OffsetDateTime from,
            OffsetDateTime to,
            Map<String, String> group,
            Optional<String> quantity,
            String listCost,
            String contractedCost,
            String effectiveCost) {}

    /** Costs side by side, as of a row. */
    @Schema(name = "SpendTotal")
    public record Costs(String listCost, String contractedCost, String effectiveCost) {

        static Costs of(Cost cost) {
            return new Costs(
                    cost.list().digits(),
                    cost.contracted().digits(),
                    cost.effective().digits());
        }
    }

    /**
     * What is no usage.
     *
     * @param tenant who is billed
     * @param kind a step of the contract's terms such as {@code fee}, {@code commitment}, {@code tax} and {@code credit};
     *     {@code rounding}; {@code members}: of an account, what its members used, if only its own usage is asked for; or
     *     {@code since_final}: by how much invoices and notes say more than the usage comes to now
     * @param id of the contract's term; of a tax, its category; else empty
     * @param amount exact, decimal digits; of a reservation's fee the part that paid for no usage
     */
    @Schema(name = "SpendCharge")
    public record Charge(String tenant, String kind, String id, String description, String amount) {}

    private record ChargeKey(String tenant, String kind, String id, String description)
            implements Comparable<ChargeKey> {

        static ChargeKey of(CostItem item) {
            if (item instanceof CostItem.OfTerm term) {
                return new ChargeKey(
                        item.tenant(),
                        term.entry().step().label(),
                        term.entry().id(),
                        term.entry().description());
            }
            if (item instanceof CostItem.OfMembers) {
                return new ChargeKey(item.tenant(), "members", "", "used by members that were not asked for");
            }
            return item instanceof CostItem.OfChange
                    ? new ChargeKey(item.tenant(), "since_final", "", "billed and not, or not any more, used")
                    : new ChargeKey(item.tenant(), "rounding", "", "rounding of sums to whole minor units");
        }

        @Override
        public int compareTo(ChargeKey other) {
            return (tenant + '\n' + kind + '\n' + id + '\n' + description)
                    .compareTo(other.tenant + '\n' + other.kind + '\n' + other.id + '\n' + other.description);
        }
    }

    static SpendAnswer of(Spend spend, Pages.Page<Spend.Row> page, Optional<Instant> countedThrough) {
        SpendQuestion question = spend.question();
        Map<ChargeKey, Money> charges = new TreeMap<>();
        spend.charges()
                .forEach(item -> charges.merge(ChargeKey.of(item), item.cost().effective(), Money::plus));
        Optional<String> billed = Optional.of(
                        charges.values().stream().reduce(spend.total().effective(), Money::plus))
                .filter(due -> spend.isOfPeriods())
                .map(Money::digits);
        return new SpendAnswer(
                question.range().from().atZone(question.zone()).toOffsetDateTime(),
                question.range().to().atZone(question.zone()).toOffsetDateTime(),
                question.zone().getId(),
                question.granularity().label(),
                spend.currency().getCurrencyCode(),
                question.groupBy().stream().map(SpendDimension::label).toList(),
                page.rows().stream().map(row -> row(question, row)).toList(),
                Costs.of(spend.total()),
                charges.entrySet().stream()
                        .map(charge -> new Charge(
                                charge.getKey().tenant(),
                                charge.getKey().kind(),
                                charge.getKey().id(),
                                charge.getKey().description(),
                                charge.getValue().digits()))
                        .toList(),
                billed,
                countedThrough,
                spend.unbilled().stream().map(UnbilledDocument::of).toList(),
                page.nextCursor());
    }

    private static Row row(SpendQuestion question, Spend.Row row) {
        return new Row(
                row.period().from().atZone(question.zone()).toOffsetDateTime(),
                row.period().to().atZone(question.zone()).toOffsetDateTime(),
                group(question, row.group()),
                row.quantity().map(BigInteger::toString),
                row.cost().list().digits(),
                row.cost().contracted().digits(),
                row.cost().effective().digits());
    }

    static Map<String, String> group(SpendQuestion question, List<String> values) {
        Map<String, String> group = new LinkedHashMap<>();
        for (int i = 0; i < values.size(); i++) {
            group.put(question.groupBy().get(i).label(), values.get(i));
        }
        return group;
    }
}
