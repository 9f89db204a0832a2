package io.tollgate.invoicing.terms;

import static io.tollgate.invoicing.Contracts.NOVEMBER;
import static io.tollgate.invoicing.Contracts.SWEDISH_BUYER;
import static io.tollgate.invoicing.Contracts.acme;
import static io.tollgate.invoicing.Contracts.acmeFrom;
import static io.tollgate.invoicing.Contracts.amounts;
import static io.tollgate.invoicing.Contracts.contract;
import static io.tollgate.invoicing.Contracts.entries;
import static io.tollgate.invoicing.Contracts.history;
import static io.tollgate.invoicing.Contracts.invoice;
import static io.tollgate.invoicing.Fixtures.book;
import static io.tollgate.invoicing.Fixtures.gpt4o;
import static io.tollgate.invoicing.Fixtures.gpt4oCard;
import static io.tollgate.invoicing.Fixtures.usage;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.invoicing.Fixtures;
import io.tollgate.invoicing.contract.ContractHistory;
import io.tollgate.invoicing.invoice.Closing;
import io.tollgate.invoicing.invoice.Invoice;
import io.tollgate.invoicing.pricing.PriceHistory;
import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.UsageTotal;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Each rule of the steps between the lines and what is due, and each of DESIGN.md's forks about them. */
class TermsTest {

    private static final PriceHistory LIST = Fixtures.history(book(gpt4oCard()));
    private static final TimeRange ALL = Fixtures.NOVEMBER;

    /** 47.608895 USD: the reference case. */
    private static final UsageTotal REFERENCE =
            usage(ALL, "acme", gpt4o(), Map.of("input_tokens", 18_059_974L, "output_tokens", 245_896L));

    /** So many dollars of input tokens. */
    private static UsageTotal dollars(TimeRange range, long dollars) {
        return usage(range, "acme", gpt4o(), Map.of("input_tokens", dollars * 400_000));
    }

    private static Invoice of(ContractHistory contracts, UsageTotal... usage) {
        return invoice(contracts, LIST, List.of(usage));
    }

    private static String due(Invoice invoice) {
        return invoice.due().digits();
    }

    @Test
    void aContractThatSaysNothingChangesNothing() {
        Invoice invoice = of(history(acme("")), REFERENCE);

        assertThat(invoice.statement().orElseThrow().entries()).isEmpty();
        assertThat(due(invoice)).isEqualTo("47.61");
    }

    @Test
    void percentagesAreOfWhatUsageCostsUndiscountedAndAreRoundedOnce() {
        Invoice invoice = of(
                history(acme(
                        "'discounts':[{'id':'a','percent':'10'},{'id':'b','percent':'15','meters':['input_tokens']}]")),
                REFERENCE);

        // 4.7608895 and 15 % of 45.149935 = 6.77249025: together 11.53337975.
        assertThat(amounts(invoice, Step.DISCOUNT)).containsExactly("a -4.76", "b -6.77");
        assertThat(entries(invoice, Step.DISCOUNT).get(1).explanation())
                .isEqualTo("input_tokens: 15 % of 45.149935 USD = 6.77249025 USD");
        assertThat(due(invoice)).isEqualTo("36.08");
    }

    @Test
    void discountsThatRoundUpNeverTakeMoreThanThereIs() {
        Invoice invoice = of(
                history(acme("'discounts':[{'id':'a','percent':'50'},{'id':'b','percent':'50'}]")),
                usage(ALL, "acme", gpt4o(), Map.of("input_tokens", 4_000L)));

        assertThat(invoice.subtotal().digits()).isEqualTo("0.01");
        assertThat(due(invoice)).isEqualTo("0.00");
    }

