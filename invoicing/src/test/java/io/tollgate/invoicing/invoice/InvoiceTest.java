package io.tollgate.invoicing.invoice;

import static io.tollgate.invoicing.Fixtures.AFTER;
import static io.tollgate.invoicing.Fixtures.BEGINNING;
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

import io.tollgate.invoicing.Contracts;
import io.tollgate.invoicing.contract.ContractHistory;
import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.pricing.PriceHistory;
import io.tollgate.invoicing.pricing.TieredPrice;
import io.tollgate.invoicing.pricing.TieredPrice.Tier;
import io.tollgate.invoicing.pricing.UnitPrice;
import io.tollgate.invoicing.rating.Rating;
import io.tollgate.invoicing.rating.UnbilledUsage;
import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.UsageTotal;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InvoiceTest {

    private static final BillingPeriod PERIOD = BillingPeriod.of(YearMonth.of(2023, 11));
    private static final PriceHistory PRICES = history(book(gpt4oCard()));

    @Test
    void theReferenceCaseIs47Dollars61() {
        Invoice invoice = draft(
                PRICES,
                usage(NOVEMBER, "acme", gpt4o(), Map.of("input_tokens", 18_059_974L, "output_tokens", 245_896L)));

        assertThat(invoice.exactSum()).isEqualTo(Money.of("47.608895", "USD"));
        assertThat(invoice.subtotal()).isEqualTo(Money.of("47.61", "USD"));
        assertThat(invoice.total()).isEqualTo(Money.of("47.61", "USD"));
        assertThat(invoice.lines())
                .extracting(
                        InvoiceLine::number,
                        InvoiceLine::meter,
                        line -> line.exactAmount().digits(),
                        line -> line.shownAmount().digits())
                .containsExactly(
                        tuple(1, "input_tokens", "45.149935", "45.15"), tuple(2, "output_tokens", "2.45896", "2.46"));
    }

    @Test
    void aPriceChangeSplitsTheLineAtTheChange() {
        Instant change = Instant.parse("2023-11-16T12:30:00Z");
        PriceHistory changing = history(book(
                card(
                        match("model", "gpt-4o"),
                        Map.of("input_tokens", UnitPrice.of("5", 1_000_000)),
                        BEGINNING,
                        Optional.of(change)),
                card(
                        match("model", "gpt-4o"),
                        Map.of("input_tokens", UnitPrice.of("2.5", 1_000_000)),
                        change,
                        Optional.empty()),
                card(match("model", "gpt-4o"), Map.of("output_tokens", UnitPrice.of("10", 1_000_000)))));
        TimeRange before = new TimeRange(NOVEMBER.from(), change);
        TimeRange after = new TimeRange(change, NOVEMBER.to());

        Invoice invoice = draft(
                changing,
                usage(after, "acme", gpt4o(), Map.of("input_tokens", 1_000_000L, "output_tokens", 1_000_000L)),
                usage(before, "acme", gpt4o(), Map.of("input_tokens", 1_000_000L, "output_tokens", 1_000_000L)));

        assertThat(invoice.lines())
                .extracting(
                        InvoiceLine::meter,
                        InvoiceLine::servicePeriod,
                        line -> line.shownAmount().digits())
                .containsExactly(
                        tuple("input_tokens", before, "5.00"),
                        tuple("input_tokens", after, "2.50"),
                        // The price of output did not change, so its line is whole.
                        tuple("output_tokens", NOVEMBER, "20.00"));
        assertThat(invoice.lines())
                .extracting(line -> line.evidence().eventCount())
                .containsExactly(1L, 1L, 2L);
    }

    @Test
    void usageThatWasTakenBackWholeLeavesNoLine() {
        Invoice invoice = draft(
                PRICES,
                usage(NOVEMBER, "acme", gpt4o(), Map.of("input_tokens", 10L)),
                usage(NOVEMBER, "acme", gpt4o(), Map.of("input_tokens", -10L)));

        assertThat(invoice.lines()).isEmpty();
        assertThat(invoice.evidence().eventCount()).isEqualTo(2);
    }

    @Test
    void aLineForNoUsageIsNotBelowZeroAndCloses() {
        Tier fee = new Tier(Optional.empty(), UnitPrice.of("1", 1), BigDecimal.TEN);
        PriceHistory atZero = history(book(
                card(match(), Map.of("requests", new TieredPrice(TieredPrice.Mode.VOLUME, List.of(fee), true)))));

        Invoice draft = draft(atZero, usage(NOVEMBER, "acme", gpt4o(), Map.of("requests", 0L)));

        assertThat(draft.total()).isEqualTo(Money.of("10.00", "USD"));
        assertThat(draft.exceptions()).isEmpty();
        assertThat(Closing.of(draft, List.of(), AFTER)).isInstanceOf(Closing.Closed.class);
    }

    @Test
    void aQuotesLinesAreThoseOfAnInvoiceOfTheSameUsage() {
        UsageTotal usage = usage(NOVEMBER, "acme", gpt4o(), Map.of("input_tokens", 18_059_974L, "output_tokens", 5L));

        assertThat(InvoiceCalculator.lines(Rating.of(List.of(usage), PRICES, NOVEMBER)))
                .hasSize(2)
                .isEqualTo(draft(PRICES, usage).lines());
    }

    @Test
    void theVersionsOfTheBookAreThoseOfLinesThatItPricedAndNotTheContracts() {
        ContractHistory contracts = Contracts.history(
                Contracts.acme(""),
                Contracts.acme("'overrides':[{'match':{'provider':'openai','model':'gpt-4o'},"
                        + "'prices':{'output_tokens':{'amount':'1.00','per':1000}}}]"));
        Invoice invoice = Contracts.invoice(
                contracts,
                PRICES,
                List.of(usage(NOVEMBER, "acme", gpt4o(), Map.of("input_tokens", 1L, "output_tokens", 1L))));

        assertThat(invoice.lines())
                .extracting(line -> line.price().book() + " " + line.price().version())
                .containsExactly("list 1", "contract:acme 2");
        assertThat(invoice.priceBookVersions()).containsExactly(1);
    }

    @Test
    void anotherTenantsUsageNeverGetsOnAnInvoice() {
        assertThatThrownBy(() -> draft(PRICES, usage(NOVEMBER, "other", gpt4o(), Map.of("input_tokens", 1L))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aDraftWithoutExceptionsClosesWhenItsPeriodHasEnded() {
        Invoice draft = draft(PRICES, usage(NOVEMBER, "acme", gpt4o(), Map.of("input_tokens", 1L)));

        assertThat(Closing.of(draft, List.of(), NOVEMBER.to())).isInstanceOfSatisfying(Closing.Closed.class, closed -> {
            assertThat(closed.invoice().status()).isEqualTo(new InvoiceStatus.Final(NOVEMBER.to()));
            assertThat(closed.invoice().lines()).isEqualTo(draft.lines());
        });
        assertThat(codes(Closing.of(draft, List.of(), NOVEMBER.to().minusNanos(1))))
                .containsExactly("period_open");
    }

    @Test
    void unpricedUsageBlocksTheClose() {
        Invoice draft = draft(
                PRICES,
                usage(NOVEMBER, "acme", gpt4o(), Map.of("input_tokens", 1L)),
                usage(NOVEMBER, "acme", product("xai", "grok"), Map.of("images", 12L)));

        assertThat(codes(Closing.of(draft, List.of(), AFTER))).containsExactly("unpriced_usage");
    }

    @Test
    void aLineBelowZeroIsShownAndBlocksTheClose() {
        Invoice draft = draft(
                PRICES, usage(NOVEMBER, "acme", gpt4o(), Map.of("input_tokens", -100_000_000L, "output_tokens", 1L)));

        assertThat(draft.exactSum()).isEqualTo(Money.of("-249.99999", "USD"));
        assertThat(draft.lines()).extracting(InvoiceLine::meter).containsExactly("input_tokens", "output_tokens");
        assertThat(draft.exceptions()).singleElement().satisfies(exception -> {
            assertThat(exception.reason().code()).isEqualTo("negative_usage");
            assertThat(exception.detail())
                    .startsWith("-100000000 input_tokens of acme on openai gpt-4o")
                    .contains("more was taken back than was used");
        });
        assertThat(codes(Closing.of(draft, List.of(), AFTER))).containsExactly("negative_usage");
        assertThatThrownBy(() -> draft.as(new InvoiceStatus.Final(AFTER))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void usageThatNobodyIsNamedForBlocksEveryClose() {
        Invoice draft = draft(PRICES, usage(NOVEMBER, "acme", gpt4o(), Map.of("input_tokens", 1L)));
        List<UnbilledUsage> tenantless = Rating.of(
                        List.of(usage(NOVEMBER, "", gpt4o(), Map.of("input_tokens", 1L))), PRICES, NOVEMBER)
                .unbilled();

        assertThat(codes(Closing.of(draft, tenantless, AFTER))).containsExactly("usage_without_tenant");
    }

    @Test
    void whoUsedNothingGetsNoInvoice() {
        assertThat(codes(Closing.of(draft(PRICES), List.of(), AFTER))).containsExactly("no_usage");
    }

    @Test
    void idsAreDerivedAndReadBackEvenIfATenantHoldsDots() {
        InvoiceId id = InvoiceId.of("acme.eu.2023-11.1", PERIOD, 1);

        assertThat(id.toString()).isEqualTo("acme.eu.2023-11.1.2023-11.1");
        assertThat(InvoiceId.parse(id.toString())).contains(id);
        assertThat(InvoiceId.parse("a.2023-11.1")).contains(InvoiceId.of("a", PERIOD, 1));
        assertThat(InvoiceId.parse("acme.2023-13.1")).isEmpty();
        assertThat(InvoiceId.parse("acme.2023-11.0")).isEmpty();
        assertThat(InvoiceId.parse("acme.2023-11")).isEmpty();
        assertThat(InvoiceId.parse("2023-11.1")).isEmpty();
        assertThat(InvoiceId.parse("")).isEmpty();
    }

    @Test
    void aPeriodIsAMonthInItsZone() {
        assertThat(PERIOD.range()).isEqualTo(NOVEMBER);
        assertThat(new BillingPeriod(YearMonth.of(2023, 11), ZoneId.of("Asia/Kathmandu")).range())
                .isEqualTo(new TimeRange(Instant.parse("2023-10-31T18:15:00Z"), Instant.parse("2023-11-30T18:15:00Z")));
    }

    @Test
    void theMonthsAroundARangeAreThoseItTouches() {
        assertThat(BillingPeriod.around(NOVEMBER)).containsExactly(NOVEMBER);
        assertThat(BillingPeriod.around(new TimeRange(
                        NOVEMBER.from().plusSeconds(900), NOVEMBER.to().plusSeconds(900))))
                .containsExactly(NOVEMBER, new TimeRange(NOVEMBER.to(), Instant.parse("2024-01-01T00:00:00Z")));
    }

    private static Invoice draft(PriceHistory prices, UsageTotal... usage) {
        return InvoiceCalculator.draft("acme", PERIOD, List.of(usage), prices, AFTER);
    }

    private static List<String> codes(Closing closing) {
        return closing instanceof Closing.Refused refused
                ? refused.blockers().stream().map(Closing.Blocker::code).toList()
                : List.of();
    }
}
