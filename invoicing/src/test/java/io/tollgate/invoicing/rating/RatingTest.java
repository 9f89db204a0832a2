package io.tollgate.invoicing.rating;

import static io.tollgate.invoicing.Fixtures.NOVEMBER;
import static io.tollgate.invoicing.Fixtures.book;
import static io.tollgate.invoicing.Fixtures.card;
import static io.tollgate.invoicing.Fixtures.gpt4o;
import static io.tollgate.invoicing.Fixtures.gpt4oCard;
import static io.tollgate.invoicing.Fixtures.history;
import static io.tollgate.invoicing.Fixtures.match;
import static io.tollgate.invoicing.Fixtures.product;
import static io.tollgate.invoicing.Fixtures.usage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.tollgate.invoicing.pricing.PriceHistory;
import io.tollgate.invoicing.pricing.UnitPrice;
import io.tollgate.invoicing.usage.Doubt;
import io.tollgate.invoicing.usage.Evidence;
import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.UsageTotal;
import io.tollgate.schemas.Digest;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RatingTest {

    private static final PriceHistory PRICES = history(book(gpt4oCard()));

    @Test
    void everyMeterIsEitherRatedOrOnTheExceptionList() {
        Rating rating = Rating.of(
                List.of(
                        usage(NOVEMBER, "acme", gpt4o(), Map.of("input_tokens", 10L, "images", 3L)),
                        usage(NOVEMBER, "acme", product("xai", "grok"), Map.of("input_tokens", 7L))),
                PRICES,
                NOVEMBER);

        assertThat(rating.rated()).extracting(RatedUsage::meter).containsExactly("input_tokens");
        assertThat(rating.unbilled())
                .extracting(UnbilledUsage::meter, unbilled -> unbilled.reason().code(), UnbilledUsage::quantity)
                .containsExactly(
                        tuple("images", "unpriced_usage", BigInteger.valueOf(3)),
                        tuple("input_tokens", "unpriced_usage", BigInteger.valueOf(7)));
        assertThat(rating.evidence()).isEqualTo(new Evidence(2, new Digest(0, 2)));
    }

    @Test
    void usageWithoutTenantIsAnExceptionEvenWhereItHasAPrice() {
        Rating rating = Rating.of(List.of(usage(NOVEMBER, "", gpt4o(), Map.of("input_tokens", 10L))), PRICES, NOVEMBER);

        assertThat(rating.rated()).isEmpty();
        assertThat(rating.unbilled()).singleElement().satisfies(unbilled -> {
            assertThat(unbilled.reason().code()).isEqualTo("usage_without_tenant");
            assertThat(unbilled.detail())
                    .isEqualTo("10 input_tokens on openai gpt-4o nvidia-h100 chat standard success in "
                            + "2023-11-01T00:00:00Z/2023-12-01T00:00:00Z: no tenant is named who can be billed");
        });
    }

    @Test
    void exceptionsOfAPartOfAPeriodAreThoseOfThatPart() {
        Instant priced = Instant.parse("2023-11-10T00:00:00Z");
        Instant middle = Instant.parse("2023-11-20T00:00:00Z");
        PriceHistory later =
                history(book(card(match(), Map.of("images", UnitPrice.of("1.00", 1)), priced, Optional.empty())));
        TimeRange before = new TimeRange(NOVEMBER.from(), priced);
        TimeRange after = new TimeRange(middle, NOVEMBER.to());

        Rating rating = Rating.of(
                List.of(
                        usage(before, "acme", gpt4o(), Map.of("images", 1L)),
                        usage(after, "acme", gpt4o(), Map.of("output_tokens", 2L))),
                later,
                after,
                List.of(NOVEMBER));

        assertThat(rating.unbilled()).extracting(UnbilledUsage::meter).containsExactly("output_tokens");
    }

    @Test
    void reversalsRateNegatively() {
        Rating rating =
                Rating.of(List.of(usage(NOVEMBER, "acme", gpt4o(), Map.of("input_tokens", -1000L))), PRICES, NOVEMBER);

        assertThat(rating.total().digits()).isEqualTo("-0.0025");
    }

    @Test
    void nothingUsedNeedsNoPrice() {
        Rating rating = Rating.of(
                List.of(
                        usage(NOVEMBER, "acme", gpt4o(), Map.of("images", 0L, "input_tokens", 0L)),
                        usage(NOVEMBER, "acme", product("xai", "grok"), Map.of("images", 5L)),
                        usage(NOVEMBER, "acme", product("xai", "grok"), Map.of("images", -5L))),
                PRICES,
                NOVEMBER);

        assertThat(rating.rated()).isEmpty();
        assertThat(rating.unbilled()).isEmpty();
    }

    @Test
    void aQuantityInDoubtIsAnExceptionThoughItHasAPrice() {
        UsageTotal total = new UsageTotal(
                NOVEMBER,
                "acme",
                "",
                new TreeMap<>(),
                gpt4o(),
                new TreeMap<>(Map.of("input_tokens", BigInteger.TEN, "output_tokens", BigInteger.ZERO)),
                2,
                new Digest(0, 1),
                new TreeSet<>(),
                new TreeMap<>(
                        Map.of("input_tokens", Doubt.COUNTED_TWO_WAYS, "output_tokens", Doubt.UNMATCHED_REVERSAL)));

        Rating rating = Rating.of(List.of(total), PRICES, NOVEMBER);

        assertThat(rating.rated()).isEmpty();
        assertThat(rating.unbilled())
                .extracting(UnbilledUsage::meter, unbilled -> unbilled.reason().code(), UnbilledUsage::quantity)
                .containsExactly(
                        tuple("input_tokens", "meter_counted_two_ways", BigInteger.TEN),
                        tuple("output_tokens", "unmatched_reversal", BigInteger.ZERO));
    }

    @Test
    void aFreeMeterIsPricedAndNotAnException() {
        PriceHistory free = history(book(card(match(), Map.of("requests", UnitPrice.of("0", 1)))));
        Rating rating = Rating.of(List.of(usage(NOVEMBER, "acme", gpt4o(), Map.of("requests", 9L))), free, NOVEMBER);

        assertThat(rating.unbilled()).isEmpty();
        assertThat(rating.total().digits()).isEqualTo("0.00");
        assertThat(rating.rated()).hasSize(1);
    }

    @Test
    void ratedUsageExplainsItsArithmeticAndNamesItsPrice() {
        RatedUsage rated = Rating.of(
                        List.of(usage(NOVEMBER, "acme", gpt4o(), Map.of("output_tokens", 245_896L))), PRICES, NOVEMBER)
                .rated()
                .get(0);

        assertThat(rated.explanation()).isEqualTo("245896 output_tokens x 10.00 USD / 1000000 = 2.45896 USD");
        assertThat(rated.price().book()).isEqualTo("list");
        assertThat(rated.price().version()).isEqualTo(1);
        assertThat(rated.price().card()).startsWith("provider=openai model=gpt-4o");
    }

    @Test
    void usageAcrossAPriceChangeIsABugAndNotRated() {
        Instant change = Instant.parse("2023-11-16T00:00:00Z");
        PriceHistory changing = history(book(
                card(match(), Map.of("requests", UnitPrice.of("1", 1)), NOVEMBER.from(), Optional.of(change)),
                card(match(), Map.of("requests", UnitPrice.of("2", 1)), change, Optional.empty())));

        assertThatThrownBy(() -> Rating.of(
                        List.of(usage(NOVEMBER, "acme", gpt4o(), Map.of("requests", 9L))), changing, NOVEMBER))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not cut");
        assertThatThrownBy(() -> Rating.of(
                        List.of(usage(
                                new TimeRange(NOVEMBER.to(), NOVEMBER.to().plusSeconds(900)),
                                "acme",
                                gpt4o(),
                                Map.of("requests", 9L))),
                        changing,
                        NOVEMBER))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
