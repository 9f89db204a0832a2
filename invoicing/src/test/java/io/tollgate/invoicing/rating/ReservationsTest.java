package io.tollgate.invoicing.rating;

import static io.tollgate.invoicing.Contracts.acme;
import static io.tollgate.invoicing.Contracts.acmeFrom;
import static io.tollgate.invoicing.Contracts.history;
import static io.tollgate.invoicing.Contracts.invoice;
import static io.tollgate.invoicing.Fixtures.NOVEMBER;
import static io.tollgate.invoicing.Fixtures.book;
import static io.tollgate.invoicing.Fixtures.card;
import static io.tollgate.invoicing.Fixtures.gpt4o;
import static io.tollgate.invoicing.Fixtures.gpt4oCard;
import static io.tollgate.invoicing.Fixtures.match;
import static io.tollgate.invoicing.Fixtures.product;
import static io.tollgate.invoicing.Fixtures.usage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tollgate.invoicing.Contracts;
import io.tollgate.invoicing.Fixtures;
import io.tollgate.invoicing.contract.Contract;
import io.tollgate.invoicing.contract.ContractHistory;
import io.tollgate.invoicing.contract.ContractPrices;
import io.tollgate.invoicing.invoice.Adjustment;
import io.tollgate.invoicing.invoice.BillingPeriod;
import io.tollgate.invoicing.invoice.Invoice;
import io.tollgate.invoicing.invoice.InvoiceLine;
import io.tollgate.invoicing.pricing.PriceHistory;
import io.tollgate.invoicing.pricing.UnitPrice;
import io.tollgate.invoicing.terms.Balances;
import io.tollgate.invoicing.terms.Entry;
import io.tollgate.invoicing.terms.Step;
import io.tollgate.invoicing.usage.Attribution;
import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.UsageTotal;
import io.tollgate.invoicing.usage.Window;
import io.tollgate.schemas.Digest;
import java.math.BigInteger;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Provisioned units: paid by the hour, used or not, and what exceeds them spills over to the standard prices. */
class ReservationsTest {

    private static final PriceHistory LIST = Fixtures.history(book(
            gpt4oCard(), card(match("provider", "xai"), Map.of("input_tokens", UnitPrice.of("3.00", 1_000_000)))));

    /** Covers 1,000 in each window. */
    private static final String PTU = "{'id':'ptu','units':2,'hourlyPrice':'0.50','hourlyCapacity':'2000',"
            + "'weights':{'input_tokens':'1','output_tokens':'4'},'match':{'model':'gpt-4o*'}}";

    @Test
    void aWindowCoversAQuarterOfAnHoursCapacityAndTheRestSpillsOver() {
        ContractHistory contracts = reserving(PTU);
        Invoice invoice = invoice(
                contracts,
                LIST,
                List.of(
                        usage(window(0), "acme", gpt4o(), Map.of("input_tokens", 600L, "output_tokens", 150L)),
                        usage(window(1), "acme", gpt4o(), Map.of("input_tokens", 600L, "output_tokens", 99L)),
                        usage(window(2), "acme", gpt4o(), Map.of("input_tokens", 1_600L, "output_tokens", 1L))));

        assertThat(lines(invoice))
                .containsExactly(
                        "input_tokens 2200 at 0.00 of ptu in 3, full in 2",
                        "input_tokens 600 at 0.0015",
                        "output_tokens 199 at 0.00 of ptu in 2, full in 2",
                        "output_tokens 51 at 0.00051");
        assertThat(invoice.lines().get(0).explanation())
                .isEqualTo("2200 input_tokens covered by reservation ptu: capacity 1000 in 15 minutes, weight 1,"
                        + " windows 3, full 2 = 0.00 USD");
        assertThat(invoice.lines().get(0).description())
                .isEqualTo("openai gpt-4o nvidia-h100 chat standard success: input_tokens (reservation ptu)");
        assertThat(invoice.lines().get(0).price().book()).isEqualTo("contract:acme");
    }

