package io.tollgate.invoicing;

import static io.tollgate.invoicing.Contracts.acme;
import static io.tollgate.invoicing.Contracts.acmeFrom;
import static io.tollgate.invoicing.Contracts.amounts;
import static io.tollgate.invoicing.Fixtures.AFTER;
import static io.tollgate.invoicing.Fixtures.NOVEMBER;
import static io.tollgate.invoicing.Fixtures.gpt4o;
import static io.tollgate.invoicing.Fixtures.usage;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.invoicing.contract.Contract;
import io.tollgate.invoicing.document.CanonicalJson;
import io.tollgate.invoicing.document.PriceBookDocument;
import io.tollgate.invoicing.invoice.BillingPeriod;
import io.tollgate.invoicing.invoice.Closing;
import io.tollgate.invoicing.invoice.Invoice;
import io.tollgate.invoicing.invoice.InvoiceCalculator;
import io.tollgate.invoicing.invoice.InvoiceLine;
import io.tollgate.invoicing.invoice.SinceFinal;
import io.tollgate.invoicing.pricing.PriceBookDraft;
import io.tollgate.invoicing.pricing.PublicationCheck;
import io.tollgate.invoicing.pricing.PublicationCheck.Refusal;
import io.tollgate.invoicing.terms.Step;
import io.tollgate.invoicing.usage.Product;
import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.UsageTotal;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What peers decide differently, row by row of the table in section 5 of the design, with numbers to check by hand. Prices
 * are those of a book as it is published, amounts those of the invoice of November 2023.
 */
class ForksTest {

    private static final Instant MIDDLE = Instant.parse("2023-11-16T00:00:00Z");
    private static final TimeRange EARLY = new TimeRange(NOVEMBER.from(), MIDDLE);
    private static final TimeRange LATE = new TimeRange(MIDDLE, NOVEMBER.to());

    /** 1.00 each of the first 5, then 0.50 each. */
    private static final String TIERS =
            "'model':'%s','tiers':[{'upTo':'5','amount':'1.00','per':1},{'amount':'0.50','per':1}]";

    @Test
    @DisplayName("tier bound: upTo is inclusive, and the next tier starts just above it")
    void tierBound() {
        String graduated = TIERS.formatted("graduated");
        assertThat(costs(graduated, 5)).isEqualTo("5.00");
        assertThat(costs(graduated, 6)).isEqualTo("5.50");
        String volume = TIERS.formatted("volume");
        assertThat(costs(volume, 5)).isEqualTo("5.00");
        assertThat(costs(volume, 6)).isEqualTo("3.00");
        // Quantities are whole base units, so 5.001 of something are 5,001 of its thousandths.
        String thousandths =
                "'model':'volume','tiers':[{'upTo':'5000','amount':'1.00','per':1000},{'amount':'0.50','per':1000}]";
        assertThat(costs(thousandths, 5_000)).isEqualTo("5.00");
        assertThat(exactly(thousandths, 5_001)).isEqualTo("2.5005");
    }

    @Test
    @DisplayName("tier bound: the last tier is open")
    void lastTier() {
        assertThat(costs(TIERS.formatted("graduated"), 1_000_005)).isEqualTo("500005.00");
    }

    @Test
    @DisplayName("flat fee of a tier at zero usage: not billed, unless the price says chargeFlatFeeAtZero")
    void flatFeeAtZero() {
        String fee = "'model':'%s','tiers':[{'amount':'1.00','per':1,'flatFee':'7.00'}]%s";
        for (String model : List.of("graduated", "volume")) {
            assertThat(costs(fee.formatted(model, ""), 0)).isEqualTo("0.00");
            assertThat(costs(fee.formatted(model, ""), 1)).isEqualTo("8.00");
            // Where zero is stated: quotes do, rollups do not (see RATIONALE.md, "Flat fees at zero").
            assertThat(costs(fee.formatted(model, ",'chargeFlatFeeAtZero':true"), 0))
                    .isEqualTo("7.00");
            assertThat(costs(fee.formatted(model, ",'chargeFlatFeeAtZero':true"), 1))
                    .isEqualTo("8.00");
        }
    }

