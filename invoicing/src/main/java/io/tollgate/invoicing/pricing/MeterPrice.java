package io.tollgate.invoicing.pricing;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a rate card says of a meter: a price, and what is done before and after it.
 *
 * @param included units of a period that cost nothing, before the price sees any; its tiers and packages start after
 *     them; not negative
 * @param minimum least that a period with any usage costs, in major units of the book's currency
 * @param maximum most that a period costs, not below the minimum
 * @param family whose total tells how much was used: all prices of the book that name it count together. If empty, all
 *     that this price is for counts together: one card's match and one meter
 */
public record MeterPrice(
        Price price,
        BigInteger included,
        Optional<BigDecimal> minimum,
        Optional<BigDecimal> maximum,
        Optional<String> family) {

    public MeterPrice {
        if (included.signum() < 0) {
            throw new IllegalArgumentException("an included quantity cannot be negative: " + included);
        }
        minimum = minimum.map(amount -> Exact.amount(amount, "a minimum"));
        maximum = maximum.map(amount -> Exact.amount(amount, "a maximum"));
        if (minimum.isPresent() && maximum.isPresent() && minimum.get().compareTo(maximum.get()) > 0) {
            throw new IllegalArgumentException("a minimum of " + minimum.get().toPlainString()
                    + " exceeds the maximum of " + maximum.get().toPlainString());
        }
        family.filter(name -> !PriceBookDraft.canBeNamed(name)).ifPresent(name -> {
            throw new IllegalArgumentException("a family cannot be named \"" + name + "\"");
        });
    }

    /** The price and nothing else. */
    public static MeterPrice of(Price price) {
        return new MeterPrice(price, BigInteger.ZERO, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** The price at which all usage costs so many times as much; quantities, tiers and families stay. */
    public MeterPrice times(BigDecimal factor) {
        return new MeterPrice(
                price.times(factor),
                included,
                minimum.map(least -> least.multiply(factor)),
                maximum.map(most -> most.multiply(factor)),
                family);
    }

    /** The rate, if that alone says what any quantity costs. */
    public Optional<Rate> plainRate() {
        return price instanceof Rate rate && included.signum() == 0 && minimum.isEmpty() && maximum.isEmpty()
                ? Optional.of(rate)
                : Optional.empty();
    }

    /** What the usage is charged, step by step; steps that charge nothing are left out. */
    public List<Charge> charges(Stretch stretch) {
        // Usage of no length is none at all.
        if (stretch.quantity().signum() == 0) {
            return price.chargesAtZero();
        }
        List<Charge> before = upTo(stretch.from(), stretch.total());
        List<Charge> after = upTo(stretch.to(), stretch.total());
        List<Charge> charges = new ArrayList<>();
        for (int i = 0; i < after.size(); i++) {
            Charge charge = after.get(i).minus(before.get(i));
            if (!charge.isNothing()) {
                charges.add(charge);
            }
        }
        return charges;
    }

    /** What the usage costs; exact. */
    public BigDecimal of(Stretch stretch) {
        Optional<Rate> rate = plainRate();
        return rate.isPresent() ? rate.get().of(stretch.quantity()) : sum(charges(stretch));
    }

    /** Below zero it mirrors what stands above: what is taken back gives back what it cost. */
    private List<Charge> upTo(BigInteger position, BigInteger total) {
        List<Charge> charges = steps(position.abs(), total.abs());
        return position.signum() < 0 ? charges.stream().map(Charge::negated).toList() : charges;
    }

    /** The order in which a price is applied; discounts, commitments, taxes and credits come after it, on the invoice. */
    private List<Charge> steps(BigInteger position, BigInteger total) {
        List<Charge> charges = new ArrayList<>();
        // Included units first: they are given, so they must not use up the cheap start of tiers or open a package.
        if (included.signum() > 0) {
            charges.add(Charge.included(included, position.min(included)));
        }
        charges.addAll(price.charges(beyondIncluded(position), beyondIncluded(total)));
        // The bounds last: they are promises about what is paid. A maximum takes off what is above it, visibly.
        BigDecimal sum = sum(charges);
        minimum.ifPresent(least -> charges.add(Charge.bound(
                Charge.Kind.MINIMUM,
                position.signum() > 0 ? least.subtract(sum).max(BigDecimal.ZERO) : BigDecimal.ZERO)));
        maximum.ifPresent(most ->
                charges.add(Charge.bound(Charge.Kind.MAXIMUM, most.subtract(sum).min(BigDecimal.ZERO))));
        return charges;
    }

    private BigInteger beyondIncluded(BigInteger quantity) {
        return quantity.subtract(included).max(BigInteger.ZERO);
    }

    private static BigDecimal sum(List<Charge> charges) {
        return charges.stream().map(Charge::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
    }
}
