package io.tollgate.invoicing.terms;

import static io.tollgate.invoicing.Contracts.acme;
import static io.tollgate.invoicing.Contracts.acmeFrom;
import static io.tollgate.invoicing.Contracts.amounts;
import static io.tollgate.invoicing.Contracts.history;
import static io.tollgate.invoicing.Contracts.invoice;
import static io.tollgate.invoicing.Fixtures.book;
import static io.tollgate.invoicing.Fixtures.gpt4o;
import static io.tollgate.invoicing.Fixtures.gpt4oCard;
import static io.tollgate.invoicing.Fixtures.usage;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.invoicing.Fixtures;
import io.tollgate.invoicing.contract.ContractHistory;
import io.tollgate.invoicing.invoice.BillingPeriod;
import io.tollgate.invoicing.invoice.Invoice;
import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.pricing.PriceHistory;
import io.tollgate.invoicing.usage.TimeRange;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Commitments over several invoices, each closed before the next. */
class CommitmentsTest {

    private static final PriceHistory LIST = Fixtures.history(book(gpt4oCard()));

    private final List<Invoice> closed = new ArrayList<>();
    private Balances balances = Balances.NONE;

    /** The tenant spends so many dollars in a month; the invoice is closed. */
    private Invoice month(ContractHistory contracts, String month, long dollars) {
        YearMonth when = YearMonth.parse(month);
        Invoice invoice = invoice(
                contracts,
                when,
                LIST,
                dollars == 0
                        ? List.of()
                        : List.of(usage(
                                BillingPeriod.of(when).range(),
                                "acme",
                                gpt4o(),
                                Map.of("input_tokens", dollars * 400_000))),
                balances,
                closed.isEmpty()
                        ? Optional.empty()
                        : Optional.of(closed.get(closed.size() - 1).id().month()));
        closed.add(invoice);
        balances = balances.plus(invoice.statement().orElseThrow().postings());
        return invoice;
    }

    private String due(ContractHistory contracts, String month, long dollars) {
        return month(contracts, month, dollars).due().digits();
    }

    @Test
    void whatIsNotUsedOfAMonthIsTruedUp() {
        ContractHistory contracts = history(acme("'commitments':[{'id':'c','effectiveFrom':'2023-01-01',"
                + "'effectiveTo':'2026-01-01','schedule':[{'effectiveFrom':'2023-01-01','amount':'100'},"
                + "{'effectiveFrom':'2024-01-01','amount':'200'}]}]"));

        assertThat(due(contracts, "2023-11", 30)).isEqualTo("100.00");
        assertThat(due(contracts, "2023-12", 130)).isEqualTo("130.00");
        assertThat(due(contracts, "2024-01", 130)).isEqualTo("200.00");
        assertThat(closed.get(0).statement().orElseThrow().entries())
                .extracting(entry -> entry.amount().digits() + " " + entry.explanation())
                .containsExactly(
                        "0.00 commitment of 2023-11-01/2023-12-01: 100.00 USD; open 100.00 USD, of which 30.00 USD are"
                                + " drawn down by what is spent; left 70.00 USD",
                        "70.00 70.00 USD are not used and trued up");
    }

    @Test
    void aPartialPeriodIsProratedByDays() {
        ContractHistory contracts = history(acme("'commitments':[{'id':'c','effectiveFrom':'2023-11-16',"
                + "'effectiveTo':'2024-01-11','schedule':[{'effectiveFrom':'2023-11-16','amount':'100'}]}]"));

        assertThat(due(contracts, "2023-11", 0)).isEqualTo("50.00");
        assertThat(due(contracts, "2023-12", 0)).isEqualTo("100.00");
        // 10 of 31 days.
        assertThat(due(contracts, "2024-01", 0)).isEqualTo("32.26");
        assertThat(due(contracts, "2024-02", 0)).isEqualTo("0.00");
    }

    @Test
    void aYearIsDrawnDownMonthByMonthAndTruedUpAtItsEnd() {
        ContractHistory contracts = history(acme("'commitments':[{'id':'c','effectiveFrom':'2023-10-01','months':3,"
                + "'effectiveTo':'2024-07-01','schedule':[{'effectiveFrom':'2023-10-01','amount':'100'}]}]"));

        assertThat(due(contracts, "2023-10", 30)).isEqualTo("30.00");
        assertThat(due(contracts, "2023-11", 30)).isEqualTo("30.00");
        assertThat(due(contracts, "2023-12", 30)).isEqualTo("40.00");
        assertThat(due(contracts, "2024-01", 120)).isEqualTo("120.00");
        assertThat(due(contracts, "2024-02", 7)).isEqualTo("7.00");
        assertThat(due(contracts, "2024-03", 0)).isEqualTo("0.00");
        assertThat(due(contracts, "2024-06", 0)).isEqualTo("100.00");
    }

    @Test
    void whatIsNotUsedRollsOverAndIsTruedUpAfterTheLast() {
        ContractHistory contracts = history(acme("'commitments':[{'id':'c','effectiveFrom':'2023-10-01',"
                + "'unused':'roll_over','effectiveTo':'2024-01-01',"
                + "'schedule':[{'effectiveFrom':'2023-10-01','amount':'100'}]}]"));

        assertThat(due(contracts, "2023-10", 30)).isEqualTo("30.00");
        assertThat(closed.get(0).statement().orElseThrow().entries())
                .extracting(Entry::explanation)
                .contains("70.00 USD are not used and roll over to 2023-11-01/2023-12-01");
        assertThat(due(contracts, "2023-11", 150)).isEqualTo("150.00");
        // 100 and 20 that are still left.
        assertThat(due(contracts, "2023-12", 50)).isEqualTo("120.00");
    }

