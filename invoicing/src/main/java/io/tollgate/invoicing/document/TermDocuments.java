package io.tollgate.invoicing.document;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import io.tollgate.invoicing.contract.Bundle;
import io.tollgate.invoicing.contract.Commitment;
import io.tollgate.invoicing.contract.Commitment.Unused;
import io.tollgate.invoicing.contract.Credit;
import io.tollgate.invoicing.contract.Days;
import io.tollgate.invoicing.contract.Discount;
import io.tollgate.invoicing.contract.Scope;
import io.tollgate.invoicing.contract.Validity;
import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.pricing.Match;
import io.tollgate.invoicing.pricing.ProductDimension;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Currency;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The terms of a contract as JSON. Each has an id of its own among all terms of the contract. */
public final class TermDocuments {

    private TermDocuments() {}

    /**
     * Seats that cost a fee per period and include usage.
     *
     * @param seats 1 when absent
     * @param seatPrice of a seat in a whole period; 0 when absent
     */
    @Schema(name = "Bundle")
    public record BundleTerm(
            @JsonProperty(required = true) String id,
            Optional<String> description,
            Optional<Long> seats,
            Optional<String> seatPrice,
            Optional<List<IncludedUsage>> included,
            Optional<String> effectiveFrom,
            Optional<String> effectiveTo) {

        static BundleTerm of(Bundle bundle) {
            return new BundleTerm(
                    bundle.id(),
                    Optional.of(bundle.description()),
                    Optional.of(bundle.seats()),
                    Optional.of(bundle.seatPrice().digits()),
                    Optional.of(bundle.included().stream()
                            .map(each -> new IncludedUsage(
                                    each.meter(),
                                    shown(each.match()),
                                    each.quantity().toString()))
                            .toList()),
                    text(bundle.validity().from()),
                    text(bundle.validity().to()));
        }

        Bundle toTerm(Currency currency) {
            return new Bundle(
                    Reading.required(id, "id"),
                    description.orElse(id),
                    seats.orElse(1L),
                    new Money(Reading.decimal(seatPrice.orElse("0"), "seatPrice"), currency),
                    included.orElse(List.of()).stream()
                            .map(each -> new Bundle.Included(
                                    Reading.required(each.meter(), "meter"),
                                    read(each.match()),
                                    Reading.quantity(each.quantity(), "quantity")))
                            .toList(),
                    validity(effectiveFrom, effectiveTo));
        }
    }

    /**
     * What a seat includes.
     *
     * @param match of products; all when absent
     * @param quantity in the meter's base unit
     */
    @Schema(name = "IncludedUsage")
    public record IncludedUsage(
            @JsonProperty(required = true) String meter,
            Optional<SortedMap<String, String>> match,
            @JsonProperty(required = true) String quantity) {}

    /**
     * Something off the usage of a scope: a percentage, or an amount per period.
     *
     * @param match of products; all when absent
     * @param meters all when absent
     */
    @Schema(name = "Discount")
    public record DiscountTerm(
            @JsonProperty(required = true) String id,
            Optional<String> description,
            Optional<String> percent,
            Optional<String> amount,
            Optional<SortedMap<String, String>> match,
            Optional<List<String>> meters,
            Optional<String> effectiveFrom,
            Optional<String> effectiveTo) {

        static DiscountTerm of(Discount discount) {
            return new DiscountTerm(
                    discount.id(),
                    Optional.of(discount.description()),
                    discount.percent().map(BigDecimal::toPlainString),
                    discount.amount().map(Money::digits),
                    shown(discount.scope().match()),
                    listed(discount.scope()),
                    text(discount.validity().from()),
                    text(discount.validity().to()));
        }

        Discount toTerm(Currency currency) {
            return new Discount(
                    Reading.required(id, "id"),
                    description.orElse(id),
                    percent.map(share -> Reading.decimal(share, "percent")),
                    amount.map(off -> new Money(Reading.decimal(off, "amount"), currency)),
                    scope(match, meters),
                    validity(effectiveFrom, effectiveTo));
        }
    }

