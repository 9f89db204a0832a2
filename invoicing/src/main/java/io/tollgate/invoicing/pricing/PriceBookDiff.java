package io.tollgate.invoicing.pricing;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What one version of a price book says otherwise than another. Cards are the same if they have the same name, which is
 * what they match where nobody gave them another. A card that starts with its book has not changed because another version
 * starts at another time.
 */
public record PriceBookDiff(List<RateCard> added, List<RateCard> removed, List<ChangedCard> changed) {

    private static final int PERCENT_DECIMALS = 4;

    /**
     * A card that is in both.
     *
     * @param isMovedOrMatchesOtherwise whether what it matches, its start or its end changed
     * @param prices those that changed, in order of their meters
     */
    public record ChangedCard(
            RateCard before, RateCard after, boolean isMovedOrMatchesOtherwise, List<ChangedPrice> prices) {}

    /**
     * A price that changed, came (no before) or went (no after).
     *
     * @param percent of the former price, to four decimals; empty where there are no two prices per unit to compare
     */
    public record ChangedPrice(
            String meter, Optional<MeterPrice> before, Optional<MeterPrice> after, Optional<BigDecimal> percent) {}

    public PriceBookDiff {
        added = List.copyOf(added);
        removed = List.copyOf(removed);
        changed = List.copyOf(changed);
    }

    /** @param before and after of the same currency */
    public static PriceBookDiff of(PriceBookDraft before, PriceBookDraft after) {
        Map<String, RateCard> gone = new TreeMap<>();
        before.cards().forEach(card -> gone.put(card.name(), card));
        List<RateCard> added = new ArrayList<>();
        List<ChangedCard> changed = new ArrayList<>();
        for (RateCard card : after.cards()) {
            RateCard former = gone.remove(card.name());
            if (former == null) {
                added.add(card);
                continue;
            }
            boolean otherwise = !former.match().equals(card.match())
                    || !former.effectiveTo().equals(card.effectiveTo())
                    || !ownStart(former, before).equals(ownStart(card, after));
            List<ChangedPrice> prices = prices(former, card);
            if (otherwise || !prices.isEmpty()) {
                changed.add(new ChangedCard(former, card, otherwise, prices));
            }
        }
        return new PriceBookDiff(added, List.copyOf(gone.values()), changed);
    }

    private static Optional<Instant> ownStart(RateCard card, PriceBookDraft book) {
        return Optional.of(card.effectiveFrom()).filter(start -> !start.equals(book.effectiveFrom()));
    }

    private static List<ChangedPrice> prices(RateCard before, RateCard after) {
        SortedSet<String> meters = new TreeSet<>(before.prices().keySet());
        meters.addAll(after.prices().keySet());
        return meters.stream()
                .filter(meter -> !before.priceOf(meter).equals(after.priceOf(meter)))
                .map(meter -> {
                    Optional<MeterPrice> one = before.priceOf(meter);
                    Optional<MeterPrice> other = after.priceOf(meter);
                    return new ChangedPrice(
                            meter, one, other, one.flatMap(former -> other.flatMap(price -> percent(former, price))));
                })
                .toList();
    }

    private static Optional<BigDecimal> percent(MeterPrice before, MeterPrice after) {
        return unit(before)
                .filter(former -> former.amount().signum() != 0)
                .flatMap(former -> unit(after).map(price -> {
                    BigDecimal old = former.amount().multiply(BigDecimal.valueOf(price.per()));
                    BigDecimal changed = price.amount().multiply(BigDecimal.valueOf(former.per()));
                    return changed.subtract(old)
                            .movePointRight(2)
                            .divide(old, PERCENT_DECIMALS, RoundingMode.HALF_EVEN);
                }));
    }

    private static Optional<UnitPrice> unit(MeterPrice price) {
        return price.plainRate().filter(UnitPrice.class::isInstance).map(UnitPrice.class::cast);
    }
}