    @Test
    void discountsComeFirstAsATenantPromisesWhatItPays() {
        ContractHistory contracts = history(acme("'discounts':[{'id':'d','percent':'50'}],"
                + "'commitments':[{'id':'c','effectiveFrom':'2023-01-01','effectiveTo':'2026-01-01',"
                + "'schedule':[{'effectiveFrom':'2023-01-01','amount':'100'}]}]"));

        assertThat(due(contracts, "2023-11", 120)).isEqualTo("100.00");
    }

    @Test
    void eachUnitOfSpendDrawsDownOneCommitment() {
        String each = "{'id':'%s','effectiveFrom':'2023-01-01','effectiveTo':'2026-01-01',"
                + "'schedule':[{'effectiveFrom':'2023-01-01','amount':'100'}]}";
        ContractHistory contracts =
                history(acme("'commitments':[" + each.formatted("b") + "," + each.formatted("a") + "]"));

        assertThat(due(contracts, "2023-11", 150)).isEqualTo("200.00");
    }

    @Test
    void anAmendedCommitmentIsPromisedByDaysBeforeAndAfter() {
        String commitment = "'commitments':[{'id':'c','effectiveFrom':'2023-01-01','effectiveTo':'2026-01-01',"
                + "'schedule':[{'effectiveFrom':'2023-01-01','amount':'%d'}]}]";
        ContractHistory contracts =
                history(acme(commitment.formatted(300)), acmeFrom("2023-11-11", commitment.formatted(600)));

        // 300 x 10/30 and 600 x 20/30.
        assertThat(due(contracts, "2023-11", 0)).isEqualTo("500.00");
    }

    @Test
    void spendDrawsDownWhatIsPromisedForItsDays() {
        String commitment = "'commitments':[{'id':'c','effectiveFrom':'2023-01-01','effectiveTo':'2026-01-01',"
                + "'schedule':[{'effectiveFrom':'2023-01-01','amount':'%d'}]}]";
        ContractHistory contracts =
                history(acme(commitment.formatted(300)), acmeFrom("2023-11-11", commitment.formatted(600)));
        Instant change = Instant.parse("2023-11-11T00:00:00Z");
        Invoice invoice = invoice(
                contracts,
                LIST,
                List.of(
                        usage(
                                new TimeRange(Fixtures.NOVEMBER.from(), change),
                                "acme",
                                gpt4o(),
                                Map.of("input_tokens", 80 * 400_000L)),
                        usage(
                                new TimeRange(change, Fixtures.NOVEMBER.to()),
                                "acme",
                                gpt4o(),
                                Map.of("input_tokens", 300 * 400_000L))));

        // 100 are promised until the 10th and 400 from then on: 20 and 100 are not used.
        assertThat(amounts(invoice, Step.COMMITMENT)).containsExactly("c 0.00", "c 20.00", "c 0.00", "c 100.00");
    }

    @Test
    void aCommitmentThatIsEndedAfterItsInvoiceIsFinalIsSettledOnTheNext() {
        String commitment =
                "'commitments':[{'id':'c','effectiveFrom':'2023-10-01','effectiveTo':'2024-10-01','months':12,"
                        + "'schedule':[{'effectiveFrom':'2023-10-01','amount':'366'}]}]";
        ContractHistory before = history(acme(commitment));
        assertThat(due(before, "2023-10", 10)).isEqualTo("10.00");

        ContractHistory ended = history(acme(commitment), acmeFrom("2023-11-01", ""));

        // 31 of 366 days, of which 10.00 are drawn.
        assertThat(due(ended, "2023-11", 5)).isEqualTo("26.00");
        assertThat(due(ended, "2023-12", 5)).isEqualTo("5.00");
    }

    @Test
    void whatWasRolledOverIsNotLostWhenTheCommitmentIsEnded() {
        String commitment = "'commitments':[{'id':'c','effectiveFrom':'2023-10-01','effectiveTo':'2024-10-01',"
                + "'unused':'roll_over','schedule':[{'effectiveFrom':'2023-10-01','amount':'100'}]}]";
        assertThat(due(history(acme(commitment)), "2023-10", 30)).isEqualTo("30.00");

        ContractHistory ended = history(acme(commitment), acmeFrom("2023-11-01", ""));

        assertThat(due(ended, "2023-11", 5)).isEqualTo("75.00");
        assertThat(due(ended, "2023-12", 5)).isEqualTo("5.00");
    }

    @Test
    void whatWasRolledOverIsOpenInAnAmendedCommitment() {
        String commitment = "'commitments':[{'id':'c','effectiveFrom':'2023-10-01','effectiveTo':'2024-10-01',"
                + "'unused':'roll_over','schedule':[{'effectiveFrom':'2023-10-01','amount':'%d'}]}]";
        assertThat(due(history(acme(commitment.formatted(100))), "2023-10", 30)).isEqualTo("30.00");

        ContractHistory amended = history(
                acme(commitment.formatted(100)),
                acmeFrom("2023-11-01", commitment.formatted(50).replace("roll_over", "true_up")));

        // 50 and the 70 that are still left.
        assertThat(due(amended, "2023-11", 5)).isEqualTo("120.00");
    }

    @Test
    void balancesOfCommitmentsComeToWhatWasPromised() {
        whatIsNotUsedRollsOverAndIsTruedUpAfterTheLast();

        assertThat(balances.used())
                .containsEntry("commitment c from 2023-10-01", Money.of("100.00", "USD"))
                .containsEntry("commitment c from 2023-12-01", Money.of("100.00", "USD"));
    }
}