    /** In order of tenants: the first uses 600 of the 1,000, and leaves 400 to the next. */
    @Test
    void theTenantsOfAnAccountShareItsCapacity() {
        Invoice invoice = invoice(
                history(acme("'members':['acme-labs'],'reservations':[" + PTU + "]")),
                LIST,
                List.of(
                        usage(window(0), "acme-labs", gpt4o(), Map.of("input_tokens", 1_000L)),
                        usage(window(0), "acme", gpt4o(), Map.of("input_tokens", 600L))));

        assertThat(lines(invoice))
                .containsExactly(
                        "input_tokens 600 at 0.00 of ptu in 1, full in 1",
                        "input_tokens 400 at 0.00 of ptu in 1, full in 1",
                        "input_tokens 600 at 0.0015");
        assertThat(invoice.lines()).extracting(InvoiceLine::tenant).containsExactly("acme", "acme-labs", "acme-labs");
    }

    @Test
    void theHoursOfAMonthArePaidUsedOrNot() {
        assertThat(fees(reserving(PTU), Contracts.NOVEMBER))
                .containsExactly("2 units x 0.50 USD x 720 hours = 720.00 USD");
        assertThat(invoice(reserving(PTU), LIST, List.of()).total().digits()).isEqualTo("720.00");
    }

    @Test
    void aDayOf23Or25HoursIsPaidAsSuch() {
        ContractHistory stockholm = history(acme("'timeZone':'Europe/Stockholm','reservations':[" + PTU + "]"));

        assertThat(fees(stockholm, YearMonth.of(2023, 3)))
                .containsExactly("2 units x 0.50 USD x 743 hours = 743.00 USD");
        assertThat(fees(stockholm, YearMonth.of(2023, 10)))
                .containsExactly("2 units x 0.50 USD x 745 hours = 745.00 USD");
    }

    @Test
    void aMonthThatEndsInAnotherZoneHasTheHoursThatItHas() {
        String reservations = "'reservations':[" + PTU + "]";
        ContractHistory moving =
                history(acme(reservations), acmeFrom("2023-12-01", "'timeZone':'Asia/Kathmandu'," + reservations));

        assertThat(fees(moving, Contracts.NOVEMBER)).containsExactly("2 units x 0.50 USD x 714.25 hours = 714.25 USD");
    }

    /** The month goes on until the next begins, which is in New York, and so does its last day. */
    @Test
    void whatEndsWithAMonthIsPaidAndCoveredUntilTheNextBegins() {
        String ending = with(PTU, "'effectiveTo':'2023-12-01'");
        UsageTotal last =
                usage(Window.at(NOVEMBER.to().plusSeconds(3_600)), "acme", gpt4o(), Map.of("input_tokens", 900L));
        for (Contract ends : List.of(
                acme("'reservations':[" + ending + "]"),
                acme("'effectiveTo':'2023-12-01','reservations':[" + PTU + "]"))) {
            Invoice invoice = invoice(
                    history(ends, acmeFrom("2023-12-01", "'timeZone':'America/New_York'")), LIST, List.of(last));

            assertThat(fees(invoice)).containsExactly("2 units x 0.50 USD x 725 hours = 725.00 USD");
            assertThat(lines(invoice)).containsExactly("input_tokens 900 at 0.00 of ptu in 1, full in 0");
        }
    }

    @Test
    void onlyTheDaysInForceArePaidAndCovered() {
        ContractHistory contracts = history(
                acme("'reservations':[" + with(PTU, "'effectiveFrom':'2023-11-02'") + "]"),
                acmeFrom("2023-11-04", "'reservations':[" + PTU.replace("'units':2", "'units':1") + "]"),
                acmeFrom("2023-11-29", ""));
        TimeRange first = window(96 - 1);
        TimeRange second = window(96);
        TimeRange fourth = window(3 * 96);
        TimeRange last = window(28 * 96);
        List<UsageTotal> usage = new ArrayList<>();
        for (TimeRange each : List.of(first, second, fourth, last)) {
            usage.add(usage(each, "acme", gpt4o(), Map.of("input_tokens", 2_000L)));
        }
        Invoice invoice = invoice(contracts, LIST, usage);

        assertThat(fees(invoice))
                .containsExactly(
                        "2 units x 0.50 USD x 48 hours = 48.00 USD", "1 units x 0.50 USD x 600 hours = 300.00 USD");
        assertThat(lines(invoice))
                .containsExactly(
                        "input_tokens 2000 at 0.005",
                        "input_tokens 1000 at 0.00 of ptu in 1, full in 1",
                        "input_tokens 1000 at 0.0025",
                        "input_tokens 500 at 0.00 of ptu in 1, full in 1",
                        "input_tokens 1500 at 0.00375",
                        "input_tokens 2000 at 0.005");
        assertThat(invoice.lines().get(1).price().version()).isEqualTo(1);
        assertThat(invoice.lines().get(3).price().version()).isEqualTo(2);
    }