    /**
     * Promised spend.
     *
     * @param months how many calendar months a promise is for; 1 when absent
     * @param unused what becomes of what was not used; {@code true_up} when absent
     */
    @Schema(name = "Commitment")
    public record CommitmentTerm(
            @JsonProperty(required = true) String id,
            Optional<String> description,
            @JsonProperty(required = true) String effectiveFrom,
            @JsonProperty(required = true) String effectiveTo,
            Optional<Integer> months,
            @JsonProperty(required = true) List<PromisedSpend> schedule,

            @Schema(allowableValues = {"true_up", "roll_over"})
            Optional<String> unused) {

        static CommitmentTerm of(Commitment commitment) {
            return new CommitmentTerm(
                    commitment.id(),
                    Optional.of(commitment.description()),
                    commitment.days().from().toString(),
                    commitment.days().to().toString(),
                    Optional.of(commitment.months()),
                    commitment.schedule().stream()
                            .map(promise -> new PromisedSpend(
                                    promise.from().toString(), promise.amount().digits()))
                            .toList(),
                    Optional.of(commitment.unused() == Unused.ROLL_OVER ? "roll_over" : "true_up"));
        }

        Commitment toTerm(Currency currency) {
            return new Commitment(
                    Reading.required(id, "id"),
                    description.orElse(id),
                    new Days(Reading.day(effectiveFrom, "effectiveFrom"), Reading.day(effectiveTo, "effectiveTo")),
                    months.orElse(1),
                    Reading.required(schedule, "schedule").stream()
                            .map(step -> new Commitment.Promise(
                                    Reading.day(step.effectiveFrom(), "effectiveFrom"),
                                    new Money(Reading.decimal(step.amount(), "amount"), currency)))
                            .toList(),
                    switch (unused.orElse("true_up")) {
                        case "true_up" -> Unused.TRUE_UP;
                        case "roll_over" -> Unused.ROLL_OVER;
                        default -> throw new IllegalArgumentException("unused is true_up or roll_over");
                    });
        }
    }

    /**
     * A step of a schedule.
     *
     * @param amount of each promise that starts on that day or later
     */
    @Schema(name = "PromisedSpend")
    public record PromisedSpend(
            @JsonProperty(required = true) String effectiveFrom,
            @JsonProperty(required = true) String amount) {}

    /**
     * Prepaid balance.
     *
     * @param priority the lower, the sooner it is used; 0 when absent
     * @param match of products; all when absent
     * @param meters all when absent
     */
    @Schema(name = "Credit")
    public record CreditTerm(
            @JsonProperty(required = true) String id,
            Optional<String> description,
            @JsonProperty(required = true) String amount,
            Optional<Integer> priority,
            @JsonProperty(required = true) String grantedOn,
            Optional<String> expiresOn,
            Optional<SortedMap<String, String>> match,
            Optional<List<String>> meters) {

        static CreditTerm of(Credit credit) {
            return new CreditTerm(
                    credit.id(),
                    Optional.of(credit.description()),
                    credit.amount().digits(),
                    Optional.of(credit.priority()),
                    credit.grantedOn().toString(),
                    text(credit.expiresOn()),
                    shown(credit.scope().match()),
                    listed(credit.scope()));
        }

        Credit toTerm(Currency currency) {
            return new Credit(
                    Reading.required(id, "id"),
                    description.orElse(id),
                    new Money(Reading.decimal(amount, "amount"), currency),
                    priority.orElse(0),
                    Reading.day(grantedOn, "grantedOn"),
                    expiresOn.map(day -> Reading.day(day, "expiresOn")),
                    scope(match, meters));
        }
    }

    static Optional<String> text(Optional<LocalDate> day) {
        return day.map(LocalDate::toString);
    }

    static Validity validity(Optional<String> from, Optional<String> to) {
        return new Validity(
                from.map(day -> Reading.day(day, "effectiveFrom")), to.map(day -> Reading.day(day, "effectiveTo")));
    }

    private static Scope scope(Optional<SortedMap<String, String>> match, Optional<List<String>> meters) {
        return Scope.of(read(match), new HashSet<>(meters.orElse(List.of())));
    }

    private static Optional<List<String>> listed(Scope scope) {
        return Optional.of(List.copyOf(scope.meters())).filter(meters -> !meters.isEmpty());
    }

    static Match read(Optional<SortedMap<String, String>> values) {
        Map<ProductDimension, String> named = new TreeMap<>();
        values.ifPresent(all -> all.forEach((dimension, value) -> named.put(dimension(dimension), value(value))));
        return Match.of(named);
    }

    private static ProductDimension dimension(String label) {
        return ProductDimension.labelled(label)
                .orElseThrow(() -> new IllegalArgumentException("nothing matches on \"" + label + "\""));
    }

    private static String value(@Nullable String value) {
        return Reading.required(value, "a value to match");
    }

    static Optional<SortedMap<String, String>> shown(Match match) {
        SortedMap<String, String> values = new TreeMap<>();
        match.named().forEach((dimension, value) -> values.put(dimension.label(), value));
        return Optional.of(values).filter(all -> !all.isEmpty());
    }
}