    @Test
    @DisplayName("packages: free units first, then round up")
    void packages() {
        String dozens = "'model':'package','amount':'5.00','size':'12','included':'100'";
        assertThat(costs(dozens, 100)).isEqualTo("0.00");
        assertThat(costs(dozens, 101)).isEqualTo("5.00");
        // Rounded up first, 112 units would be 120, of which 20 are not free: two packages.
        assertThat(costs(dozens, 112)).isEqualTo("5.00");
        assertThat(costs(dozens, 113)).isEqualTo("10.00");
    }

    @Test
    @DisplayName("rounding: line amounts are exact, and the subtotal is their sum, rounded half up once")
    void subtotalIsRoundedOnce() {
        Invoice invoice = ofMeters("0.004", "0.004", "0.007");

        assertThat(invoice.lines())
                .extracting(line -> line.exactAmount().digits())
                .containsExactly("0.004", "0.004", "0.007");
        // 0.015 is half way; three rounded lines would be 0.00, 0.00 and 0.01.
        assertThat(invoice.subtotal().digits()).isEqualTo("0.02");
    }

    @Test
    @DisplayName("rounding: shown line amounts add up, by largest remainder, of equals the earlier line first")
    void shownAmountsAddUp() {
        assertThat(shown(ofMeters("0.004", "0.004", "0.007"))).containsExactly("0.01", "0.00", "0.01");
        assertThat(shown(ofMeters("0.014", "0.015", "0.001"))).containsExactly("0.01", "0.02", "0.00");
        assertThat(shown(ofMeters("0.335", "0.335", "0.33"))).containsExactly("0.34", "0.33", "0.33");
    }

    @Test
    @DisplayName("rounding: tax is half up of taxable times rate")
    void taxIsHalfUp() {
        // 25 % of 0.02 is 0.005; of 0.01 it is 0.0025.
        String swedish = Contracts.SWEDISH_BUYER;
        assertThat(amounts(by(acme(swedish), used(NOVEMBER, 2)), Step.TAX)).containsExactly("S 0.01");
        assertThat(amounts(by(acme(swedish), used(NOVEMBER, 1)), Step.TAX)).containsExactly("S 0.00");
    }

    @Test
    @DisplayName("minimum commitment: once per period, prorated by days for a partial one")
    void minimumCommitment() {
        String hundred = "'commitments':[{'id':'c','effectiveFrom':'%1$s','effectiveTo':'2024-01-01',"
                + "'schedule':[{'effectiveFrom':'%1$s','amount':'100'}]}]";
        Contract whole = acme(hundred.formatted("2023-11-01"));
        assertThat(by(whole, used(NOVEMBER, 3_000)).due().digits()).isEqualTo("100.00");
        // Once, however many lines there are.
        assertThat(by(whole, used(EARLY, 3_000), used(LATE, 4_000)).due().digits())
                .isEqualTo("100.00");
        assertThat(by(whole, used(NOVEMBER, 13_000)).due().digits()).isEqualTo("130.00");
        // 15 of November's 30 days.
        assertThat(by(acme(hundred.formatted("2023-11-16"))).due().digits()).isEqualTo("50.00");
        assertThat(by(acmeFrom("2023-11-16", "'minimumSpend':'100'")).due().digits())
                .isEqualTo("50.00");
    }

    @Test
    @DisplayName("maximum: shows as a discount on the line that crosses it")
    void maximum() {
        String atMost = "'amount':'1.00','per':1,'maximum':'10.00'";
        Invoice invoice = draft(
                List.of(book(atMost, "2020-01-01T00:00:00Z"), book(atMost, MIDDLE.toString())),
                used(EARLY, 8),
                used(LATE, 7));

        assertThat(shown(invoice)).containsExactly("8.00", "2.00");
        assertThat(invoice.lines())
                .extracting(InvoiceLine::explanation)
                .containsExactly(
                        "8 units x 1.00 USD / 1 = 8.00 USD",
                        "7 units x 1.00 USD / 1 = 7.00 USD; beyond the maximum -5.00 USD; in all 2.00 USD");
        // A contract's maximum is of all that is spent, so it is an allowance of the invoice and of no line: see
        // RATIONALE.md, "What adds is a line, what takes off is an allowance".
        assertThat(amounts(by(acme("'maximumSpend':'50.00'"), used(NOVEMBER, 6_000)), Step.MAXIMUM_SPEND))
                .containsExactly("maximum-spend -10.00");
    }

