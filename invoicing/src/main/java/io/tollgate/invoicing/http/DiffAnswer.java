package io.tollgate.invoicing.http;

import io.swagger.v3.oas.annotations.media.Schema;
import io.tollgate.invoicing.document.PriceBookDocument;
import io.tollgate.invoicing.document.PriceDocument;
import io.tollgate.invoicing.pricing.PriceBookDiff;
import io.tollgate.invoicing.pricing.PriceBookDiff.ChangedCard;
import io.tollgate.invoicing.pricing.PriceBookDiff.ChangedPrice;
import io.tollgate.invoicing.pricing.RateCard;
import java.math.BigDecimal;
import java.util.Currency;
import java.util.List;
import java.util.Optional;

/**
 * What a version of a price book says otherwise than another.
 *
 * @param added rate cards that only the later one has
 * @param removed rate cards that only the former one has
 * @param changed rate cards that both have, with what is different
 */
@Schema(name = "PriceBookDiff")
public record DiffAnswer(
        String name, List<PriceBookDocument.Card> added, List<PriceBookDocument.Card> removed, List<Changed> changed) {

    /**
     * A rate card of both.
     *
     * @param before the former card's match and time, without prices; absent if they are the same
     * @param after the later card's, likewise
     * @param prices in order of meters; those that are the same are left out
     */
    @Schema(name = "ChangedRateCard")
    public record Changed(
            String name,
            Optional<PriceBookDocument.Card> before,
            Optional<PriceBookDocument.Card> after,
            List<ChangedMeter> prices) {}

    /**
     * A meter's price that changed.
     *
     * @param before absent if it had none
     * @param after absent if it has none any more
     * @param percent by how much the price per unit rose, to four decimals, negative where it fell; absent where prices are
     *     of other kinds
     */
    @Schema(name = "ChangedPrice")
    public record ChangedMeter(
            String meter, Optional<PriceDocument> before, Optional<PriceDocument> after, Optional<String> percent) {}

    static DiffAnswer of(String name, PriceBookDiff diff, Currency currency) {
        return new DiffAnswer(
                name,
                cards(diff.added(), currency),
                cards(diff.removed(), currency),
                diff.changed().stream().map(card -> changed(card, currency)).toList());
    }

    private static List<PriceBookDocument.Card> cards(List<RateCard> cards, Currency currency) {
        return cards.stream()
                .map(card -> PriceBookDocument.card(card, currency))
                .toList();
    }

    private static Changed changed(ChangedCard card, Currency currency) {
        return new Changed(
                card.after().name(),
                Optional.of(card.before())
                        .filter(former -> card.isMovedOrMatchesOtherwise())
                        .map(former -> PriceBookDocument.card(former, currency)),
                Optional.of(card.after())
                        .filter(later -> card.isMovedOrMatchesOtherwise())
                        .map(later -> PriceBookDocument.card(later, currency)),
                card.prices().stream().map(price -> changed(price, currency)).toList());
    }

    private static ChangedMeter changed(ChangedPrice price, Currency currency) {
        return new ChangedMeter(
                price.meter(),
                price.before().map(former -> PriceDocument.of(former, currency)),
                price.after().map(later -> PriceDocument.of(later, currency)),
                price.percent().map(BigDecimal::toPlainString));
    }
}
