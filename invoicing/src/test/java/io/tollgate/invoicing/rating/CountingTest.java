package io.tollgate.invoicing.rating;

import static io.tollgate.invoicing.Fixtures.NOVEMBER;
import static io.tollgate.invoicing.Fixtures.USD;
import static io.tollgate.invoicing.Fixtures.book;
import static io.tollgate.invoicing.Fixtures.card;
import static io.tollgate.invoicing.Fixtures.gpt4o;
import static io.tollgate.invoicing.Fixtures.history;
import static io.tollgate.invoicing.Fixtures.match;
import static io.tollgate.invoicing.Fixtures.product;
import static io.tollgate.invoicing.Fixtures.usage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.pricing.FlatFee;
import io.tollgate.invoicing.pricing.MeterPrice;
import io.tollgate.invoicing.pricing.Price;
import io.tollgate.invoicing.pricing.PriceBookDraft;
import io.tollgate.invoicing.pricing.PriceHistory;
import io.tollgate.invoicing.pricing.RateCard;
import io.tollgate.invoicing.pricing.TieredPrice;
import io.tollgate.invoicing.pricing.TieredPrice.Mode;
import io.tollgate.invoicing.pricing.TieredPrice.Tier;
import io.tollgate.invoicing.pricing.UnitPrice;
import io.tollgate.invoicing.usage.Product;
import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.UsageTotal;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What counts together, and in which order. */
class CountingTest {

    private static final Instant CHANGE = Instant.parse("2023-11-16T12:30:00Z");
    private static final TimeRange BEFORE = new TimeRange(NOVEMBER.from(), CHANGE);
    private static final TimeRange SINCE = new TimeRange(CHANGE, NOVEMBER.to());
    private static final Product MINI = product("openai", "gpt-4o-mini");
    private static final Product GROK = product("xai", "grok");

    /** 2.00 each up to 10, then 1.00. */
    private static final Price TIERS = tiers(Mode.GRADUATED, "2", "1");

    @Test
    void allThatAPriceIsForCountsTogetherWhateverTheRegionOrOutcome() {
        Product europe = new Product("openai", "gpt-4o", "nvidia-h100", "eu-north-1", "chat", "standard", "success", 0);
        PriceHistory prices = history(book(card(match("model", "gpt-4o"), Map.of("requests", TIERS))));

        Rating rating = rate(prices, requests(NOVEMBER, gpt4o(), 6), requests(NOVEMBER, europe, 6));

        assertThat(rating.total()).isEqualTo(usd("22"));
        assertThat(rating.rated())
                .extracting(RatedUsage::product, RatedUsage::amount)
                .containsExactly(tuple(gpt4o(), usd("12")), tuple(europe, usd("10")));
    }

    @Test
    void metersAndCardsCountApartUnlessAFamilyJoinsThem() {
        PriceHistory apart = history(book(
                card(match("model", "gpt-4o"), Map.of("requests", TIERS, "images", TIERS)),
                card(match("model", "gpt-4o-mini"), Map.of("requests", TIERS))));
        PriceHistory joined = history(book(
                card(match("model", "gpt-4o"), "requests", in("all", TIERS)),
                card(match("model", "gpt-4o"), "images", in("all", TIERS)),
                card(match("model", "gpt-4o-mini"), "requests", in("all", tiers(Mode.GRADUATED, "4", "3")))));
        UsageTotal[] usage = {
            usage(NOVEMBER, "acme", gpt4o(), Map.of("requests", 8L, "images", 8L)), requests(NOVEMBER, MINI, 8)
        };

        assertThat(rate(apart, usage).total()).isEqualTo(usd("48"));
        assertThat(rate(joined, usage).rated())
                .extracting(each -> each.meter() + " " + each.stretch().from(), RatedUsage::amount)
                // 8 at the first tier; 2 there and 6 at the second; all 8 at the second of another member's rates.
                .containsExactly(
                        tuple("images 0", usd("16")), tuple("requests 8", usd("10")), tuple("requests 16", usd("24")));
    }

    @Test
    void theTotalOfAFamilyChoosesTheTierOfAllItsMembers() {
        PriceHistory prices = history(book(
                card(match("provider", "openai"), "requests", in("all", tiers(Mode.VOLUME, "2", "1"))),
                card(match("provider", "xai"), "requests", in("all", tiers(Mode.VOLUME, "0.5", "0.25")))));

        assertThat(rate(prices, requests(NOVEMBER, gpt4o(), 5), requests(NOVEMBER, GROK, 5))
                        .total())
                .isEqualTo(usd("12.50"));
        assertThat(rate(prices, requests(NOVEMBER, gpt4o(), 5), requests(NOVEMBER, GROK, 6))
                        .rated())
                .extracting(RatedUsage::amount)
                .containsExactly(usd("5"), usd("1.50"));
    }

