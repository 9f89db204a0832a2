package io.tollgate.invoicing.focus;

import io.tollgate.invoicing.pricing.Charge;
import io.tollgate.invoicing.pricing.Rate;
import io.tollgate.invoicing.pricing.UnitPrice;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * Parts usage by what it is charged, tier by tier, so that each part has a unit price. FOCUS wants quantity × unit price =
 * cost of every charge for usage, and no unit price alone says what tiers, packages and fees come to.
 *
 * <p>Two arithmetics are laid over each other, the contracted and that of the list prices: units lie end to end in both, so
 * a part ends where either of them changes its rate. What is charged beside units (packages, fees, minimums) is a part of
 * its own, at a list price of zero unless the list charges the same.
 */
final class PricedParts {

    private static final BigInteger ONE = BigInteger.ONE;

    private PricedParts() {}

    /**
     * A step of an arithmetic.
     *
     * @param units that it is for; zero of what is charged beside them
     * @param quantity that is multiplied
     * @param per base units that the price is for; zero of fees
     */
    private record Step(String label, BigInteger units, BigDecimal quantity, BigInteger per, BigDecimal price) {

        static Step of(Charge charge) {
            BigInteger quantity = charge.quantity();
            return switch (charge.kind()) {
                case INCLUDED -> units(label(charge), quantity, ONE, BigDecimal.ZERO);
                case UNITS, TIER ->
                    ofRate(label(charge), quantity, charge.rate().orElseThrow());
                case PACKAGES ->
                    new Step(
                            label(charge),
                            BigInteger.ZERO,
                            new BigDecimal(quantity),
                            charge.packageSize().orElse(ONE),
                            charge.rate().orElseThrow().of(ONE));
                case FLAT_FEE, MINIMUM, MAXIMUM -> amount(label(charge), charge.amount());
            };
        }

        static Step units(String label, BigInteger units, BigInteger per, BigDecimal price) {
            // What a price may be per has no prime factors but 2 and 5, so this has an exact decimal.
            return new Step(label, units, new BigDecimal(units).divide(new BigDecimal(per)), per, price);
        }

        static Step amount(String label, BigDecimal amount) {
            return new Step(label, BigInteger.ZERO, BigDecimal.valueOf(amount.signum()), BigInteger.ZERO, amount.abs());
        }

        private static Step ofRate(String label, BigInteger units, Rate rate) {
            return rate instanceof UnitPrice price
                    ? units(label, units, BigInteger.valueOf(price.per()), price.amount())
                    : units(label, units, ONE, rate.of(ONE));
        }

        private static String label(Charge charge) {
            return switch (charge.kind()) {
                case UNITS -> "";
                case TIER -> "tier-" + charge.from();
                case FLAT_FEE -> charge.kind().label() + "-" + charge.from();
                case INCLUDED, PACKAGES, MINIMUM, MAXIMUM -> charge.kind().label();
            };
        }

        boolean isOfUnits() {
            return units.signum() != 0;
        }

        /** What so many base units cost. */
        BigDecimal priceOf(BigInteger number) {
            return price.multiply(new BigDecimal(number)).divide(new BigDecimal(per));
        }

        boolean chargesLike(Step other) {
            return label.equals(other.label) && per.equals(other.per) && quantity.compareTo(other.quantity) == 0;
        }

        PricedPart atList(boolean alsoContracted) {
            return new PricedPart(label, units, quantity, per, price, alsoContracted ? price : BigDecimal.ZERO);
        }
    }

    /**
     * The parts of some usage, in the order in which they are reckoned. They add up to both costs, exactly.
     *
     * @param units how much was used, in the meter's base unit
     * @param contracted what it is charged
     * @param list what everybody is charged for it
     */
    static List<PricedPart> of(BigInteger units, List<Charge> contracted, List<Charge> list) {
        List<Step> ours = contracted.stream().map(Step::of).toList();
        List<Step> theirs = list.stream().map(Step::of).toList();
        List<PricedPart> parts = new ArrayList<>(
                isAlong(units, ours) && isAlong(units, theirs) ? overlaid(units, ours, theirs) : apart(ours, theirs));
        parts.addAll(beside(ours, theirs));
        parts.removeIf(PricedPart::isNothing);
        return joined(parts);
    }

    /** The parts of usage of which only the amounts are known: one of each sign. */
    static List<PricedPart> ofAmounts(BigInteger units, BigDecimal contracted, BigDecimal list) {
        BigDecimal zero = BigDecimal.ZERO;
        int sign = contracted.signum();
        if (list.signum() == sign || list.signum() == 0 || sign == 0) {
            BigDecimal quantity = BigDecimal.valueOf(sign == 0 ? list.signum() : sign);
            return List.of(new PricedPart("amount", units, quantity, BigInteger.ZERO, list.abs(), contracted.abs()));
        }
        return List.of(
                new PricedPart("amount", units, BigDecimal.valueOf(sign), BigInteger.ZERO, zero, contracted.abs()),
                listAlone(list));
    }

