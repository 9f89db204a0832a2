package io.tollgate.invoicing.pricing;

import static io.tollgate.invoicing.Fixtures.BEGINNING;
import static io.tollgate.invoicing.Fixtures.NOVEMBER;
import static io.tollgate.invoicing.Fixtures.USD;
import static io.tollgate.invoicing.Fixtures.book;
import static io.tollgate.invoicing.Fixtures.card;
import static io.tollgate.invoicing.Fixtures.gpt4o;
import static io.tollgate.invoicing.Fixtures.gpt4oCard;
import static io.tollgate.invoicing.Fixtures.history;
import static io.tollgate.invoicing.Fixtures.match;
import static io.tollgate.invoicing.Fixtures.product;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.tollgate.invoicing.pricing.PublicationCheck.Refusal;
import io.tollgate.invoicing.usage.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PriceBookTest {

    private static final Instant MIDDLE = Instant.parse("2023-11-16T12:30:00Z");
    private static final Instant DAY = Instant.parse("2023-11-10T00:00:00Z");

    @Test
    void theMostSpecificCardWins() {
        PriceHistory prices = history(book(
                card(match(), tokens("9")),
                card(match("provider", "openai"), tokens("5")),
                card(match("provider", "openai", "model", "gpt-4o"), tokens("2.5"))));

        assertThat(price(prices, "gpt-4o")).contains("2.5");
        assertThat(price(prices, "o1")).contains("5");
        assertThat(prices.priceOf(product("xai", "grok"), "input_tokens", DAY).flatMap(AppliedPrice::unitPrice))
                .contains(UnitPrice.of("9", 1_000_000));
    }

    @Test
    void anExactModelBeatsAPatternAndALongerPatternAShorterOne() {
        PriceHistory prices = history(book(
                card(match("provider", "openai", "model", "gpt*"), tokens("9")),
                card(match("provider", "openai", "model", "gpt-4o*"), tokens("5")),
                card(match("provider", "openai", "model", "gpt-4o"), tokens("2.5"))));

        assertThat(price(prices, "gpt-4o")).contains("2.5");
        assertThat(price(prices, "gpt-4o-mini")).contains("5");
        assertThat(price(prices, "gpt-3.5")).contains("9");
        assertThat(price(prices, "o1")).isEmpty();
    }

    @Test
    void moreNamedDimensionsBeatAnExactValue() {
        PriceHistory prices = history(book(
                card(match("model", "gpt-4o"), tokens("1")),
                card(match("provider", "openai", "model", "gpt*"), tokens("2"))));

        assertThat(price(prices, "gpt-4o")).contains("2");
    }

    @Test
    void patternsThatAreEquallyLongAndOverlapTie() {
        RateCard one = card(match("model", "gpt*"), tokens("1"));
        RateCard other = card(match("model", "*ini"), tokens("2"));

        assertThat(PublicationCheck.refusals(book(one, other))).singleElement().satisfies(refusal -> {
            assertThat(refusal.code()).isEqualTo("price_tie");
            assertThat(refusal.detail()).contains(one.name(), other.name());
        });
        assertThat(codes(book(one, card(match("model", "o1-*"), tokens("2"))))).isEmpty();
    }

    @Test
    void aPatternOfStarsAloneIsNone() {
        assertThatThrownBy(() -> match("model", "**"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("leave model out");
    }

    /** Looking at each pair of cards, or at each card for each look-up, would take minutes. */
    @Test
    void aBookOfThousandsOfCardsIsCheckedAndSearchedQuickly() {
        List<RateCard> cards = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            cards.add(card(match("provider", "p" + i % 20, "model", "m" + i), tokens("1." + i)));
        }
        PriceBookDraft book = new PriceBookDraft("large", USD, BEGINNING, cards);

        assertThat(assertTimeout(Duration.ofSeconds(20), () -> PublicationCheck.refusals(book)))
                .isEmpty();
        PriceHistory prices = history(book);
        assertTimeout(Duration.ofSeconds(20), () -> {
            for (int i = 0; i < 200_000; i++) {
                String model = "m" + i % 10_000;
                assertThat(prices.priceOf(product("p" + i % 10_000 % 20, model), "input_tokens", DAY))
                        .isPresent();
            }
        });
    }

    @Test
    void aBookAsIfItTookEffectEarlierSaysFromThenWhatItSaysAtItsStart() {
        PriceBookDraft book = new PriceBookDraft(
                "list",
                USD,
                DAY,
                List.of(
                        new RateCard("a", match("model", "x"), gpt4oCard().prices(), DAY, Optional.of(MIDDLE)),
                        new RateCard("b", match("model", "x"), gpt4oCard().prices(), MIDDLE, Optional.empty())));

        PriceBookDraft earlier = book.startingAt(BEGINNING);
        assertThat(earlier.effectiveFrom()).isEqualTo(BEGINNING);
        assertThat(earlier.cards()).extracting(RateCard::effectiveFrom).containsExactly(BEGINNING, MIDDLE);
        assertThat(earlier.startingAt(DAY)).isEqualTo(book);

        PriceBookDraft later = book.startingAt(MIDDLE);
        assertThat(later.cards()).extracting(RateCard::name).containsExactly("b");
        assertThat(later.cards()).extracting(RateCard::effectiveFrom).containsExactly(MIDDLE);
    }

    @Test
    void aRetiredVersionLeavesItToTheOnesBeforeIt() {
        PriceBookDraft list = book(card(match(), tokens("1")));
        PriceBookDraft promotion = new PriceBookDraft("list", USD, DAY, List.of(card(match(), tokens("0.5"))));
        PriceHistory prices =
                new PriceHistory(List.of(new PriceBook(list, 1), new PriceBook(promotion, 2, Optional.of(MIDDLE))));

        assertThat(prices.versionAt(DAY).map(PriceBook::version)).contains(2);
        assertThat(prices.versionAt(MIDDLE.minusSeconds(1)).map(PriceBook::version))
                .contains(2);
        assertThat(prices.versionAt(MIDDLE).map(PriceBook::version)).contains(1);
        assertThat(prices.cut(NOVEMBER))
                .containsExactly(
                        new TimeRange(NOVEMBER.from(), DAY),
                        new TimeRange(DAY, MIDDLE),
                        new TimeRange(MIDDLE, NOVEMBER.to()));
        assertThat(new PriceHistory(List.of(new PriceBook(list, 1, Optional.of(MIDDLE)))).versionAt(MIDDLE))
                .isEmpty();
    }

    @Test
    void aMoreSpecificCardThatDoesNotPriceTheMeterLeavesItToTheOthers() {
        PriceHistory prices = history(book(
                card(match("provider", "openai"), Map.of("images", UnitPrice.of("0.04", 1))), gpt4oCard()));

        assertThat(prices.priceOf(gpt4o(), "images", DAY).flatMap(AppliedPrice::unitPrice))
                .contains(UnitPrice.of("0.04", 1));
    }

    @Test
    void whatNoCardPricesHasNoPrice() {
        PriceHistory prices = history(book(gpt4oCard()));

        assertThat(prices.priceOf(gpt4o(), "images", DAY)).isEmpty();
        assertThat(prices.priceOf(product("openai", "gpt-4o-mini"), "input_tokens", DAY))
                .isEmpty();
        assertThat(prices.priceOf(gpt4o(), "input_tokens", BEGINNING.minusSeconds(1)))
                .isEmpty();
    }

    @Test
    void aTieIsRefusedAndNamesBothCardsAndTheMeter() {
        RateCard one = card(match("provider", "openai", "model", "gpt-4o"), tokens("1"));
        RateCard other = card(match("provider", "openai", "region", "eu"), tokens("2"));

        assertThat(PublicationCheck.refusals(book(one, other))).singleElement().satisfies(refusal -> {
            assertThat(refusal.code()).isEqualTo("price_tie");
            assertThat(refusal.detail()).contains(one.name(), other.name(), "input_tokens");
        });
    }

    @Test
    void twoCardsForTheSameProductsTie() {
        assertThat(codes(book(gpt4oCard(), gpt4oCard()))).contains("price_tie");
    }

    @Test
    void aTieThatAMoreSpecificCardSettlesIsNone() {
        assertThat(codes(book(
                        card(match("provider", "openai", "model", "gpt-4o"), tokens("1")),
                        card(match("provider", "openai", "region", "eu"), tokens("2")),
                        card(match("provider", "openai", "model", "gpt-4o", "region", "eu"), tokens("3")))))
                .isEmpty();
    }

    @Test
    void aTieIsNotSettledByACardThatEndsBeforeIt() {
        assertThat(codes(book(
                        card(match("provider", "openai", "model", "gpt-4o"), tokens("1")),
                        card(match("provider", "openai", "region", "eu"), tokens("2")),
                        card(
                                match("provider", "openai", "model", "gpt-4o", "region", "eu"),
                                tokens("3"),
                                BEGINNING,
                                Optional.of(MIDDLE)))))
                .containsExactly("price_tie");
    }

    @Test
    void cardsThatFollowEachOtherDoNotTie() {
        assertThat(codes(book(
                        card(match("model", "gpt-4o"), tokens("1"), BEGINNING, Optional.of(MIDDLE)),
                        card(match("model", "gpt-4o"), tokens("2"), MIDDLE, Optional.empty()))))
                .isEmpty();
    }

    @Test
    void cardsForDifferentProductsOrMetersDoNotTie() {
        assertThat(codes(book(
                        card(match("model", "gpt-4o"), tokens("1")),
                        card(match("model", "o1"), tokens("1")),
                        card(match("region", "eu"), Map.of("images", UnitPrice.of("1", 1))))))
                .isEmpty();
    }

    @Test
    void pricesChangeOnWindowBoundariesOnly() {
        Instant off = Instant.parse("2023-11-16T12:31:00Z");

        assertThat(codes(book(card(match(), tokens("1"), off, Optional.empty()))))
                .containsExactly("not_on_window_boundary");
        assertThat(codes(book(card(match(), tokens("1"), BEGINNING, Optional.of(off)))))
                .containsExactly("not_on_window_boundary");
        assertThat(codes(new PriceBookDraft("list", USD, off, List.of(gpt4oCard()))))
                .containsExactly("not_on_window_boundary");
    }

    @Test
    void aCardNameMeansOneCard() {
        RateCard one = new RateCard("a", match("model", "x"), gpt4oCard().prices(), BEGINNING, Optional.empty());
        RateCard other = new RateCard("a", match("model", "y"), gpt4oCard().prices(), BEGINNING, Optional.empty());

        assertThat(codes(book(one, other))).containsExactly("duplicate_card");
    }

    @Test
    void theLatestVersionThatIsEffectiveApplies() {
        PriceBookDraft first = book(card(match(), tokens("1")));
        PriceBookDraft second = new PriceBookDraft("list", USD, MIDDLE, List.of(card(match(), tokens("2"))));
        PriceBookDraft correction = new PriceBookDraft("list", USD, DAY, List.of(card(match(), tokens("3"))));

        assertThat(history(first, second).versionAt(DAY).map(PriceBook::version))
                .contains(1);
        assertThat(history(first, second).versionAt(MIDDLE).map(PriceBook::version))
                .contains(2);
        assertThat(history(first, second, correction).versionAt(MIDDLE).map(PriceBook::version))
                .contains(3);
        assertThat(history(first, second).cut(NOVEMBER))
                .containsExactly(new TimeRange(NOVEMBER.from(), MIDDLE), new TimeRange(MIDDLE, NOVEMBER.to()));
    }

    @Test
    void aContextBandIsANumberAndMatchesExactly() {
        assertThatThrownBy(() -> match("contextBand", "200k")).isInstanceOf(IllegalArgumentException.class);
        assertThat(match("contextBand", "0").matches(gpt4o())).isTrue();
        assertThat(match("contextBand", "200000").matches(gpt4o())).isFalse();
    }

    private static Map<String, UnitPrice> tokens(String amount) {
        return Map.of("input_tokens", UnitPrice.of(amount, 1_000_000));
    }

    private static Optional<String> price(PriceHistory prices, String model) {
        return prices.priceOf(product("openai", model), "input_tokens", DAY)
                .flatMap(AppliedPrice::unitPrice)
                .map(UnitPrice::digits);
    }

    private static List<String> codes(PriceBookDraft book) {
        return PublicationCheck.refusals(book).stream()
                .map(Refusal::code)
                .distinct()
                .toList();
    }
}
