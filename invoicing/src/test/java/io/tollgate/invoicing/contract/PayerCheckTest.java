package io.tollgate.invoicing.contract;

import static io.tollgate.invoicing.Contracts.contract;
import static io.tollgate.invoicing.Contracts.history;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.invoicing.invoice.BillingPeriod;
import io.tollgate.invoicing.usage.TenantMonth;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A tenant's month is on one invoice, whatever is agreed. */
class PayerCheckTest {

    private static final YearMonth MARCH = YearMonth.of(2024, 3);

    @Test
    void aMembersMonthsArePaidByItsAccountWhileItIsOne() {
        Payers payers = new Payers(List.of(history(
                of("holding", "2024-03-01", "'members':['labs']"), of("holding", "2024-05-01", "'members':['shop']"))));

        assertThat(payers.of("labs", MARCH.minusMonths(1))).isEqualTo("labs");
        assertThat(payers.of("labs", MARCH)).isEqualTo("holding");
        assertThat(payers.of("labs", MARCH.plusMonths(2))).isEqualTo("labs");
        assertThat(payers.paidBy("holding", MARCH)).containsExactly("holding", "labs");
        assertThat(payers.paidBy("labs", MARCH)).isEmpty();
        assertThat(payers.paidBy("nobody", MARCH)).containsExactly("nobody");
    }

    /** Without a contract its months are those of UTC, and its account's while it belongs to one: no hour is lost or twice. */
    @Test
    void theMonthsOfWhoJoinsAndLeavesLieEndToEnd() {
        Payers payers = new Payers(List.of(history(
                of("holding", "2024-03-01", "'timeZone':'Asia/Tokyo','members':['labs']"),
                of("holding", "2024-05-01", "'timeZone':'Asia/Tokyo'"))));

        Instant end = payers.startOf("labs", YearMonth.of(2024, 1));
        for (YearMonth month = YearMonth.of(2024, 1);
                month.isBefore(YearMonth.of(2024, 8));
                month = month.plusMonths(1)) {
            BillingPeriod period = BillingPeriod.of(month, payers.of("labs", month), payers);
            assertThat(period.range().from()).isEqualTo(end);
            end = period.range().to();
        }
        assertThat(payers.startOf("labs", MARCH)).isEqualTo("2024-02-29T15:00:00Z");
        assertThat(payers.startOf("labs", MARCH.plusMonths(2))).isEqualTo("2024-04-30T15:00:00Z");
        assertThat(payers.startOf("labs", MARCH.plusMonths(3))).isEqualTo("2024-06-01T00:00:00Z");
    }

    @Test
    void membersJoinAndLeaveOnTheFirstOfAMonth() {
        assertThat(codes(of("holding", "2024-03-15", "'members':['labs']"))).containsExactly("members_change");
        assertThat(codes(of("holding", "2024-03-01", "'effectiveTo':'2024-06-10','members':['labs']")))
                .containsExactly("members_change");
        // Who has the same members as before may be amended on any day.
        assertThat(codes(
                        of("holding", "2024-03-15", "'members':['labs']"),
                        history(of("holding", "2024-03-01", "'members':['labs']"))))
                .isEmpty();
    }

    @Test
    void nobodyIsAMemberTwiceOrHasMembersAsAMember() {
        ContractHistory other = history(of("other", "2024-01-01", "'effectiveTo':'2024-05-01','members':['labs']"));

        assertThat(codes(of("holding", "2024-04-01", "'members':['labs']"), other))
                .containsExactly("member_of_another");
        assertThat(codes(of("holding", "2024-05-01", "'members':['labs']"), other))
                .isEmpty();
        assertThat(codes(of("labs", "2024-03-01", "'members':['shop']"), other)).containsExactly("member_has_members");
        assertThat(codes(of("holding", "2024-04-01", "'members':['other']"), other))
                .containsExactly("member_has_members");
    }

    @Test
    void aMembersOwnContractIsNotInForce() {
        ContractHistory own = history(of("labs", "2024-01-01", "'effectiveTo':'2024-03-01'"));

        assertThat(codes(of("holding", "2024-02-01", "'members':['labs']"), own))
                .containsExactly("member_has_contract");
        assertThat(codes(of("holding", "2024-03-01", "'members':['labs']"), own))
                .isEmpty();
        assertThat(codes(of("labs", "2024-06-15", ""), history(of("holding", "2024-03-01", "'members':['labs']"))))
                .containsExactly("member_has_contract");
    }

    @Test
    void fromOneContractToAnotherMonthsBeginAlike() {
        ContractHistory own = history(of("labs", "2024-01-01", "'effectiveTo':'2024-03-01'"));

        assertThat(codes(of("holding", "2024-03-01", "'timeZone':'Asia/Tokyo','members':['labs']"), own))
                .containsExactly("time_zone_differs");
    }

    @Test
    void whatIsFinalIsBilledAsItIs() {
        Contract joining = of("holding", "2024-03-01", "'members':['labs']");
        Contract leaving = of("holding", "2024-04-01", "");

        assertThat(codes(joining, Set.of(new TenantMonth("labs", MARCH)))).containsExactly("period_closed");
        assertThat(codes(joining, Set.of(new TenantMonth("holding", MARCH)))).containsExactly("period_closed");
        assertThat(codes(joining, Set.of(new TenantMonth("labs", MARCH.minusMonths(1)))))
                .isEmpty();
        assertThat(codes(leaving, Set.of(new TenantMonth("holding", MARCH)), history(joining)))
                .isEmpty();
        assertThat(codes(leaving, Set.of(new TenantMonth("holding", MARCH.plusMonths(1))), history(joining)))
                .containsExactly("period_closed");
        // February would end nine hours earlier than it did on the invoice.
        assertThat(codes(
                        of("holding", "2024-03-01", "'timeZone':'Asia/Tokyo','members':['labs']"),
                        Set.of(new TenantMonth("labs", MARCH.minusMonths(1)))))
                .containsExactly("period_closed");
    }

    private static Contract of(String tenant, String from, String rest) {
        return contract("{'tenant':'" + tenant + "','currency':'USD','effectiveFrom':'" + from + "'"
                + (rest.isEmpty() ? "" : "," + rest) + "}");
    }

    private static List<String> codes(Contract wanted, ContractHistory... others) {
        return codes(wanted, Set.of(), others);
    }

    private static List<String> codes(Contract wanted, Set<TenantMonth> closed, ContractHistory... others) {
        List<ContractHistory> after = new ArrayList<>();
        List<ContractVersion> versions = new ArrayList<>();
        for (ContractHistory other : others) {
            if (other.tenant().equals(wanted.tenant())) {
                versions.addAll(other.versions());
            } else {
                after.add(other);
            }
        }
        versions.add(new ContractVersion(wanted, versions.size() + 1));
        after.add(new ContractHistory(versions));
        return PayerCheck.refusals(wanted, new Payers(List.of(others)), new Payers(after), closed).stream()
                .map(PayerCheck.Refusal::code)
                .distinct()
                .toList();
    }
}
