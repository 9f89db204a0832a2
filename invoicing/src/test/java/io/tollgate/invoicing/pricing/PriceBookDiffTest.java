package io.tollgate.invoicing.pricing;

import static io.tollgate.invoicing.Fixtures.BEGINNING;
import static io.tollgate.invoicing.Fixtures.USD;
import static io.tollgate.invoicing.Fixtures.match;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.invoicing.pricing.PriceBookDiff.ChangedCard;
import io.tollgate.invoicing.pricing.PriceBookDiff.ChangedPrice;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PriceBookDiffTest {

    private static final Instant LATER = Instant.parse("2024-01-01T00:00:00Z");

    @Test
    void cardsComeGoAndStay() {
        PriceBookDiff diff = PriceBookDiff.of(
                book(BEGINNING, card("stays", "m", BEGINNING, "1"), card("goes", "m", BEGINNING, "1")),
                book(LATER, card("stays", "m", LATER, "1"), card("comes", "m", LATER, "1")));

        assertThat(diff.added()).extracting(RateCard::name).containsExactly("comes");
        assertThat(diff.removed()).extracting(RateCard::name).containsExactly("goes");
        // It starts with its book, as it did.
        assertThat(diff.changed()).isEmpty();
    }

    @Test
    void aPriceThatRoseSaysByHowMuchWhateverItIsPer() {
        PriceBookDraft before = book(BEGINNING, card("c", "m", BEGINNING, "3"));
        RateCard perMillion = new RateCard(
                "c",
                match("model", "m"),
                new TreeMap<>(Map.of("input_tokens", MeterPrice.of(UnitPrice.of("4000000", 1_000_000)))),
                BEGINNING,
                Optional.empty());

        assertThat(PriceBookDiff.of(before, book(BEGINNING, perMillion)).changed())
                .singleElement()
                .satisfies(card -> {
                    assertThat(card.isMovedOrMatchesOtherwise()).isFalse();
                    assertThat(card.prices())
                            .extracting(ChangedPrice::percent)
                            .containsExactly(Optional.of(new BigDecimal("33.3333")));
                });
    }

    @Test
    void whereThereIsNothingToCompareThereIsNoPercentage() {
        PriceBookDraft free = book(BEGINNING, card("c", "m", BEGINNING, "0"));
        PriceBookDraft priced = book(BEGINNING, card("c", "m", BEGINNING, "1"));
        RateCard flat = new RateCard(
                "c",
                match("model", "m"),
                new TreeMap<>(Map.of("input_tokens", MeterPrice.of(new FlatFee(BigDecimal.ONE)))),
                BEGINNING,
                Optional.empty());

        assertThat(percents(free, priced)).containsExactly(Optional.empty());
        assertThat(percents(priced, free)).containsExactly(Optional.of(new BigDecimal("-100.0000")));
        assertThat(percents(priced, book(BEGINNING, flat))).containsExactly(Optional.empty());
    }

    @Test
    void aCardThatMovesOrMatchesOtherwiseHasChanged() {
        PriceBookDraft before = book(BEGINNING, card("c", "m", BEGINNING, "1"));

        assertThat(PriceBookDiff.of(before, book(BEGINNING, card("c", "m", LATER, "1")))
                        .changed())
                .extracting(ChangedCard::isMovedOrMatchesOtherwise)
                .containsExactly(true);
        assertThat(PriceBookDiff.of(before, book(BEGINNING, card("c", "n", BEGINNING, "1")))
                        .changed())
                .extracting(ChangedCard::isMovedOrMatchesOtherwise)
                .containsExactly(true);
    }

    private static List<Optional<BigDecimal>> percents(PriceBookDraft before, PriceBookDraft after) {
        return PriceBookDiff.of(before, after).changed().stream()
                .flatMap(card -> card.prices().stream())
                .map(ChangedPrice::percent)
                .toList();
    }

    private static PriceBookDraft book(Instant from, RateCard... cards) {
        return new PriceBookDraft("list", USD, from, List.of(cards));
    }

    private static RateCard card(String name, String model, Instant from, String amount) {
        return new RateCard(
                name,
                match("model", model),
                new TreeMap<>(Map.of("input_tokens", MeterPrice.of(UnitPrice.of(amount, 1)))),
                from,
                Optional.empty());
    }
}