    @Test
    void discountsBeyondAllOfItAreCutAndSaySo() {
        Invoice invoice = of(
                history(acme(
                        "'discounts':[{'id':'a','percent':'60'},{'id':'b','percent':'60'},{'id':'c','amount':'5'}]")),
                dollars(ALL, 10));

        assertThat(amounts(invoice, Step.DISCOUNT)).containsExactly("a -6.00", "b -4.00");
        assertThat(entries(invoice, Step.DISCOUNT).get(1).explanation())
                .isEqualTo("all usage: 60 % of 10.00 USD = 6.00 USD; no more than is left to discount: 4.00 USD");
        assertThat(due(invoice)).isEqualTo("0.00");
    }

    @Test
    void anAmountIsOffWhatItsScopeCostsAndProratedByDays() {
        Invoice invoice = of(
                history(acme("'discounts':[{'id':'a','amount':'30','match':{'provider':'openai'},"
                        + "'effectiveFrom':'2023-11-16'},{'id':'b','amount':'1','match':{'provider':'xai'}}]")),
                dollars(new TimeRange(ALL.from(), Instant.parse("2023-11-16T00:00:00Z")), 100),
                dollars(new TimeRange(Instant.parse("2023-11-16T00:00:00Z"), ALL.to()), 40));

        assertThat(invoice.lines()).hasSize(2);
        assertThat(amounts(invoice, Step.DISCOUNT)).containsExactly("a -15.00");
        assertThat(entries(invoice, Step.DISCOUNT).get(0).explanation())
                .isEqualTo("all usage of provider=openai: 30.00 USD x 15/30 days = 15.00 USD");
    }

    @Test
    void aDiscountIsOfTheUsageOfItsDaysAlone() {
        Instant change = Instant.parse("2023-11-16T00:00:00Z");
        Invoice invoice = of(
                history(acme("'discounts':[{'id':'a','percent':'10','effectiveTo':'2023-11-16'}]")),
                dollars(new TimeRange(ALL.from(), change), 100),
                dollars(new TimeRange(change, ALL.to()), 40));

        assertThat(amounts(invoice, Step.DISCOUNT)).containsExactly("a -10.00");
    }

    @Test
    void seatsCostTheirFeeAndIncludeUsageWhicheverModelHadIt() {
        Invoice invoice = of(
                history(acme("'bundles':[{'id':'seats','seats':25,'seatPrice':'20.00',"
                        + "'included':[{'meter':'input_tokens','quantity':'400000'}]}]")),
                dollars(ALL, 40));

        // 25 seats include 10,000,000 of the 16,000,000 tokens.
        assertThat(invoice.subtotal().digits()).isEqualTo("15.00");
        assertThat(invoice.lines().get(0).explanation()).contains("10000000 input_tokens included = 0.00 USD");
        assertThat(amounts(invoice, Step.FEE)).containsExactly("seats 500.00");
        assertThat(due(invoice)).isEqualTo("515.00");
    }

    @Test
    void aChangeOfSeatsInThePeriodIsProratedByDaysAndVisible() {
        String seats = "'bundles':[{'id':'seats','seats':%d,'seatPrice':'30.00',"
                + "'included':[{'meter':'input_tokens','quantity':'3000000'}]}]";
        Instant change = Instant.parse("2023-11-11T00:00:00Z");
        Invoice invoice = of(
                history(acme(seats.formatted(1)), acmeFrom("2023-11-11", seats.formatted(4))),
                dollars(new TimeRange(ALL.from(), change), 10),
                dollars(new TimeRange(change, ALL.to()), 20));

        assertThat(amounts(invoice, Step.FEE)).containsExactly("seats 10.00", "seats 80.00");
        assertThat(entries(invoice, Step.FEE).get(1).explanation())
                .isEqualTo("4 x 30.00 USD = 120.00 USD x 20/30 days = 80.00 USD");
        // Included: 1 seat for 10 days and 4 for 20 are 9,000,000 of the 12,000,000 tokens that were used.
        assertThat(invoice.subtotal().digits()).isEqualTo("7.50");
        assertThat(invoice.lines()).hasSize(2);
        assertThat(invoice.statement().orElseThrow().versions()).containsExactly(1, 2);
    }

