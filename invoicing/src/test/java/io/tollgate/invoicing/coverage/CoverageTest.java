package io.tollgate.invoicing.coverage;

import static io.tollgate.invoicing.Fixtures.BEGINNING;
import static io.tollgate.invoicing.Fixtures.NOVEMBER;
import static io.tollgate.invoicing.Fixtures.book;
import static io.tollgate.invoicing.Fixtures.card;
import static io.tollgate.invoicing.Fixtures.gpt4o;
import static io.tollgate.invoicing.Fixtures.gpt4oCard;
import static io.tollgate.invoicing.Fixtures.history;
import static io.tollgate.invoicing.Fixtures.match;
import static io.tollgate.invoicing.Fixtures.usage;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.invoicing.coverage.Coverage.Gap;
import io.tollgate.invoicing.coverage.Coverage.Tie;
import io.tollgate.invoicing.pricing.PriceHistory;
import io.tollgate.invoicing.pricing.RateCard;
import io.tollgate.invoicing.pricing.UnitPrice;
import io.tollgate.invoicing.usage.TimeRange;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CoverageTest {

    private static final Instant MIDDLE = Instant.parse("2023-11-16T12:30:00Z");

    @Test
    void tenantsThatComeInPartsAreCountedTogether() {
        CoverageTally tally = new CoverageTally(history(book(gpt4oCard())));
        tally.add(List.of(
                usage(NOVEMBER, "acme", gpt4o(), Map.of("images", 2L, "input_tokens", 5L, "requests", 0L)),
                usage(NOVEMBER, "bolt", gpt4o(), Map.of("images", 3L))));
        tally.add(List.of(usage(NOVEMBER, "core", gpt4o(), Map.of("images", 4L))));
        tally.add(List.of(usage(NOVEMBER, "", gpt4o(), Map.of("images", 1L))));

        assertThat(tally.coverage())
                .isEqualTo(new Coverage(1, List.of(new Gap(gpt4o(), "images", BigInteger.TEN, 3)), List.of()));
    }

    @Test
    void whatIsPricedForAPartOfTheTimeIsNotPriced() {
        Map<String, UnitPrice> images = Map.of("images", UnitPrice.of("1", 1));
        PriceHistory prices = history(book(card(match("model", "gpt-4o"), images, BEGINNING, Optional.of(MIDDLE))));
        CoverageTally tally = new CoverageTally(prices);
        TimeRange before = new TimeRange(NOVEMBER.from(), MIDDLE);
        TimeRange after = new TimeRange(MIDDLE, NOVEMBER.to());
        tally.add(List.of(
                usage(before, "acme", gpt4o(), Map.of("images", 2L)),
                usage(after, "acme", gpt4o(), Map.of("images", 3L))));

        assertThat(tally.coverage())
                .isEqualTo(new Coverage(0, List.of(new Gap(gpt4o(), "images", BigInteger.valueOf(3), 1)), List.of()));
    }

    @Test
    void usageThatMeetsATieNamesBothCards() {
        RateCard one = card(match("provider", "openai"), Map.of("images", UnitPrice.of("1", 1)));
        RateCard other = card(match("model", "gpt-4o"), Map.of("images", UnitPrice.of("2", 1)));
        CoverageTally tally = new CoverageTally(history(book(one, other)));
        tally.add(List.of(usage(NOVEMBER, "acme", gpt4o(), Map.of("images", 2L))));

        assertThat(tally.coverage())
                .isEqualTo(new Coverage(
                        0,
                        List.of(),
                        List.of(new Tie(gpt4o(), "images", List.of(other.name(), one.name()), BigInteger.TWO, 1))));
    }
}
