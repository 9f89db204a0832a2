package io.tollgate.invoicing.spend;

import static io.tollgate.invoicing.Fixtures.NOVEMBER;
import static io.tollgate.invoicing.Fixtures.book;
import static io.tollgate.invoicing.Fixtures.gpt4o;
import static io.tollgate.invoicing.Fixtures.gpt4oCard;
import static io.tollgate.invoicing.Fixtures.history;
import static io.tollgate.invoicing.Fixtures.product;
import static io.tollgate.invoicing.Fixtures.usage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.tollgate.invoicing.cost.CostItem;
import io.tollgate.invoicing.cost.Itemising;
import io.tollgate.invoicing.invoice.BillingPeriod;
import io.tollgate.invoicing.invoice.Invoice;
import io.tollgate.invoicing.invoice.InvoiceCalculator;
import io.tollgate.invoicing.pricing.PriceHistory;
import io.tollgate.invoicing.rating.Rating;
import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.UsageTotal;
import io.tollgate.invoicing.usage.Whose;
import java.math.BigInteger;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SpendTest {

    private static final Currency USD = Currency.getInstance("USD");
    private static final BillingPeriod PERIOD = BillingPeriod.of(YearMonth.of(2023, 11));
    private static final Instant MIDNIGHT = Instant.parse("2023-11-02T00:00:00Z");
    private static final PriceHistory PRICES = history(book(gpt4oCard()));
    private static final Map<String, List<UsageTotal>> USAGE = Map.of(
            "acme",
            List.of(
                    usage(
                            new TimeRange(NOVEMBER.from(), MIDNIGHT),
                            "acme",
                            gpt4o(),
                            Map.of("input_tokens", 1_000_000L, "output_tokens", 1L)),
                    usage(
                            new TimeRange(MIDNIGHT, NOVEMBER.to()),
                            "acme",
                            product("xai", "grok"),
                            Map.of("images", 12L))),
            "bolt",
            List.of(usage(
                    new TimeRange(MIDNIGHT, NOVEMBER.to()), "bolt", gpt4o(), Map.of("input_tokens", 4_000_000L))));

    @Test
    void rowsAreGroupedInOrderAndExact() {
        Spend spend = spend(question(Granularity.TOTAL, "UTC", SpendDimension.TENANT));

        assertThat(spend.rows())
                .extracting(Spend.Row::group, row -> row.cost().effective().digits(), Spend.Row::quantity)
                .containsExactly(
                        tuple(List.of("acme"), "2.50001", Optional.empty()),
                        tuple(List.of("bolt"), "10.00", Optional.empty()));
        assertThat(spend.total().effective().digits()).isEqualTo("12.50001");
    }

    @Test
    void chargesMakeSpendOfAWholeMonthWhatItsInvoicesSay() {
        assertThat(spend(question(Granularity.TOTAL, "UTC")).charges())
                .singleElement()
                .satisfies(rounding ->
                        assertThat(rounding.cost().effective().digits()).isEqualTo("-0.00001"));
    }

    @Test
    void quantitiesAreToldOnlyWhereMetersAreToldApart() {
        assertThat(spend(question(Granularity.TOTAL, "UTC", SpendDimension.METER))
                        .rows())
                .extracting(Spend.Row::group, Spend.Row::quantity)
                .containsExactly(
                        tuple(List.of("input_tokens"), Optional.of(BigInteger.valueOf(5_000_000))),
                        tuple(List.of("output_tokens"), Optional.of(BigInteger.ONE)));
    }

    @Test
    void usageWithoutPriceIsListedBesideTheRows() {
        assertThat(spend(question(Granularity.TOTAL, "UTC")).unbilled())
                .extracting(unbilled -> unbilled.quantity().toString())
                .containsExactly("12");
    }

    @Test
    void whatIsNotAskedForIsLeftOutAndChargesWithIt() {
        SpendQuestion question = new SpendQuestion(
                NOVEMBER,
                Granularity.TOTAL,
                ZoneId.of("UTC"),
                new Whose.Everybodys(),
                List.of(),
                Map.of(SpendDimension.METER, Set.of("output_tokens")));

        assertThat(spend(question).total().effective().digits()).isEqualTo("0.00001");
        assertThat(spend(question).charges()).isEmpty();
    }

    @Test
    void daysAndHoursAreThoseOfTheZone() {
        TimeRange hour = new TimeRange(Instant.parse("2023-11-01T17:30:00Z"), Instant.parse("2023-11-01T19:30:00Z"));
        assertThat(question(hour, Granularity.DAY, "Asia/Kathmandu").periods())
                .extracting(TimeRange::from)
                .containsExactly(hour.from(), Instant.parse("2023-11-01T18:15:00Z"));
        assertThat(question(hour, Granularity.HOUR, "Asia/Kathmandu").periods())
                .extracting(TimeRange::from)
                .containsExactly(
                        hour.from(), Instant.parse("2023-11-01T18:15:00Z"), Instant.parse("2023-11-01T19:15:00Z"));
        assertThat(question(hour, Granularity.WINDOW, "UTC").periods()).hasSize(8);
        assertThat(question(NOVEMBER, Granularity.MONTH, "Asia/Kathmandu").periods())
                .hasSize(2);
    }

    @Test
    void anHourThatComesTwiceIsTwoHours() {
        TimeRange night = new TimeRange(Instant.parse("2023-10-29T00:00:00Z"), Instant.parse("2023-10-29T02:00:00Z"));

        assertThat(question(night, Granularity.HOUR, "Europe/Berlin").periods())
                .extracting(TimeRange::from)
                .containsExactly(night.from(), Instant.parse("2023-10-29T01:00:00Z"));
    }

    @Test
    void currenciesAreNotMixed() {
        SpendTally tally = new SpendTally(question(Granularity.TOTAL, "UTC"));
        tally.add(USD, items("acme"), tenant -> true);

        assertThatThrownBy(() -> tally.add(Currency.getInstance("EUR"), items("bolt"), tenant -> true))
                .isInstanceOf(MixedCurrenciesException.class);
    }

    @Test
    void dimensionsGoByTheirNamesAndAliases() {
        assertThat(List.of("acceleratorType", "accelerator_type", "accelerator"))
                .extracting(SpendDimension::named)
                .containsOnly(Optional.of(SpendDimension.ACCELERATOR_TYPE));
        assertThat(List.of("serviceTier", "service_tier", "tier"))
                .extracting(SpendDimension::named)
                .containsOnly(Optional.of(SpendDimension.SERVICE_TIER));
        assertThat(SpendDimension.named("tag:team")).contains(SpendDimension.tag("team"));
        assertThat(SpendDimension.named("shard")).isEmpty();
        assertThat(SpendDimension.named("tag:")).isEmpty();
    }

    private static SpendQuestion question(Granularity granularity, String zone, SpendDimension... groupBy) {
        return question(NOVEMBER, granularity, zone, groupBy);
    }

    private static SpendQuestion question(
            TimeRange range, Granularity granularity, String zone, SpendDimension... groupBy) {
        return new SpendQuestion(
                range, granularity, ZoneId.of(zone), new Whose.Everybodys(), List.of(groupBy), Map.of());
    }

    private static Spend spend(SpendQuestion question) {
        SpendTally tally = new SpendTally(question);
        USAGE.keySet().stream().sorted().forEach(tenant -> {
            tally.add(USD, items(tenant), each -> true);
            tally.add(rating(tenant).unbilled(), each -> true);
        });
        return tally.spend(USD, true);
    }

    private static List<CostItem> items(String tenant) {
        Invoice invoice =
                InvoiceCalculator.draft(tenant, PERIOD, rating(tenant), PRICES, Optional.empty(), NOVEMBER.to());
        return new Itemising(tenant, PERIOD, PRICES, PRICES, Optional.empty()).items(invoice, rating(tenant));
    }

    private static Rating rating(String tenant) {
        return InvoiceCalculator.rate(tenant, PERIOD, USAGE.getOrDefault(tenant, List.of()), PRICES, Optional.empty());
    }
}