    @Test
    @DisplayName("price change inside a period: splits the line at the change")
    void priceChange() {
        Invoice invoice = draft(
                List.of(
                        book("'amount':'2.00','per':1", "2020-01-01T00:00:00Z"),
                        book("'amount':'3.00','per':1", MIDDLE.toString())),
                used(EARLY, 10),
                used(LATE, 10));

        assertThat(invoice.lines()).extracting(InvoiceLine::servicePeriod).containsExactly(EARLY, LATE);
        assertThat(invoice.lines()).extracting(line -> line.price().version()).containsExactly(1, 2);
        assertThat(shown(invoice)).containsExactly("20.00", "30.00");
    }

    @Test
    @DisplayName("price change inside a period: effective instants lie on window boundaries")
    void priceChangeOffTheGrid() {
        assertThat(refusals(book("'amount':'2.00','per':1", "2023-11-16T12:45:00Z")))
                .isEmpty();
        assertThat(refusals(book("'amount':'2.00','per':1", "2023-11-16T12:50:00Z")))
                .containsExactly("not_on_window_boundary");
    }

    @Test
    @DisplayName("two rate cards match: the one that names more dimensions wins")
    void mostSpecificWins() {
        PriceBookDraft book = cards("""
                {'prices':{'units':{'amount':'9.00','per':1}}},
                {'match':{'model':'gpt-4o'},'prices':{'units':{'amount':'5.00','per':1}}},
                {'match':{'provider':'openai','model':'gpt*'},'prices':{'units':{'amount':'2.00','per':1}}}""");

        assertThat(refusals(book)).isEmpty();
        assertThat(draft(List.of(book), used(NOVEMBER, 1)).subtotal().digits()).isEqualTo("2.00");
    }

    @Test
    @DisplayName("two rate cards match: a tie is refused when the book is published")
    void tie() {
        assertThat(PublicationCheck.refusals(cards("""
                {'match':{'provider':'openai'},'prices':{'units':{'amount':'9.00','per':1}}},
                {'match':{'model':'gpt-4o'},'prices':{'units':{'amount':'5.00','per':1}}}"""))).singleElement().satisfies(refusal -> {
            assertThat(refusal.code()).isEqualTo("price_tie");
            assertThat(refusal.detail())
                    .isEqualTo(
                            "rate cards \"model=gpt-4o\" and \"provider=openai\" both price units, and neither matches"
                                    + " more narrowly");
        });
    }

    @Test
    @DisplayName("late usage in a draft: re-rated")
    void lateUsageInADraft() {
        List<PriceBookDraft> tiers = List.of(book(TIERS.formatted("volume"), "2020-01-01T00:00:00Z"));

        assertThat(draft(tiers, used(EARLY, 5)).subtotal().digits()).isEqualTo("5.00");
        // One unit more moves all six to the second tier.
        assertThat(draft(tiers, used(EARLY, 5), used(LATE, 1)).subtotal().digits())
                .isEqualTo("3.00");
    }

    /** The table says "as an adjustment": it stands on a note to the invoice, see RATIONALE.md, "Late usage becomes a note". */
    @Test
    @DisplayName("late usage in a final period: cumulative minus billed")
    void lateUsageInAFinalPeriod() {
        List<PriceBookDraft> tiers = List.of(book(TIERS.formatted("graduated"), "2020-01-01T00:00:00Z"));
        Invoice billed = ((Closing.Closed) Closing.of(draft(tiers, used(EARLY, 4)), List.of(), AFTER)).invoice();
        Invoice now = draft(tiers, used(EARLY, 4), used(LATE, 3));

        SinceFinal since = SinceFinal.of(billed.evidence(), billed.exactSum(), billed.total(), billed.due(), now);

        assertThat(billed.total().digits()).isEqualTo("4.00");
        // 7 units are 5.00 and 1.00. Rated by themselves, the three would be 3.00.
        assertThat(since.amount().digits()).isEqualTo("2.00");
        assertThat(since.changed()).isTrue();
        assertThat(since.eventCount()).isEqualTo(1);
    }