    @Test
    void aMemberOfAFamilyMayCountAndHaveNoTiers() {
        PriceHistory prices = history(book(
                card(match("provider", "openai"), "requests", in("all", TIERS)),
                card(match("provider", "xai"), "requests", in("all", UnitPrice.of("0.10", 1)))));

        assertThat(rate(prices, requests(NOVEMBER, GROK, 10), requests(NOVEMBER, gpt4o(), 10))
                        .total())
                .isEqualTo(usd("21"));
        // Counted in the order of the invoice's lines: openai's come before xai's.
        assertThat(rate(prices, requests(BEFORE, GROK, 10), requests(SINCE, gpt4o(), 10))
                        .total())
                .isEqualTo(usd("21"));
    }

    @Test
    void tenantsCountApart() {
        PriceHistory prices = history(book(card(match(), Map.of("requests", TIERS))));

        Rating rating = Rating.of(
                List.of(
                        usage(NOVEMBER, "acme", gpt4o(), Map.of("requests", 10L)),
                        usage(NOVEMBER, "bolt", gpt4o(), Map.of("requests", 10L))),
                prices,
                NOVEMBER);

        assertThat(rating.total()).isEqualTo(usd("40"));
    }

    @Test
    void aPriceThatChangesGoesOnCountingWhereTheOneBeforeItStopped() {
        PriceHistory prices = history(
                book(card(match(), Map.of("requests", TIERS))),
                later(card(match(), Map.of("requests", tiers(Mode.GRADUATED, "20", "10")))));

        assertThat(rate(prices, requests(SINCE, gpt4o(), 4), requests(BEFORE, gpt4o(), 8))
                        .rated())
                .extracting(RatedUsage::pricedOver, RatedUsage::amount)
                .containsExactly(tuple(BEFORE, usd("16")), tuple(SINCE, usd("60")));
    }

    @Test
    void usageBeforeAPriceGotTiersCountsTowardsThem() {
        PriceHistory prices = history(
                book(card(match(), Map.of("requests", UnitPrice.of("5", 1)))),
                later(card(match(), Map.of("requests", TIERS))));

        assertThat(rate(prices, requests(BEFORE, gpt4o(), 9), requests(SINCE, gpt4o(), 2))
                        .rated())
                .extracting(RatedUsage::amount)
                .containsExactly(usd("45"), usd("3"));
    }

    @Test
    void aVersionThatSaysTheSameChangesNoCost() {
        PriceBookDraft book = book(card(match(), Map.of("requests", TIERS, "images", new FlatFee(BigDecimal.TEN))));
        UsageTotal before = usage(BEFORE, "acme", gpt4o(), Map.of("requests", 7L, "images", 1L));
        UsageTotal since = usage(SINCE, "acme", gpt4o(), Map.of("requests", 7L, "images", 1L));

        assertThat(rate(history(book), before, since).total()).isEqualTo(usd("34"));
        assertThat(rate(history(book, later(book.cards().get(0))), before, since)
                        .total())
                .isEqualTo(usd("34"));
    }

    @Test
    void whatADayCostsIsWhatItAddsToItsMonth() {
        PriceHistory prices = history(book(card(match(), Map.of("requests", TIERS))));
        List<UsageTotal> month = List.of(requests(BEFORE, gpt4o(), 8), requests(SINCE, gpt4o(), 4));

        Rating late = Rating.of(month, prices, SINCE, List.of(NOVEMBER));

        assertThat(late.total()).isEqualTo(usd("6"));
        assertThat(late.usage()).containsExactly(month.get(1));
        assertThat(Rating.of(month, prices, BEFORE, List.of(NOVEMBER)).total()).isEqualTo(usd("16"));
    }

    @Test
    void eachMonthCountsFromZero() {
        TimeRange december = new TimeRange(NOVEMBER.to(), Instant.parse("2024-01-01T00:00:00Z"));
        TimeRange both = new TimeRange(NOVEMBER.from(), december.to());
        PriceHistory prices = history(book(card(match(), Map.of("requests", TIERS))));

        assertThat(Rating.of(
                                List.of(requests(NOVEMBER, gpt4o(), 10), requests(december, gpt4o(), 10)),
                                prices,
                                both,
                                List.of(NOVEMBER, december))
                        .total())
                .isEqualTo(usd("40"));
    }

