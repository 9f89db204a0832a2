package io.tollgate.invoicing.contract;

import static io.tollgate.invoicing.Contracts.NOVEMBER;
import static io.tollgate.invoicing.Contracts.acme;
import static io.tollgate.invoicing.Contracts.acmeFrom;
import static io.tollgate.invoicing.Contracts.history;
import static io.tollgate.invoicing.Contracts.invoice;
import static io.tollgate.invoicing.Fixtures.USD;
import static io.tollgate.invoicing.Fixtures.book;
import static io.tollgate.invoicing.Fixtures.card;
import static io.tollgate.invoicing.Fixtures.gpt4o;
import static io.tollgate.invoicing.Fixtures.gpt4oCard;
import static io.tollgate.invoicing.Fixtures.match;
import static io.tollgate.invoicing.Fixtures.usage;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.invoicing.Fixtures;
import io.tollgate.invoicing.invoice.BillingPeriod;
import io.tollgate.invoicing.invoice.Invoice;
import io.tollgate.invoicing.pricing.PriceBookDraft;
import io.tollgate.invoicing.pricing.PriceHistory;
import io.tollgate.invoicing.pricing.UnitPrice;
import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.UsageTotal;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ContractPricesTest {

    private static final PriceHistory LIST = Fixtures.history(book(gpt4oCard()));
    private static final TimeRange ALL = Fixtures.NOVEMBER;
    private static final String CHEAPER = "'overrides':[{'name':'deal','match':{'provider':'openai'},"
            + "'prices':{'input_tokens':{'amount':'1.00','per':1000000}}}]";

    private static UsageTotal million(TimeRange range) {
        return usage(range, "acme", gpt4o(), Map.of("input_tokens", 1_000_000L, "output_tokens", 100_000L));
    }

    private static TimeRange until(String instant) {
        return new TimeRange(ALL.from(), Instant.parse(instant));
    }

    private static TimeRange since(String instant) {
        return new TimeRange(Instant.parse(instant), ALL.to());
    }

    @Test
    void usageAtTheBooksPriceCountsTowardsTheTiersOfAnOverrideThatComesLater() {
        PriceHistory five =
                Fixtures.history(book(card(match("provider", "openai"), Map.of("requests", UnitPrice.of("5", 1)))));
        String tiers = "'overrides':[{'match':{'provider':'openai'},'effectiveFrom':'2023-11-16T00:00:00Z',"
                + "'prices':{'requests':{'model':'graduated','tiers':[{'upTo':'10','amount':'2','per':1},"
                + "{'amount':'1','per':1}]}}}]";
        Invoice invoice = invoice(
                history(acme(tiers)),
                five,
                List.of(
                        usage(until("2023-11-16T00:00:00Z"), "acme", gpt4o(), Map.of("requests", 9L)),
                        usage(since("2023-11-16T00:00:00Z"), "acme", gpt4o(), Map.of("requests", 2L))));

        // The tenth costs 2, the eleventh 1.
        assertThat(invoice.lines())
                .extracting(line -> line.shownAmount().digits())
                .containsExactly("45.00", "3.00");
    }

    @Test
    void theContractsOwnCardWinsOverTheBooksHoweverUnspecific() {
        Invoice invoice = invoice(history(acme(CHEAPER)), LIST, List.of(million(ALL)));

        assertThat(invoice.lines())
                .extracting(line -> line.price().book() + " " + line.price().card() + " " + line.exactAmount())
                .containsExactly(
                        "contract:acme deal 1.00 USD",
                        "list provider=openai model=gpt-4o from 2020-01-01T00:00:00Z 1.00 USD");
        assertThat(invoice.priceBookVersions()).containsExactly(1);
    }

    @Test
    void aChangeOfContractInThePeriodSplitsLinesAsAChangeOfPriceDoes() {
        Invoice invoice = invoice(
                history(acme(""), acmeFrom("2023-11-16", CHEAPER)),
                LIST,
                List.of(million(until("2023-11-16T00:00:00Z")), million(since("2023-11-16T00:00:00Z"))));

        assertThat(invoice.lines())
                .extracting(line -> line.meter() + " " + line.exactAmount() + " "
                        + line.servicePeriod().from())
                .containsExactly(
                        "input_tokens 2.50 USD 2023-11-01T00:00:00Z",
                        "input_tokens 1.00 USD 2023-11-16T00:00:00Z",
                        "output_tokens 1.00 USD 2023-11-01T00:00:00Z",
                        "output_tokens 1.00 USD 2023-11-16T00:00:00Z");
        assertThat(invoice.statement().orElseThrow().versions()).containsExactly(1, 2);
    }

    @Test
    void withoutAContractInForceEverybodysPricesApply() {
        Invoice invoice = invoice(
                history(acmeFrom("2023-11-10", CHEAPER + ",'effectiveTo':'2023-11-20'")),
                LIST,
                List.of(
                        million(until("2023-11-10T00:00:00Z")),
                        million(new TimeRange(
                                Instant.parse("2023-11-10T00:00:00Z"), Instant.parse("2023-11-20T00:00:00Z"))),
                        million(since("2023-11-20T00:00:00Z"))));

        assertThat(invoice.lines().stream().filter(line -> line.meter().equals("input_tokens")))
                .extracting(line -> line.exactAmount().digits())
                .containsExactly("2.50", "1.00", "2.50");
    }

    @Test
    void theContractsBookAppliesAndOneThatIsNotThereBlocks() {
        PriceHistory partner = new PriceHistory(
                List.of(new PriceBookDraft("partner", USD, Fixtures.BEGINNING, List.of(gpt4oCard())).published(7)));
        ContractHistory contracts = history(acme("'book':'partner'"));

        assertThat(prices(contracts, Map.of("partner", partner))
                        .priceOf(gpt4o(), "input_tokens", ALL.from())
                        .orElseThrow()
                        .version())
                .isEqualTo(7);
        assertThat(prices(contracts, Map.of("list", LIST)).priceOf(gpt4o(), "input_tokens", ALL.from()))
                .isEmpty();
    }

    private static ContractPrices prices(ContractHistory contracts, Map<String, PriceHistory> books) {
        return new ContractPrices(contracts, NOVEMBER, books, Optional.of(LIST));
    }

    @Test
    void anOverrideGoesOnCountingWhereTheBookStopped() {
        String tiers = "'prices':{'requests':{'model':'graduated','tiers':[{'upTo':'100','amount':'1','per':1},"
                + "{'amount':'%s','per':1}]}}";
        String card = "'overrides':[{'match':{}," + tiers + "}]";
        Invoice invoice = invoice(
                history(acme(card.formatted("0.5")), acmeFrom("2023-11-16", card.formatted("0.25"))),
                LIST,
                List.of(
                        usage(until("2023-11-16T00:00:00Z"), "acme", gpt4o(), Map.of("requests", 80L)),
                        usage(since("2023-11-16T00:00:00Z"), "acme", gpt4o(), Map.of("requests", 40L))));

        // 80, then 20 up to the bound, which is inclusive, and 20 above it.
        assertThat(invoice.exactSum()).hasToString("105.00 USD");
    }

    @Test
    void monthsAreThoseOfTheBillingZone() {
        ContractHistory contracts = history(acme("'timeZone':'Asia/Kathmandu'"));

        assertThat(BillingPeriod.of(NOVEMBER, contracts).range())
                .hasToString("2023-10-31T18:15:00Z/2023-11-30T18:15:00Z");
        assertThat(BillingPeriod.of(NOVEMBER, history(acme("'timeZone':'Europe/Stockholm'")))
                        .range())
                .hasToString("2023-10-31T23:00:00Z/2023-11-30T23:00:00Z");
    }

    /** A tenant that gets a contract, and one that moves. */
    @Test
    void eachMonthEndsWhereTheNextBeginsWhateverTheZones() {
        ContractHistory contracts = history(
                acmeFrom("2023-03-15", "'timeZone':'America/New_York'"),
                acmeFrom("2023-07-01", "'timeZone':'Asia/Kathmandu'"),
                acmeFrom("2023-10-01", "'timeZone':'Europe/Stockholm','effectiveTo':'2023-11-10'"));

        Instant last = BillingPeriod.of(YearMonth.of(2022, 12)).range().to();
        for (YearMonth month = YearMonth.of(2023, 1); month.getYear() < 2025; month = month.plusMonths(1)) {
            TimeRange range = BillingPeriod.of(month, contracts).range();
            assertThat(range.from()).isEqualTo(last);
            last = range.to();
        }
        assertThat(BillingPeriod.of(YearMonth.of(2023, 3), contracts).range())
                .hasToString("2023-03-01T00:00:00Z/2023-04-01T04:00:00Z");
    }

    @Test
    void aContractThatStartsInItsZonesMonthCoversTheLinesOfItsDays() {
        Instant start = Instant.parse("2023-11-15T23:00:00Z");
        Invoice invoice = invoice(
                history(acmeFrom(
                        "2023-11-16", "'timeZone':'Europe/Stockholm','discounts':[{'id':'d','percent':'10'}]")),
                LIST,
                List.of(
                        million(new TimeRange(ALL.from(), start)),
                        million(new TimeRange(start, start.plusSeconds(900)))));

        assertThat(invoice.subtotal()).hasToString("7.00 USD");
        assertThat(invoice.due()).hasToString("6.65 USD");
    }

    /** The zone was put right before it applied: the old version's midnight, five hours earlier, is none of anybody's. */
    @Test
    void aVersionThatNeverAppliesPricesNothing() {
        Invoice invoice = invoice(
                history(
                        acme(CHEAPER),
                        acmeFrom("2023-12-01", CHEAPER.replace("1.00", "50.00")),
                        acmeFrom("2023-12-01", "'timeZone':'America/New_York'," + CHEAPER.replace("1.00", "7.00"))),
                LIST,
                List.of(million(new TimeRange(ALL.to(), ALL.to().plusSeconds(900)))));

        assertThat(invoice.lines())
                .extracting(line -> line.meter() + " " + line.price().version() + " " + line.exactAmount())
                .containsExactly("input_tokens 1 1.00 USD", "output_tokens 1 1.00 USD");
        assertThat(invoice.period().range().to()).isEqualTo("2023-12-01T05:00:00Z");
    }

    /** In the zone of the month that ends, an hour after midnight is the day after; but the month is not over yet. */
    @Test
    void theLastDayOfAMonthLastsUntilTheNextBegins() {
        ContractHistory contracts =
                history(acme("'timeZone':'Asia/Tokyo'"), acmeFrom("2023-12-01", "'timeZone':'America/New_York'"));

        assertThat(contracts.dayOf(Instant.parse("2023-11-29T15:00:00Z"), ZoneOffset.UTC))
                .isEqualTo("2023-11-30");
        assertThat(contracts.dayOf(Instant.parse("2023-12-01T04:45:00Z"), ZoneOffset.UTC))
                .isEqualTo("2023-11-30");
        assertThat(contracts.dayOf(Instant.parse("2023-12-01T05:00:00Z"), ZoneOffset.UTC))
                .isEqualTo("2023-12-01");
    }
}
