package io.tollgate.invoicing.pricing;

import io.tollgate.invoicing.money.Money;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Currency;
import java.util.Optional;

/**
 * One step of the arithmetic of a price. The amounts of a line's charges add up to the line.
 *
 * @param from units that come before the tier; zero where there is none
 * @param upTo last unit of the tier, or of what is included; empty for no end
 * @param packageSize units in a package, of packages
 * @param quantity units, or packages; zero for fees and bounds
 * @param rate what the quantity was multiplied by
 * @param amount exact; negative for a maximum, and for what is taken back
 */
public record Charge(
        Kind kind,
        BigInteger from,
        Optional<BigInteger> upTo,
        Optional<BigInteger> packageSize,
        BigInteger quantity,
        Optional<Rate> rate,
        BigDecimal amount) {

    /** What is charged. */
    public enum Kind {
        /** Units that cost nothing extra, before all others. */
        INCLUDED("included"),
        /** Units at one rate. */
        UNITS("units"),
        /** Units at the rate of a tier. */
        TIER("tier"),
        /** Whole packages. */
        PACKAGES("packages"),
        /** A fee, whatever the quantity. */
        FLAT_FEE("flat_fee"),
        /** What is missing to the minimum. */
        MINIMUM("minimum"),
        /** What exceeds the maximum, as a discount. */
        MAXIMUM("maximum");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        /** Stable, for programs. */
        public String label() {
            return label;
        }

        /** Whether its quantity says something. */
        public boolean isOfQuantity() {
            return this == INCLUDED || this == UNITS || this == TIER || this == PACKAGES;
        }
    }

    static Charge included(BigInteger included, BigInteger quantity) {
        return new Charge(
                Kind.INCLUDED,
                BigInteger.ZERO,
                Optional.of(included),
                Optional.empty(),
                quantity,
                Optional.empty(),
                BigDecimal.ZERO);
    }

    static Charge units(BigInteger quantity, Rate rate) {
        return new Charge(
                Kind.UNITS,
                BigInteger.ZERO,
                Optional.empty(),
                Optional.empty(),
                quantity,
                Optional.of(rate),
                rate.of(quantity));
    }

    static Charge tier(BigInteger quantity, Rate rate, BigInteger from, Optional<BigInteger> upTo) {
        return new Charge(Kind.TIER, from, upTo, Optional.empty(), quantity, Optional.of(rate), rate.of(quantity));
    }

    static Charge packages(BigInteger quantity, BigInteger size, UnitPrice each) {
        return new Charge(
                Kind.PACKAGES,
                BigInteger.ZERO,
                Optional.empty(),
                Optional.of(size),
                quantity,
                Optional.of(each),
                each.of(quantity));
    }

    static Charge flatFee(BigDecimal amount, BigInteger from, Optional<BigInteger> upTo) {
        return new Charge(Kind.FLAT_FEE, from, upTo, Optional.empty(), BigInteger.ZERO, Optional.empty(), amount);
    }

    /** A minimum or a maximum. */
    static Charge bound(Kind kind, BigDecimal amount) {
        return new Charge(
                kind, BigInteger.ZERO, Optional.empty(), Optional.empty(), BigInteger.ZERO, Optional.empty(), amount);
    }

    /** What this step charges beyond what it had charged before. */
    Charge minus(Charge before) {
        return new Charge(
                kind,
                from,
                upTo,
                packageSize,
                quantity.subtract(before.quantity),
                rate,
                amount.subtract(before.amount));
    }

    Charge negated() {
        return new Charge(kind, from, upTo, packageSize, quantity.negate(), rate, amount.negate());
    }

    boolean isNothing() {
        return quantity.signum() == 0 && amount.signum() == 0;
    }

    /** For people: {@code above 5000 up to 9000: 12 images x 2.50 USD / 1000 = 0.03 USD}. */
    String text(String meter, Currency currency) {
        String charged = new Money(amount, currency).toString();
        return switch (kind) {
            case INCLUDED -> quantity + " " + meter + " included = " + charged;
            case UNITS -> quantity + " " + meter + rateText(currency) + " = " + charged;
            case TIER -> tierText() + ": " + quantity + " " + meter + rateText(currency) + " = " + charged;
            case PACKAGES ->
                quantity + " packages of " + packageSize.orElse(BigInteger.ONE) + " " + meter + rateText(currency)
                        + " = " + charged;
            case FLAT_FEE -> (from.signum() > 0 ? tierText() + ": " : "") + "flat fee " + charged;
            case MINIMUM -> "to the minimum " + charged;
            case MAXIMUM -> "beyond the maximum " + charged;
        };
    }

    private String rateText(Currency currency) {
        return rate.map(each -> " x " + each.text(currency)).orElse("");
    }

    private String tierText() {
        String end = upTo.map(last -> " up to " + last).orElse("");
        return from.signum() > 0 || end.isEmpty() ? "above " + from + end : end.strip();
    }
}