    @Test
    void whatOneReservationLeavesGoesToTheNextById() {
        String other = "{'id':'all','hourlyPrice':'1','hourlyCapacity':'400','weights':{'input_tokens':'1'}}";

        assertThat(lines(invoice(
                        reserving(PTU + "," + other),
                        LIST,
                        List.of(
                                usage(window(0), "acme", gpt4o(), Map.of("input_tokens", 1_500L)),
                                usage(window(0), "acme", product("xai", "grok"), Map.of("input_tokens", 70L))))))
                .containsExactly(
                        "input_tokens 100 at 0.00 of all in 1, full in 1",
                        "input_tokens 1000 at 0.00 of ptu in 1, full in 1",
                        "input_tokens 400 at 0.001",
                        "input_tokens 70 at 0.00021");
    }

    @Test
    void wholeUnitsAreCoveredAndAWeightOfZeroTakesNothing() {
        ContractHistory contracts = reserving("{'id':'ptu','hourlyPrice':'1','hourlyCapacity':'10',"
                + "'weights':{'input_tokens':'0','output_tokens':'0.75','requests':'1'}}");

        // 2.5 is enough for three times 0.75 and not for four; a request would not fit any more.
        assertThat(lines(invoice(
                        contracts,
                        LIST,
                        List.of(usage(
                                window(0),
                                "acme",
                                gpt4o(),
                                Map.of("input_tokens", 9_000L, "output_tokens", 4L, "requests", 1L))))))
                .containsExactly(
                        "input_tokens 9000 at 0.00 of ptu in 1, full in 1",
                        "output_tokens 3 at 0.00 of ptu in 1, full in 1",
                        "output_tokens 1 at 0.00001");
    }

    @Test
    void itIsTheNetOfAWindowThatIsCovered() {
        Invoice invoice = invoice(
                reserving(PTU),
                LIST,
                List.of(
                        ofProject(window(0), "blue", 700),
                        ofProject(window(0), "green", -200),
                        ofProject(window(0), "red", 800),
                        ofProject(window(1), "green", -50)));

        // 1,300 in the first window, of which 1,000 are covered; in the second nothing, and nothing is given back.
        assertThat(lines(invoice))
                .containsExactly("input_tokens 1000 at 0.00 of ptu in 1, full in 1", "input_tokens 250 at 0.000625");
    }

    @Test
    void includedUnitsAndTiersSeeOnlyWhatSpillsOver() {
        ContractHistory contracts = history(acme("'reservations':[" + PTU + "],'bundles':[{'id':'free','included':"
                + "[{'meter':'input_tokens','quantity':'400'}]}]"));
        Invoice invoice = invoice(
                contracts,
                LIST,
                List.of(
                        usage(window(0), "acme", gpt4o(), Map.of("input_tokens", 1_000L)),
                        usage(window(1), "acme", gpt4o(), Map.of("input_tokens", 1_500L))));

        assertThat(lines(invoice))
                .containsExactly("input_tokens 2000 at 0.00 of ptu in 2, full in 2", "input_tokens 500 at 0.00025");
    }

    @Test
    void whatIsCoveredNeedsNoPriceAndWhatSpillsOverDoes() {
        List<UsageTotal> usage = List.of(
                usage(window(0), "acme", product("openai", "gpt-4o-new"), Map.of("input_tokens", 1_000L)),
                usage(window(1), "acme", product("openai", "gpt-4o-new"), Map.of("input_tokens", 1_007L)));

        Invoice invoice = invoice(reserving(PTU), LIST, usage);

        assertThat(lines(invoice)).containsExactly("input_tokens 2000 at 0.00 of ptu in 2, full in 2");
        assertThat(invoice.exceptions())
                .singleElement()
                .satisfies(unbilled -> assertThat(unbilled.quantity()).isEqualTo(7));
    }

    @Test
    void metersThatDoNotAddUpAreNotCovered() {
        List<UsageTotal> observed = Attribution.addTo(
                List.of(usage(window(0), "acme", gpt4o(), Map.of())),
                List.of(new Attribution(
                        window(0).from(),
                        "acme",
                        "",
                        new TreeMap<>(),
                        gpt4o(),
                        "input_tokens",
                        BigInteger.valueOf(1_000))),
                List.of(window(0)),
                false);

        assertThat(lines(invoice(reserving(PTU), LIST, observed))).containsExactly("input_tokens 1000 at 0.0025");
    }

