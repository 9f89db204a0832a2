package io.tollgate.invoicing.chargeback;

import static io.tollgate.invoicing.Contracts.NOVEMBER;
import static io.tollgate.invoicing.Contracts.acme;
import static io.tollgate.invoicing.Fixtures.gpt4o;
import static io.tollgate.invoicing.chargeback.Months.dollars;
import static io.tollgate.invoicing.chargeback.Months.history;
import static io.tollgate.invoicing.chargeback.Months.rules;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.invoicing.Contracts;
import io.tollgate.invoicing.chargeback.ChargebackReport.Share;
import io.tollgate.invoicing.contract.ContractHistory;
import io.tollgate.invoicing.usage.Detail;
import io.tollgate.invoicing.usage.UsageTotal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ChargebackTest {

    private static final String PROJECTS = "'costCentres':[{'id':'a'},{'id':'b'},{'id':'c'}],'assignments':["
            + "{'id':'a','when':{'project':['a']},'costCentre':'a'},"
            + "{'id':'b','when':{'project':['b']},'costCentre':'b'},"
            + "{'id':'c','when':{'project':['c']},'costCentre':'c'}]";
    /** 10, 30 and 60 dollars. */
    private static final List<UsageTotal> ABC = List.of(
            dollars("2023-11-05T00:00:00Z", "a", 10),
            dollars("2023-11-15T00:00:00Z", "b", 30),
            dollars("2023-11-25T00:00:00Z", "c", 60));
    /** 50 dollars of seats. */
    private static final String SEATS = "'bundles':[{'id':'support','seats':5,'seatPrice':'10'}]";

    private static RulesHistory from(String day, String rest) {
        return history(rules("{'effectiveFrom':'" + day + "','mode':'showback'," + rest + "}"));
    }

    private static String sharing(String split) {
        return PROJECTS + ",'shared':[{'id':'s','sources':[{'kind':'fee'}]," + split + "}]";
    }

    private static ChargebackReport report(String contract, List<UsageTotal> usage, RulesHistory rules) {
        return report(Contracts.history(acme(contract)), usage, rules);
    }

    private static ChargebackReport report(ContractHistory contracts, List<UsageTotal> usage, RulesHistory rules) {
        return Chargeback.report("acme", NOVEMBER, Months.billed(contracts, usage), rules);
    }

    /** Of the cost centres in order, and what is unallocated. */
    private static List<String> amounts(ChargebackReport report) {
        List<String> amounts = new ArrayList<>();
        report.costCentres()
                .forEach(row -> amounts.add(
                        row.costCentre().id() + " " + row.own().amount().digits()));
        amounts.add("- " + report.unallocated().amount().digits());
        return amounts;
    }

    private static Share own(ChargebackReport report, String centre) {
        return report.costCentres().stream()
                .filter(row -> row.costCentre().id().equals(centre))
                .findFirst()
                .orElseThrow()
                .own();
    }

    @Test
    void sharedCostThatNoRuleNamesIsUnallocated() {
        assertThat(amounts(report(SEATS, ABC, from("2023-11-01", PROJECTS))))
                .containsExactly("a 10.00", "b 30.00", "c 60.00", "- 50.00");
    }

    @Test
    void evenIsTheSameForEachThatHasUsage() {
        RulesHistory even = from("2023-11-01", sharing("'split':'even'"));

        // A third of 50 cents more is nobody's exactly: of equals, the first by name has it.
        assertThat(amounts(report(SEATS, ABC, even))).containsExactly("a 26.67", "b 46.67", "c 76.66", "- 0.00");
        assertThat(amounts(report(SEATS, ABC.subList(0, 2), even)))
                .containsExactly("a 35.00", "b 55.00", "c 0.00", "- 0.00");
        assertThat(amounts(report(
                        SEATS, ABC.subList(0, 2), from("2023-11-01", sharing("'split':'even','over':['b','c']")))))
                .containsExactly("a 10.00", "b 55.00", "c 25.00", "- 0.00");
    }

    @Test
    void proportionalIsByDirectCost() {
        assertThat(amounts(report(SEATS, ABC, from("2023-11-01", sharing("'split':'proportional'")))))
                .containsExactly("a 15.00", "b 45.00", "c 90.00", "- 0.00");
        assertThat(amounts(report(SEATS, ABC, from("2023-11-01", sharing("'split':'proportional','over':['a','b']")))))
                .containsExactly("a 22.50", "b 67.50", "c 60.00", "- 0.00");
        assertThat(amounts(report(SEATS, List.of(), from("2023-11-01", sharing("'split':'proportional'")))))
                .as("nobody has any")
                .containsExactly("a 0.00", "b 0.00", "c 0.00", "- 50.00");
    }

    @Test
    void whatFixedSharesLeaveIsUnallocatedByTheirRule() {
        ChargebackReport report =
                report(SEATS, ABC, from("2023-11-01", sharing("'split':'fixed','shares':{'a':'62.5','c':'20'}")));

        assertThat(amounts(report)).containsExactly("a 41.25", "b 30.00", "c 70.00", "- 8.75");
        assertThat(report.unallocated().lines()).singleElement().satisfies(line -> {
            assertThat(line.origin().id()).isEqualTo("support");
            assertThat(line.origin().rule()).contains(new Origin.AppliedRule(1, "s"));
        });
    }

    /** Counted: 10, 20 + 10 × 0.5 = 25 and 20 + 40 × 0.5 = 40. */
    @Test
    void tieredIsByDirectCostOfWhichEachBandCountsWithItsWeight() {
        assertThat(amounts(report(
                        SEATS,
                        ABC,
                        from(
                                "2023-11-01",
                                sharing("'split':'tiered','bands':[{'upTo':'20','weight':'1'},{'weight':'0.5'}]")))))
                .containsExactly("a 16.67", "b 46.67", "c 86.66", "- 0.00");
    }

    @Test
    void aParentTakesPartWithAllBelowItAndItsTotalHasTheirs() {
        String tree = "'costCentres':[{'id':'a','parent':'top'},{'id':'b'},{'id':'c','parent':'a'},{'id':'top'}],"
                + PROJECTS.substring(PROJECTS.indexOf("'assignments'"))
                + ",'shared':[{'id':'s','sources':[{'kind':'fee','id':'support'}],'split':'proportional',"
                + "'over':['b','top']}]";
        ChargebackReport report = report(SEATS, ABC, from("2023-11-01", tree));

        assertThat(amounts(report)).containsExactly("b 45.00", "top 35.00", "a 10.00", "c 60.00", "- 0.00");
        assertThat(report.costCentres())
                .extracting(row -> row.costCentre().id() + " " + row.depth() + " "
                        + row.total().digits())
                .containsExactly("b 0 45.00", "top 0 105.00", "a 1 70.00", "c 2 60.00");
    }

    /** Of two versions from one day, the later alone applies. */
    @Test
    void usageIsDividedByTheRulesOfItsDayInTheBillingZone() {
        RulesHistory rules = history(
                rules("{'effectiveFrom':'2023-01-01','mode':'showback'," + PROJECTS + "}"),
                rules("{'effectiveFrom':'2023-11-15','mode':'showback','costCentres':[{'id':'wrong'}],"
                        + "'assignments':[{'id':'all','costCentre':'wrong'}]}"),
                rules("{'effectiveFrom':'2023-11-15','mode':'showback','costCentres':[{'id':'b','name':'New'}],"
                        + "'assignments':[{'id':'all','costCentre':'b'}]}"));
        ContractHistory kathmandu = Contracts.history(acme("'timeZone':'Asia/Kathmandu'"));
        List<UsageTotal> usage =
                List.of(dollars("2023-11-14T18:00:00Z", "a", 1), dollars("2023-11-14T18:15:00Z", "a", 2));
        ChargebackReport report = report(kathmandu, usage, rules);

        assertThat(amounts(report)).containsExactly("a 1.00", "b 2.00", "c 0.00", "- 0.00");
        assertThat(report.rules()).containsExactly(1, 3);
        assertThat(report.costCentres().get(1).costCentre().name()).contains("New");
        assertThat(own(report, "b").lines().get(0).origin().rule()).contains(new Origin.AppliedRule(3, "all"));
        assertThat(rules.changesIn(NOVEMBER)).containsExactly(LocalDate.parse("2023-11-15"));
    }

    @Test
    void usageIsToldApartByWhatRulesOfItsMonthNameAndNoOthers() {
        RulesHistory rules = new RulesHistory(List.of(
                version(1, "2023-01-01", "old"), version(2, "2023-11-01", "new"), version(3, "2023-12-01", "next")));
        YearMonth november = YearMonth.of(2023, 11);

        assertThat(rules.detail(november, 0)).isEqualTo(Detail.of(false, Set.of("new")));
        assertThat(rules.detail(november, 1)).isEqualTo(Detail.of(false, Set.of("new", "old")));
        assertThat(rules.detail(YearMonth.of(2023, 10), 0)).isEqualTo(Detail.of(false, Set.of("old")));
    }

    private static RulesVersion version(int number, String day, String tag) {
        return new RulesVersion(
                number,
                Months.rules("{'effectiveFrom':'" + day + "','mode':'showback','costCentres':[{'id':'a'}],"
                        + "'assignments':[{'id':'1','costCentreFromTag':'" + tag + "'}]}"));
    }

    @Test
    void aTagNamesTheCostCentreAndWhatHasNoneIsShared() {
        RulesHistory rules = from(
                "2023-11-01",
                "'costCentres':[{'id':'known','parent':'top'},{'id':'top'}],'assignments':["
                        + "{'id':'strict','when':{'project':['p']},'costCentreFromTag':'cc','declaredOnly':true},"
                        + "{'id':'free','when':{'project':['q']},'costCentreFromTag':'cc'}],"
                        + "'shared':[{'id':'rest','sources':[{'kind':'unmatched_usage'}],'split':'even'}]");
        List<UsageTotal> usage = List.of(
                used("p", Map.of("cc", "known"), 1),
                used("p", Map.of("cc", "unknown"), 2),
                used("q", Map.of("cc", "unknown"), 4),
                used("q", Map.of("cc", "x".repeat(257)), 3),
                used("q", Map.of(), 5));
        ChargebackReport report = report("", usage, rules);

        assertThat(rules.detail(YearMonth.of(2023, 11), 0)).isEqualTo(Detail.of(true, Set.of("cc")));
        assertThat(amounts(report)).containsExactly("top 0.00", "known 6.00", "unknown 9.00", "- 0.00");
        assertThat(own(report, "unknown").lines())
                .extracting(line -> line.origin().kind().label() + " "
                        + line.origin().rule().map(Origin.AppliedRule::id).orElse("") + " "
                        + line.amount().digits())
                .containsExactly("usage free 4.00", "unmatched_usage rest 5.00");
    }

    private static UsageTotal used(String project, Map<String, String> tags, long dollars) {
        return Months.used(
                Instant.parse("2023-11-05T00:00:00Z"), project, tags, gpt4o(), "input_tokens", dollars * 400_000);
    }

    /** 40 more of c, which nobody knew when the invoice was made, are in its note; a's and b's shares stay in all. */
    @Test
    void notesStandBesideTheInvoiceAndFollowItsUsage() {
        List<UsageTotal> later = Stream.concat(ABC.stream(), List.of(dollars("2023-11-26T00:00:00Z", "c", 40)).stream())
                .toList();
        ChargebackReport report = Chargeback.report(
                "acme",
                NOVEMBER,
                Months.billedThenNoted(
                        Contracts.history(acme("'discounts':[{'id':'ten','percent':'10'}]")), ABC, later),
                from("2023-11-01", PROJECTS));

        assertThat(report.documents())
                .extracting(document -> document.kind() + " " + document.due().digits())
                .containsExactly("INVOICE 90.00", "DEBIT_NOTE 36.00");
        assertThat(amounts(report))
                .as("each document is shown in cents of its own")
                .containsExactly("a 9.00", "b 27.01", "c 89.99", "- 0.00");
        assertThat(own(report, "c").of(report.documents().get(1).id()).digits()).isEqualTo("25.71");
    }

    @Test
    void theModeAndTheAccountsAreThoseOfTheMonthsEnd() {
        RulesHistory rules = history(
                rules("{'effectiveFrom':'2023-01-01','mode':'showback'," + PROJECTS + "}"),
                rules("{'effectiveFrom':'2023-11-30','mode':'chargeback'," + PROJECTS
                        + ",'accounts':{'payable':'2100','expenses':[{'costCentre':'a','account':'6001'},"
                        + "{'account':'6000'}]}}"),
                rules("{'effectiveFrom':'2023-12-01','mode':'showback'," + PROJECTS + "}"));
        ChargebackReport report =
                report("'credits':[{'id':'gift','amount':'500','grantedOn':'2023-01-01'}]", ABC, rules);

        assertThat(report.mode()).isEqualTo(AllocationRules.Mode.CHARGEBACK);
        Journal journal = Journal.of(
                report,
                rules.atEndOf(NOVEMBER)
                        .flatMap(version -> version.rules().accounts())
                        .orElseThrow());
        assertThat(journal.entries())
                .as("what is below zero is on the other side; nothing is due, so there is no payable")
                .extracting(entry -> entry.account() + " " + entry.costCentre().orElse("-") + " "
                        + entry.debit().digits() + " " + entry.credit().digits())
                .containsExactly("6001 a 10.00 0.00", "6000 b 30.00 0.00", "6000 c 60.00 0.00", "6000 - 0.00 100.00");
        assertThat(journal.entries().get(0).date()).isEqualTo("2023-12-03");
        assertThat(report.documents().get(0).number()).isEqualTo(Optional.of("INV-1"));
    }
}
