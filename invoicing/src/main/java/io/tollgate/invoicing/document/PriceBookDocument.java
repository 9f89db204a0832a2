package io.tollgate.invoicing.document;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import io.tollgate.invoicing.pricing.Match;
import io.tollgate.invoicing.pricing.MeterPrice;
import io.tollgate.invoicing.pricing.PriceBookDraft;
import io.tollgate.invoicing.pricing.ProductDimension;
import io.tollgate.invoicing.pricing.RateCard;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A price book as JSON.
 *
 * @param currency code of ISO 4217
 * @param effectiveFrom on a 15-minute boundary
 */
@Schema(name = "PriceBook")
public record PriceBookDocument(
        @JsonProperty(required = true) String name,
        @JsonProperty(required = true) String currency,
        @JsonProperty(required = true) Instant effectiveFrom,
        @JsonProperty(required = true) List<Card> cards) {

    /**
     * A rate card.
     *
     * @param name derived from the match and the effective instant when absent
     * @param match dimension to value, in which {@code *} stands for any characters ({@code gpt-4o*}); absent or empty
     *     matches everything. Of the cards that match, the one that names more dimensions wins, then more of them exactly,
     *     then the longer pattern
     * @param prices meter to price
     * @param effectiveFrom the book's when absent
     * @param effectiveTo no end when absent
     */
    @Schema(name = "RateCard")
    public record Card(
            Optional<String> name,
            Optional<SortedMap<String, String>> match,
            @JsonProperty(required = true) SortedMap<String, PriceDocument> prices,
            Optional<Instant> effectiveFrom,
            Optional<Instant> effectiveTo) {}

    /** The book as it is stored and shown: everything said, nothing derived. */
    public static PriceBookDocument of(PriceBookDraft book) {
        return new PriceBookDocument(
                book.name(),
                book.currency().getCurrencyCode(),
                book.effectiveFrom(),
                book.cards().stream().map(card -> card(card, book.currency())).toList());
    }

    /** The same without what {@link #toDraft} derives: for people, who would else have to change an instant on every card. */
    public static PriceBookDocument brief(PriceBookDraft book) {
        PriceBookDocument whole = of(book);
        List<Card> brief = new ArrayList<>();
        for (int i = 0; i < book.cards().size(); i++) {
            RateCard card = book.cards().get(i);
            Card said = whole.cards().get(i);
            brief.add(new Card(
                    said.name()
                            .filter(name -> !name.equals(
                                    derivedName(card.match(), card.effectiveFrom(), book.effectiveFrom()))),
                    said.match().filter(match -> !match.isEmpty()),
                    said.prices(),
                    said.effectiveFrom().filter(from -> !from.equals(book.effectiveFrom())),
                    said.effectiveTo()));
        }
        return new PriceBookDocument(whole.name(), whole.currency(), whole.effectiveFrom(), brief);
    }

    private static String derivedName(Match match, Instant from, Instant ofBook) {
        return from.equals(ofBook) ? match.toString() : match + " from " + from;
    }

    /** @throws IllegalArgumentException if the document makes no sense; the message is meant for its author */
    public PriceBookDraft toDraft() {
        require(name, "name");
        require(currency, "currency");
        require(effectiveFrom, "effectiveFrom");
        require(cards, "cards");
        return new PriceBookDraft(
                name,
                currency(currency),
                effectiveFrom,
                cards.stream().map(this::toCard).toList());
    }

    private RateCard toCard(Card card) {
        require(card, "a card");
        require(card.prices(), "a card's prices");
        Map<ProductDimension, String> named = new TreeMap<>();
        card.match()
                .ifPresent(values -> values.forEach((dimension, value) -> {
                    require(value, dimension);
                    named.put(
                            ProductDimension.labelled(dimension)
                                    .orElseThrow(() ->
                                            new IllegalArgumentException("a rate card cannot match on \"" + dimension
                                                    + "\"; it can on provider, model, acceleratorType, region, operation, serviceTier,"
                                                    + " outcome and contextBand")),
                            value);
                }));
        Match match = Match.of(named);
        Instant from = card.effectiveFrom().orElse(effectiveFrom);
        SortedMap<String, MeterPrice> prices = new TreeMap<>();
        card.prices().forEach((meter, price) -> prices.put(meter, PriceDocument.read(price, meter)));
        return new RateCard(
                card.name().orElseGet(() -> derivedName(match, from, effectiveFrom)),
                match,
                prices,
                from,
                card.effectiveTo());
    }

    /** @throws IllegalArgumentException if there is no such currency */
    public static Currency currency(String code) {
        try {
            return Currency.getInstance(code);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("\"" + code + "\" is not a currency code of ISO 4217", e);
        }
    }

    /** A card as it is stored and shown. */
    public static Card card(RateCard card, Currency currency) {
        SortedMap<String, String> match = new TreeMap<>();
        card.match().named().forEach((dimension, value) -> match.put(dimension.label(), value));
        SortedMap<String, PriceDocument> prices = new TreeMap<>();
        card.prices().forEach((meter, price) -> prices.put(meter, PriceDocument.of(price, currency)));
        return new Card(
                Optional.of(card.name()),
                Optional.of(match),
                prices,
                Optional.of(card.effectiveFrom()),
                card.effectiveTo());
    }

    /** JSON can say null where Java's types do not. */
    private static void require(@Nullable Object value, String what) {
        if (value == null) {
            throw new IllegalArgumentException(what + " is missing");
        }
    }
}