    @Test
    void aTenantThatStartsInThePeriodPaysForItsDays() {
        Invoice invoice = of(history(
                acmeFrom("2023-11-21", "'minimumSpend':'90.00','bundles':[{'id':'base','seatPrice':'30.00'}]")));

        assertThat(amounts(invoice, Step.FEE)).containsExactly("base 10.00");
        assertThat(amounts(invoice, Step.MINIMUM_SPEND)).containsExactly("minimum-spend 20.00");
        assertThat(due(invoice)).isEqualTo("30.00");
    }

    @Test
    void aTenantThatEndsInThePeriodPaysForItsDays() {
        Invoice invoice = of(history(acme(
                "'effectiveTo':'2023-11-16','minimumSpend':'90.00','bundles':[{'id':'base','seatPrice':'30.00'}]")));

        assertThat(due(invoice)).isEqualTo("45.00");
        assertThat(invoice(history(acme("'effectiveTo':'2023-11-01','minimumSpend':'9'")), LIST, List.of())
                        .isOfNothing())
                .isTrue();
    }

    @Test
    void theMinimumIsOncePerPeriodAndAfterDiscounts() {
        Invoice invoice =
                of(history(acme("'minimumSpend':'50.00','discounts':[{'id':'a','percent':'50'}]")), dollars(ALL, 60));

        assertThat(amounts(invoice, Step.MINIMUM_SPEND)).containsExactly("minimum-spend 20.00");
        assertThat(due(of(history(acme("'minimumSpend':'50.00'")), dollars(ALL, 60))))
                .isEqualTo("60.00");
    }

    @Test
    void theMaximumTakesOffWhatIsBeyondItVisibly() {
        Invoice invoice = of(history(acme("'maximumSpend':'50.00'")), dollars(ALL, 60));

        assertThat(amounts(invoice, Step.MAXIMUM_SPEND)).containsExactly("maximum-spend -10.00");
        assertThat(due(invoice)).isEqualTo("50.00");
    }

    @Test
    void anotherVersionThatSaysTheSameOfATermLeavesItWhole() {
        String same = "'minimumSpend':'100.00','bundles':[{'id':'base','seatPrice':'100.00'}]";
        Invoice invoice = of(history(acme(same), acmeFrom("2023-11-11", same), acmeFrom("2023-11-22", same)));

        assertThat(amounts(invoice, Step.FEE)).containsExactly("base 100.00");
        assertThat(due(invoice)).isEqualTo("100.00");
    }

    @Test
    void taxIsHalfUpOfTaxableTimesRate() {
        Invoice invoice = of(
                history(acme(SWEDISH_BUYER + ",'discounts':[{'id':'a','amount':'0.03'}]")),
                usage(ALL, "acme", gpt4o(), Map.of("input_tokens", 20_000L)));

        // 25 % of 0.02 is 0.005.
        assertThat(invoice.net().digits()).isEqualTo("0.02");
        assertThat(amounts(invoice, Step.TAX)).containsExactly("S 0.01");
        assertThat(invoice.total().digits()).isEqualTo("0.03");
    }

    @Test
    void creditsPayTaxTooAndDoNotMakeTheInvoiceCheaper() {
        Invoice invoice = of(
                history(acme(SWEDISH_BUYER + ",'credits':[{'id':'c','amount':'70','grantedOn':'2023-01-01'}]")),
                dollars(ALL, 60));

        assertThat(invoice.net().digits()).isEqualTo("60.00");
        assertThat(invoice.total().digits()).isEqualTo("75.00");
        assertThat(due(invoice)).isEqualTo("5.00");
    }