    @Test
    void usageOutsideOfTheRangeIsNoExceptionOfIt() {
        PriceHistory prices = history(book(card(match("provider", "openai"), Map.of("requests", TIERS))));

        Rating late = Rating.of(
                List.of(requests(BEFORE, GROK, 8), requests(SINCE, GROK, 4)), prices, SINCE, List.of(NOVEMBER));

        assertThat(late.unbilled())
                .extracting(UnbilledUsage::range, UnbilledUsage::quantity)
                .containsExactly(tuple(SINCE, BigInteger.valueOf(4)));
        assertThatThrownBy(() -> Rating.of(List.of(requests(NOVEMBER, GROK, 8)), prices, SINCE, List.of(NOVEMBER)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not cut");
    }

    @Test
    void zeroUsageIsChargedOnceAndOnlyWhereThePriceSaysSo() {
        Tier tier = new Tier(Optional.empty(), UnitPrice.of("1", 1), BigDecimal.TEN);
        for (boolean atZero : List.of(true, false)) {
            PriceHistory prices = history(book(
                    card(match(), Map.of("requests", new TieredPrice(Mode.VOLUME, List.of(tier), atZero)))));

            assertThat(rate(prices, requests(NOVEMBER, gpt4o(), 0), requests(NOVEMBER, GROK, 0))
                            .total())
                    .isEqualTo(usd(atZero ? "10" : "0"));
            assertThat(rate(prices, requests(NOVEMBER, gpt4o(), 0), requests(NOVEMBER, GROK, 1))
                            .total())
                    .isEqualTo(usd("11"));
        }
    }

    @Test
    void zeroUsageThatCostsNothingIsNotRated() {
        PriceHistory prices = history(book(card(match(), Map.of("requests", TIERS))));

        assertThat(rate(prices, requests(NOVEMBER, gpt4o(), 0)).rated()).isEmpty();
    }

    @Test
    void aContextBandRepricesTheWholeRequestAndServiceTiersHaveTheirOwnPrices() {
        PriceHistory prices = history(book(
                card(match("provider", "openai"), Map.of("input_tokens", UnitPrice.of("2", 1_000))),
                card(match("provider", "openai", "contextBand", "200000"), tokens("4")),
                card(match("provider", "openai", "serviceTier", "batch"), tokens("1")),
                card(match("provider", "openai", "serviceTier", "priority"), tokens("3")),
                card(match("provider", "openai", "serviceTier", "flex"), tokens("1.5"))));

        assertThat(rate(prices, tokens(0, "standard"), tokens(200_000, "standard"))
                        .rated())
                .extracting(RatedUsage::amount)
                .containsExactly(usd("600"), usd("1200"));
        assertThat(rate(prices, tokens(0, "batch"), tokens(0, "flex"), tokens(0, "priority"))
                        .rated())
                .extracting(RatedUsage::amount)
                .containsExactly(usd("300"), usd("450"), usd("900"));
    }

    @Test
    void failedRequestsAreBilledForWhatTheyGeneratedUnlessACardSaysOtherwise() {
        Product failed = new Product("openai", "gpt-4o", "nvidia-h100", "", "chat", "standard", "failure", 0);
        PriceHistory billed = history(book(card(match("model", "gpt-4o"), Map.of("requests", TIERS))));
        PriceHistory free = history(book(
                card(match("model", "gpt-4o"), Map.of("requests", TIERS)),
                card(match("model", "gpt-4o", "outcome", "failure"), Map.of("requests", UnitPrice.of("0", 1)))));

        assertThat(rate(billed, requests(NOVEMBER, failed, 2)).total()).isEqualTo(usd("4"));
        assertThat(rate(free, requests(NOVEMBER, failed, 2)).total()).isEqualTo(usd("0"));
    }

    @Test
    void onlyBooksWhosePricesDependOnOtherUsageCount() {
        assertThat(history(book(card(match(), tokens("1")))).counts()).isFalse();
        assertThat(history(book(card(match(), "requests", in("alone", UnitPrice.of("1", 1)))))
                        .counts())
                .isFalse();
        assertThat(history(book(card(match(), tokens("1")), card(match(), Map.of("requests", TIERS))))
                        .counts())
                .isTrue();
    }

    private static Rating rate(PriceHistory prices, UsageTotal... usage) {
        return Rating.of(List.of(usage), prices, NOVEMBER);
    }

    private static UsageTotal requests(TimeRange range, Product product, long quantity) {
        return usage(range, "acme", product, Map.of("requests", quantity));
    }

    /** 300,000 input tokens. */
    private static UsageTotal tokens(long contextBand, String serviceTier) {
        return usage(
                NOVEMBER,
                "acme",
                new Product("openai", "gpt-4o", "nvidia-h100", "", "chat", serviceTier, "success", contextBand),
                Map.of("input_tokens", 300_000L));
    }

    private static Map<String, Price> tokens(String amount) {
        return Map.of("input_tokens", UnitPrice.of(amount, 1_000));
    }

    private static Price tiers(Mode mode, String first, String second) {
        return new TieredPrice(
                mode,
                List.of(
                        new Tier(Optional.of(BigInteger.TEN), UnitPrice.of(first, 1), BigDecimal.ZERO),
                        new Tier(Optional.empty(), UnitPrice.of(second, 1), BigDecimal.ZERO)),
                false);
    }

    private static MeterPrice in(String family, Price price) {
        return new MeterPrice(price, BigInteger.ZERO, Optional.empty(), Optional.empty(), Optional.of(family));
    }

    private static PriceBookDraft later(RateCard card) {
        return new PriceBookDraft("list", USD, CHANGE, List.of(card));
    }

    private static Money usd(String amount) {
        return Money.of(amount, "USD");
    }
}