    @Test
    void usageThatIsNotToldByWindowIsRefusedAndOtherUsageIsNot() {
        UsageTotal other = usage(NOVEMBER, "acme", product("xai", "grok"), Map.of("input_tokens", 1_000L));
        UsageTotal reserved = usage(NOVEMBER, "acme", gpt4o(), Map.of("input_tokens", 1_000L));

        assertThat(lines(invoice(reserving(PTU), LIST, List.of(other)))).containsExactly("input_tokens 1000 at 0.003");
        assertThatThrownBy(() -> invoice(reserving(PTU), LIST, List.of(reserved)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be told by window");
    }

    @Test
    void productsAreToldByWindowOnlyWhileSomethingIsReservedForThem() {
        ContractHistory contracts = reserving(with(PTU, "'effectiveFrom':'2023-11-10','effectiveTo':'2023-11-11'"));
        ContractPrices prices = new ContractPrices(contracts, Contracts.NOVEMBER, Map.of(), Optional.of(LIST));

        assertThat(prices.reservedIn(NOVEMBER))
                .singleElement()
                .satisfies(pattern -> assertThat(pattern.values()).isEqualTo(Map.of("model", "gpt-4o*")));
        assertThat(prices.reservedIn(new TimeRange(window(10 * 96).from(), NOVEMBER.to())))
                .isEmpty();
    }

    @Test
    void lateUsageIsADifferenceOfTheLineThatItBelongsTo() {
        ContractHistory contracts = reserving(PTU);
        UsageTotal before = usage(window(0), "acme", gpt4o(), Map.of("input_tokens", 900L));
        UsageTotal late = usage(window(0), "acme", gpt4o(), Map.of("input_tokens", 1_300L));
        Adjustment billed = Adjustment.of(nothing(), invoice(contracts, LIST, List.of(before)));

        assertThat(billed.lines()).extracting(line -> line.key().reservation()).containsExactly(Optional.of("ptu"));
        Adjustment now = Adjustment.of(nothing(), invoice(contracts, LIST, List.of(late)));
        assertThat(now.lines())
                .extracting(line -> line.key().reservation().orElse("none") + " "
                        + line.now().quantity() + " " + line.now().exact().digits())
                .containsExactly("ptu 1000 0.00", "none 300 0.00075");
    }

    private static Adjustment.Billed nothing() {
        Invoice none = invoice(history(acme("")), LIST, List.of());
        return new Adjustment.Billed(
                Map.of(),
                List.of(),
                List.of(),
                List.of(),
                none.exactSum(),
                none.subtotal(),
                none.total(),
                none.due(),
                none.evidence());
    }

    private static ContractHistory reserving(String reservations) {
        return history(acme("'reservations':[" + reservations + "]"));
    }

    private static String with(String reservation, String more) {
        return reservation.substring(0, reservation.length() - 1) + "," + more + "}";
    }

    private static TimeRange window(int number) {
        return Window.at(NOVEMBER.from().plusSeconds(number * Window.SECONDS));
    }

    private static UsageTotal ofProject(TimeRange window, String project, long tokens) {
        return new UsageTotal(
                window,
                "acme",
                project,
                gpt4o(),
                new TreeMap<>(Map.of("input_tokens", BigInteger.valueOf(tokens))),
                1,
                new Digest(0, 1));
    }

    private static List<String> fees(ContractHistory contracts, YearMonth month) {
        Invoice invoice = invoice(contracts, month, LIST, List.of(), Balances.NONE, Optional.empty());
        assertThat(invoice.period()).isEqualTo(BillingPeriod.of(month, contracts));
        return fees(invoice);
    }

    private static List<String> fees(Invoice invoice) {
        return Contracts.entries(invoice, Step.FEE).stream()
                .map(Entry::explanation)
                .toList();
    }

    private static List<String> lines(Invoice invoice) {
        return invoice.lines().stream().map(ReservationsTest::text).toList();
    }

    private static String text(InvoiceLine line) {
        return line.meter() + " " + line.quantity() + " at "
                + line.exactAmount().digits()
                + line.reserved()
                        .map(use ->
                                " of " + use.reservation() + " in " + use.windows() + ", full in " + use.fullWindows())
                        .orElse("");
    }
}