    /** What everybody is charged, where it is not known how. */
    static PricedPart listAlone(BigDecimal amount) {
        return new PricedPart(
                "list",
                BigInteger.ZERO,
                BigDecimal.valueOf(amount.signum()),
                BigInteger.ZERO,
                amount.abs(),
                BigDecimal.ZERO);
    }

    /** Whether its steps for units all go the way of the usage, and not beyond it. */
    private static boolean isAlong(BigInteger units, List<Step> steps) {
        BigInteger sum = BigInteger.ZERO;
        for (Step step : steps) {
            if (step.isOfUnits() && step.units().signum() != units.signum()) {
                return false;
            }
            sum = sum.add(step.units());
        }
        return sum.abs().compareTo(units.abs()) <= 0;
    }

    private static List<PricedPart> overlaid(BigInteger units, List<Step> ours, List<Step> theirs) {
        List<Step> contracted = whole(units, ours);
        List<Step> list = whole(units, theirs);
        List<PricedPart> parts = new ArrayList<>();
        BigInteger leftOfOurs = BigInteger.ZERO;
        BigInteger leftOfTheirs = BigInteger.ZERO;
        for (int i = -1, j = -1; ; ) {
            while (leftOfOurs.signum() == 0 && ++i < contracted.size()) {
                leftOfOurs = contracted.get(i).units();
            }
            while (leftOfTheirs.signum() == 0 && ++j < list.size()) {
                leftOfTheirs = list.get(j).units();
            }
            if (i == contracted.size() || j == list.size()) {
                return parts;
            }
            BigInteger both = leftOfOurs.abs().min(leftOfTheirs.abs()).multiply(BigInteger.valueOf(units.signum()));
            Step our = contracted.get(i);
            Step their = list.get(j);
            // What is free by contract is told by the unit of the list price.
            BigInteger per = our.price().signum() == 0 ? their.per() : our.per();
            parts.add(new PricedPart(
                    our.label(),
                    both,
                    new BigDecimal(both).divide(new BigDecimal(per)),
                    per,
                    their.priceOf(per),
                    our.priceOf(per)));
            leftOfOurs = leftOfOurs.subtract(both);
            leftOfTheirs = leftOfTheirs.subtract(both);
        }
    }

    /** The steps for units, with one at no price for those that are charged in another way. */
    private static List<Step> whole(BigInteger units, List<Step> steps) {
        List<Step> whole =
                new ArrayList<>(steps.stream().filter(Step::isOfUnits).toList());
        BigInteger rest = units.subtract(whole.stream().map(Step::units).reduce(BigInteger.ZERO, BigInteger::add));
        if (rest.signum() != 0) {
            whole.add(Step.units("uncharged", rest, ONE, BigDecimal.ZERO));
        }
        return whole;
    }

    private static List<PricedPart> apart(List<Step> ours, List<Step> theirs) {
        List<PricedPart> parts = new ArrayList<>();
        ours.stream().filter(Step::isOfUnits).forEach(step -> parts.add(contractedAlone(step)));
        theirs.stream()
                .filter(Step::isOfUnits)
                .map(step ->
                        new Step("list-" + step.label(), BigInteger.ZERO, step.quantity(), step.per(), step.price()))
                .forEach(step -> parts.add(step.atList(false)));
        return parts;
    }

    /** What is charged beside units; once where both charge the same. */
    private static List<PricedPart> beside(List<Step> ours, List<Step> theirs) {
        List<Step> unmatched = new ArrayList<>(
                theirs.stream().filter(step -> !step.isOfUnits()).toList());
        List<PricedPart> parts = new ArrayList<>();
        for (Step our : ours) {
            if (our.isOfUnits()) {
                continue;
            }
            Step their = unmatched.stream().filter(our::chargesLike).findFirst().orElse(null);
            if (their == null) {
                parts.add(contractedAlone(our));
            } else {
                unmatched.remove(their);
                parts.add(new PricedPart(
                        our.label(), our.units(), our.quantity(), our.per(), their.price(), our.price()));
            }
        }
        unmatched.forEach(step -> parts.add(step.atList(false)));
        return parts;
    }

    private static PricedPart contractedAlone(Step step) {
        return new PricedPart(step.label(), step.units(), step.quantity(), step.per(), BigDecimal.ZERO, step.price());
    }

    /** Usage that opened packages is told with them, and not as usage at no price beside them. */
    private static List<PricedPart> joined(List<PricedPart> parts) {
        List<PricedPart> free = parts.stream()
                .filter(part -> part.label().equals("uncharged") && part.list().signum() == 0)
                .toList();
        int packages = -1;
        for (int i = 0; i < parts.size(); i++) {
            packages = parts.get(i).label().equals(Charge.Kind.PACKAGES.label()) ? i : packages;
        }
        if (free.size() != 1 || packages < 0) {
            return List.copyOf(parts);
        }
        PricedPart opened = parts.get(packages);
        List<PricedPart> joined = new ArrayList<>(parts);
        joined.set(
                packages,
                new PricedPart(
                        opened.label(),
                        opened.consumed().add(free.get(0).consumed()),
                        opened.quantity(),
                        opened.per(),
                        opened.listPrice(),
                        opened.contractedPrice()));
        joined.remove(free.get(0));
        return List.copyOf(joined);
    }
}
