package io.tollgate.invoicing.document;

import io.swagger.v3.oas.annotations.media.Schema;
import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.pricing.AppliedPrice;
import io.tollgate.invoicing.pricing.Charge;
import io.tollgate.invoicing.pricing.CostRate;
import io.tollgate.invoicing.pricing.Rate;
import io.tollgate.invoicing.pricing.Stretch;
import io.tollgate.invoicing.pricing.UnitPrice;
import java.math.BigInteger;
import java.util.Currency;
import java.util.List;
import java.util.Optional;

/**
 * A step of a line's arithmetic. The amounts of a line's steps add up to its exact amount.
 *
 * @param kind {@code included}, {@code units}, {@code tier}, {@code packages}, {@code flat_fee}, {@code minimum},
 *     {@code maximum}
 * @param from how many units come before the tier
 * @param upTo last unit of the tier, or of what is included
 * @param packageSize units in a package
 * @param quantity units, or packages
 * @param unitAmount price of so many units, or of a package
 * @param percent of a cost
 * @param multiplier of a cost
 * @param per how many units the price is for
 * @param amount exact; negative where a maximum takes off, or usage was taken back
 */
@Schema(name = "Charge")
public record ChargeDocument(
        String kind,
        Optional<String> from,
        Optional<String> upTo,
        Optional<String> packageSize,
        Optional<String> quantity,
        Optional<String> unitAmount,
        Optional<String> percent,
        Optional<String> multiplier,
        Optional<Long> per,
        String amount) {

    /**
     * Where a quantity lies among all that counts together.
     *
     * @param as what it is counted as: a family of prices, or what one price is for
     * @param from how many units come before it
     * @param to its last unit
     * @param total of the whole period
     */
    @Schema(name = "Counted")
    public record Counted(String as, String from, String to, String total) {}

    /** The steps; empty where quantity times unit price is all there is. */
    public static Optional<List<ChargeDocument>> of(AppliedPrice price, Stretch stretch) {
        return price.unitPrice().isPresent()
                ? Optional.empty()
                : Optional.of(price.charges(stretch).stream()
                        .map(charge -> of(charge, price.currency()))
                        .toList());
    }

    /** Where it lies; empty where that makes no difference. */
    public static Optional<Counted> counted(AppliedPrice price, Stretch stretch) {
        return price.unitPrice().isPresent()
                ? Optional.empty()
                : price.countedAs()
                        .map(as -> new Counted(
                                as,
                                stretch.from().toString(),
                                stretch.to().toString(),
                                stretch.total().toString()));
    }

    private static ChargeDocument of(Charge charge, Currency currency) {
        boolean tier = charge.kind() == Charge.Kind.TIER || charge.from().signum() > 0;
        return new ChargeDocument(
                charge.kind().label(),
                Optional.of(charge.from()).filter(from -> tier).map(BigInteger::toString),
                charge.upTo().map(BigInteger::toString),
                charge.packageSize().map(BigInteger::toString),
                Optional.of(charge.quantity())
                        .filter(quantity -> charge.kind().isOfQuantity())
                        .map(BigInteger::toString),
                charge.rate()
                        .filter(UnitPrice.class::isInstance)
                        .map(UnitPrice.class::cast)
                        .map(unit -> new Money(unit.amount(), currency).digits()),
                figure(charge, CostRate.Form.PERCENT),
                figure(charge, CostRate.Form.MULTIPLIER),
                charge.rate().map(Rate::per),
                new Money(charge.amount(), currency).digits());
    }

    private static Optional<String> figure(Charge charge, CostRate.Form form) {
        return charge.rate()
                .filter(CostRate.class::isInstance)
                .map(CostRate.class::cast)
                .filter(cost -> cost.form() == form)
                .map(cost -> cost.figure().toPlainString());
    }
}
