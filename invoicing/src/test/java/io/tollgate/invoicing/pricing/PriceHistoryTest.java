package io.tollgate.invoicing.pricing;

import static io.tollgate.invoicing.Fixtures.BEGINNING;
import static io.tollgate.invoicing.Fixtures.NOVEMBER;
import static io.tollgate.invoicing.Fixtures.USD;
import static io.tollgate.invoicing.Fixtures.book;
import static io.tollgate.invoicing.Fixtures.card;
import static io.tollgate.invoicing.Fixtures.gpt4o;
import static io.tollgate.invoicing.Fixtures.history;
import static io.tollgate.invoicing.Fixtures.match;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tollgate.invoicing.usage.TimeRange;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Bounds of books, their versions and their cards. */
class PriceHistoryTest {

    private static final Instant TENTH = Instant.parse("2023-11-10T00:00:00Z");
    private static final Instant TWENTIETH = Instant.parse("2023-11-20T00:00:00Z");
    private static final Map<String, UnitPrice> REQUESTS = Map.of("requests", UnitPrice.of("1", 1));

    @Test
    void usageIsCutWhereACardEndsAndWhereAVersionIsRetired() {
        PriceBookDraft ending = book(card(match(), REQUESTS, BEGINNING, Optional.of(TENTH)));
        PriceHistory prices = new PriceHistory(List.of(new PriceBook(ending, 1, Optional.of(TWENTIETH))));

        assertThat(prices.cut(NOVEMBER))
                .containsExactly(
                        new TimeRange(NOVEMBER.from(), TENTH),
                        new TimeRange(TENTH, TWENTIETH),
                        new TimeRange(TWENTIETH, NOVEMBER.to()));
    }

    @Test
    void aVersionIsFoundByItsNumberAndNoOther() {
        PriceHistory prices = history(book(card(match(), REQUESTS)), book(card(match("model", "m"), REQUESTS)));

        assertThat(prices.version(1).map(PriceBook::version)).contains(1);
        assertThat(prices.version(2).map(PriceBook::version)).contains(2);
        assertThat(prices.version(3)).isEmpty();
    }

    @Test
    void aBookThatIsCountedTogetherWithAnotherKeepsItsPrices() {
        PriceHistory prices = history(book(card(match(), REQUESTS)));

        assertThat(prices.countingToo(Set.of("requests of any")).priceOf(gpt4o(), "requests", TENTH))
                .contains(new AppliedPrice(
                        "list",
                        1,
                        prices.cardsFor(gpt4o(), "requests", TENTH).get(0).name(),
                        MeterPrice.of(UnitPrice.of("1", 1)),
                        USD,
                        Optional.of("requests of any")));
    }

    @Test
    void aBookTimesAFactorCostsThatManyTimesAsMuchAndIsOtherwiseTheSame() {
        PriceBookDraft book = book(card(match("model", "m"), Map.of("requests", UnitPrice.of("2.50", 1_000))));

        PriceBookDraft derived = book.times(new BigDecimal("0.9"), "partners");

        assertThat(derived.name()).isEqualTo("partners");
        assertThat(derived.effectiveFrom()).isEqualTo(book.effectiveFrom());
        assertThat(derived.cards()).singleElement().satisfies(card -> {
            assertThat(card.match()).isEqualTo(match("model", "m"));
            assertThat(card.priceOf("requests")).contains(MeterPrice.of(UnitPrice.of("2.25", 1_000)));
        });
    }

    @Test
    void namesOfUpTo2500CharactersFitOnACard() {
        assertThat(named("m".repeat(2_500)).name()).hasSize(2_500);
        assertThatThrownBy(() -> named("m".repeat(2_501))).hasMessageContaining("at most 2500");
        assertThatThrownBy(() -> named("line\nbreak")).hasMessageContaining("no control characters");
    }

    @Test
    void ofManyTiesAHundredAreTold() {
        List<RateCard> cards = new ArrayList<>(List.of(card(match("provider", "openai"), REQUESTS)));
        for (int i = 0; i < 150; i++) {
            cards.add(card(match("region", "r" + i), REQUESTS));
        }

        assertThat(PublicationCheck.refusals(book(cards.toArray(RateCard[]::new))))
                .hasSize(100);
    }

    @Test
    void aTiersFeeOfNothingIsNotChargedForNoUsage() {
        Price free = new TieredPrice(
                TieredPrice.Mode.GRADUATED,
                List.of(new TieredPrice.Tier(Optional.empty(), UnitPrice.of("1", 1), BigDecimal.ZERO)),
                true);

        assertThat(MeterPrice.of(free).charges(Stretch.alone(BigInteger.ZERO))).isEmpty();
    }

    private static RateCard named(String name) {
        return new RateCard(
                name,
                match(),
                new TreeMap<>(Map.of("requests", MeterPrice.of(UnitPrice.of("1", 1)))),
                BEGINNING,
                Optional.empty());
    }
}