    @Test
    void creditsBurnByPriorityThenExpiryThenAgeThenId() {
        Invoice invoice = of(
                history(acme("'credits':["
                        + "{'id':'z-first','amount':'1','grantedOn':'2023-05-01','priority':-1},"
                        + "{'id':'d','amount':'1','grantedOn':'2023-03-01'},"
                        + "{'id':'c','amount':'1','grantedOn':'2023-03-01'},"
                        + "{'id':'b','amount':'1','grantedOn':'2023-02-01'},"
                        + "{'id':'y-expires','amount':'1','grantedOn':'2023-05-01','expiresOn':'2024-01-01'},"
                        + "{'id':'x-expired','amount':'1','grantedOn':'2023-05-01','expiresOn':'2023-11-01'},"
                        + "{'id':'w-later','amount':'1','grantedOn':'2023-12-01'},"
                        + "{'id':'e-last','amount':'1','grantedOn':'2023-01-01','priority':9}]")),
                dollars(ALL, 5));

        assertThat(entries(invoice, Step.CREDIT))
                .extracting(Entry::id)
                .containsExactly("z-first", "y-expires", "b", "c", "d");
        assertThat(due(invoice)).isEqualTo("0.00");
    }

    @Test
    void aCreditForSomeUsagePaysThatAloneAndNothingTwice() {
        Invoice invoice = of(
                history(acme(SWEDISH_BUYER + ",'credits':["
                        + "{'id':'a','amount':'40','grantedOn':'2023-01-01','meters':['input_tokens']},"
                        + "{'id':'b','amount':'40','grantedOn':'2023-01-01','match':{'provider':'openai'}},"
                        + "{'id':'c','amount':'40','grantedOn':'2023-01-01','match':{'provider':'xai'}}]")),
                dollars(ALL, 60));

        assertThat(amounts(invoice, Step.CREDIT)).containsExactly("a -40.00", "b -20.00");
        assertThat(due(invoice)).isEqualTo("15.00");
    }

    @Test
    void whatEarlierInvoicesDrewIsNotThereAnyMore() {
        ContractHistory contracts = history(acme("'credits':[{'id':'c','amount':'70','grantedOn':'2023-01-01'}]"));
        Invoice first = of(contracts, dollars(ALL, 60));
        Balances after = Balances.NONE.plus(first.statement().orElseThrow().postings());
        TimeRange december = new TimeRange(ALL.to(), Instant.parse("2024-01-01T00:00:00Z"));
        Invoice second = invoice(
                contracts, YearMonth.of(2023, 12), LIST, List.of(dollars(december, 60)), after, Optional.of(NOVEMBER));

        assertThat(amounts(second, Step.CREDIT)).containsExactly("c -10.00");
        assertThat(entries(second, Step.CREDIT).get(0).explanation())
                .isEqualTo("all usage: balance 10.00 USD, pays 10.00 USD, left 0.00 USD");
    }

    @Test
    void pricesAreConvertedExactlyAndRoundedOnce() {
        Invoice invoice = invoice(
                history(contract("{'tenant':'acme','effectiveFrom':'2023-01-01','currency':'SEK','priceCurrency':'USD',"
                        + SWEDISH_BUYER + "}")),
                LIST,
                List.of(REFERENCE));

        // 47.608895 x 10.4321, the rate of the period's last day.
        assertThat(invoice.exactSum()).hasToString("496.6607535295 SEK");
        assertThat(invoice.subtotal()).hasToString("496.66 SEK");
        assertThat(invoice.lines().get(0).explanation())
                .endsWith("= 45.149935 USD; x 10.4321 SEK (ECB, 2023-11-30) = 471.0086369135 SEK");
        assertThat(invoice.total()).hasToString("620.83 SEK");
    }

    @Test
    void withoutARateNothingIsConvertedAndTheInvoiceCannotBeClosed() {
        Invoice invoice = invoice(
                history(contract("{'tenant':'acme','effectiveFrom':'2023-01-01','currency':'EUR','priceCurrency':'USD',"
                        + SWEDISH_BUYER + ",'minimumSpend':'1000'}")),
                LIST,
                List.of(REFERENCE));

        assertThat(invoice.total()).hasToString("47.61 USD");
        assertThat(Closing.of(invoice, List.of(), Fixtures.AFTER))
                .hasToString(
                        "Refused[blockers=[Blocker[code=no_exchange_rate, detail=no rate from USD to EUR is known on"
                                + " 2023-11-30]]]");
    }
}