    @Test
    @DisplayName("failed or aborted requests: billed for what was generated, unless the price book says otherwise")
    void failedRequests() {
        String all = "{'match':{'model':'gpt-4o'},'prices':{'units':{'amount':'1.00','per':1}}}";
        String failuresAreFree =
                ",{'match':{'model':'gpt-4o','outcome':'failure'},'prices':{'units':{'amount':'0','per':1}}}";
        UsageTotal[] usage = Stream.of("success", "failure", "aborted")
                .map(outcome -> usage(
                        NOVEMBER,
                        "acme",
                        new Product("openai", "gpt-4o", "", "", "chat", "standard", outcome, 0),
                        Map.of("units", 4L)))
                .toArray(UsageTotal[]::new);

        assertThat(draft(List.of(cards(all)), usage).subtotal().digits()).isEqualTo("12.00");
        assertThat(draft(List.of(cards(all + failuresAreFree)), usage)
                        .subtotal()
                        .digits())
                .isEqualTo("8.00");
    }

    /** What so many units cost on an invoice. */
    private static String costs(String price, long units) {
        return draft(List.of(book(price, "2020-01-01T00:00:00Z")), used(NOVEMBER, units))
                .subtotal()
                .digits();
    }

    private static String exactly(String price, long units) {
        return draft(List.of(book(price, "2020-01-01T00:00:00Z")), used(NOVEMBER, units))
                .exactSum()
                .digits();
    }

    /** One unit each of several meters at these prices. */
    private static Invoice ofMeters(String... amounts) {
        List<String> prices = new ArrayList<>();
        Map<String, Long> one = new TreeMap<>();
        for (String amount : amounts) {
            String meter = "meter_" + prices.size();
            prices.add("'" + meter + "':{'amount':'" + amount + "','per':1}");
            one.put(meter, 1L);
        }
        return draft(
                List.of(cards("{'prices':{" + String.join(",", prices) + "}}")), usage(NOVEMBER, "acme", gpt4o(), one));
    }

    private static List<String> shown(Invoice invoice) {
        return invoice.lines().stream().map(line -> line.shownAmount().digits()).toList();
    }

    /** By a contract, at a cent a unit. */
    private static Invoice by(Contract contract, UsageTotal... usage) {
        return Contracts.invoice(
                Contracts.history(contract),
                Fixtures.history(book("'amount':'0.01','per':1", "2020-01-01T00:00:00Z")),
                List.of(usage));
    }

    private static Invoice draft(List<PriceBookDraft> versions, UsageTotal... usage) {
        return InvoiceCalculator.draft(
                "acme",
                BillingPeriod.of(YearMonth.of(2023, 11)),
                List.of(usage),
                Fixtures.history(versions.toArray(PriceBookDraft[]::new)),
                AFTER);
    }

    private static UsageTotal used(TimeRange range, long units) {
        return usage(range, "acme", gpt4o(), Map.of("units", units));
    }

    private static List<String> refusals(PriceBookDraft book) {
        return PublicationCheck.refusals(book).stream()
                .map(Refusal::code)
                .distinct()
                .toList();
    }

    /** A book that prices units, whosever. */
    private static PriceBookDraft book(String price, String effectiveFrom) {
        return read("{'prices':{'units':{" + price + "}}}", effectiveFrom);
    }

    private static PriceBookDraft cards(String cards) {
        return read(cards, "2020-01-01T00:00:00Z");
    }

    private static PriceBookDraft read(String cards, String effectiveFrom) {
        String json =
                "{'name':'list','currency':'USD','effectiveFrom':'" + effectiveFrom + "','cards':[" + cards + "]}";
        return CanonicalJson.read(json.replace('\'', '"'), PriceBookDocument.class)
                .toDraft();
    }
}
