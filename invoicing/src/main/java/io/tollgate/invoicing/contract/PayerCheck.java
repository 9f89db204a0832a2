package io.tollgate.invoicing.contract;

import io.tollgate.invoicing.usage.TenantMonth;
import java.time.YearMonth;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Finds why a contract cannot be published beside the others: because some month of a tenant would be on two invoices or on
 * none, or on another than the final one that has it.
 */
public final class PayerCheck {

    /**
     * Something that stands in the way.
     *
     * @param code stable
     * @param detail for people
     */
    public record Refusal(String code, String detail) {}

    private final Contract wanted;
    private final Payers before;
    private final Payers after;
    private final Set<TenantMonth> closed;
    private final Set<YearMonth> months = new TreeSet<>();
    private final Set<Refusal> refusals = new LinkedHashSet<>();

    private PayerCheck(Contract wanted, Payers before, Payers after, Set<TenantMonth> closed) {
        this.wanted = wanted;
        this.before = before;
        this.after = after;
        this.closed = closed;
    }

    /**
     * Who a contract is about: its tenant, and whoever is its member now, or was one by an earlier version.
     *
     * @param earlier versions of it, if there are any
     */
    public static Set<String> concerned(Contract wanted, Optional<ContractHistory> earlier) {
        Set<String> concerned = new TreeSet<>(wanted.members());
        concerned.add(wanted.tenant());
        earlier.map(ContractHistory::members).ifPresent(concerned::addAll);
        return concerned;
    }

    /**
     * All that stands in the way of a contract.
     *
     * @param before who pays for those whom it concerns
     * @param after the same if it is published
     * @param closed months whose invoice is final, of those and of the accounts that they belong to
     */
    public static List<Refusal> refusals(Contract wanted, Payers before, Payers after, Set<TenantMonth> closed) {
        PayerCheck check = new PayerCheck(wanted, before, after, closed);
        check.wholeMonths();
        Set<String> concerned = concerned(wanted, before.contract(wanted.tenant()));
        check.findMonths(concerned);
        concerned.forEach(check::onePayer);
        check.closedMonths();
        return List.copyOf(check.refusals);
    }

    private void wholeMonths() {
        SortedSet<String> until = before.contract(wanted.tenant())
                .flatMap(history -> history.on(wanted.effectiveFrom().minusDays(1)))
                .map(version -> version.content().members())
                .orElseGet(TreeSet::new);
        boolean startsWithin = wanted.effectiveFrom().getDayOfMonth() != 1 && !until.equals(wanted.members());
        boolean endsWithin = !wanted.members().isEmpty()
                && wanted.effectiveTo().filter(day -> day.getDayOfMonth() != 1).isPresent();
        if (startsWithin || endsWithin) {
            refuse(
                    "members_change",
                    "members join and leave on the first day of a month, not on "
                            + (startsWithin
                                    ? wanted.effectiveFrom()
                                    : wanted.effectiveTo().orElseThrow()));
        }
    }

    /** Between those in which some contract starts or ends nothing changes. */
    private void findMonths(Collection<String> concerned) {
        for (String tenant : concerned) {
            after.contract(tenant).ifPresent(this::addMonths);
            after.accountsOf(tenant).forEach(this::addMonths);
        }
        closed.forEach(each -> months.add(each.month()));
        for (YearMonth month : List.copyOf(months)) {
            months.add(month.plusMonths(1));
        }
    }

    private void addMonths(ContractHistory history) {
        history.versions().stream().map(ContractVersion::content).forEach(contract -> {
            months.add(YearMonth.from(contract.effectiveFrom()));
            contract.effectiveTo().map(YearMonth::from).ifPresent(months::add);
        });
    }

    private void onePayer(String tenant) {
        Optional<ContractHistory> own = after.contract(tenant);
        for (YearMonth month : months) {
            List<String> accounts = after.accountsOf(tenant).stream()
                    .filter(account -> account.members(month).contains(tenant))
                    .map(ContractHistory::tenant)
                    .sorted()
                    .toList();
            if (accounts.size() > 1) {
                refuse(
                        "member_of_another",
                        tenant + " would be a member of " + String.join(" and of ", accounts) + " in " + month);
            } else if (accounts.size() == 1 && own.isPresent()) {
                if (!own.get().members(month).isEmpty()) {
                    refuse(
                            "member_has_members",
                            tenant + " would be a member of " + accounts.get(0) + " and have members itself in "
                                    + month);
                } else if (own.get().lastIn(Days.of(month)).isPresent()) {
                    refuse(
                            "member_has_contract",
                            tenant + " would be billed by " + accounts.get(0)
                                    + " and have a contract of its own in force in " + month
                                    + "; let one end where the other starts");
                }
            }
            joinsWhereMonthsBegin(tenant, month);
        }
    }

    /** From one payer's last month to the next one's first no hour may be missing or be twice. */
    private void joinsWhereMonthsBegin(String tenant, YearMonth month) {
        Optional<ContractHistory> until = after.account(tenant, month.minusMonths(1));
        Optional<ContractHistory> since = after.account(tenant, month);
        Optional<ContractHistory> one = until.or(() -> after.contract(tenant));
        Optional<ContractHistory> other = since.or(() -> after.contract(tenant));
        if ((until.isPresent() || since.isPresent())
                && one.isPresent()
                && other.isPresent()
                && !one.get().startOf(month).equals(other.get().startOf(month))) {
            refuse(
                    "time_zone_differs",
                    month + " begins in " + one.get().zoneOf(month) + " for who pays for " + tenant
                            + " until then, and in " + other.get().zoneOf(month) + " for who pays from then on");
        }
    }

    private void closedMonths() {
        for (TenantMonth each : closed) {
            SortedSet<String> billed = before.paidBy(each.tenant(), each.month());
            SortedSet<String> now = after.paidBy(each.tenant(), each.month());
            if (!billed.equals(now)) {
                refuse(
                        "period_closed",
                        "the invoice of " + each.tenant() + " for " + each.month() + " is final and bills " + billed
                                + ", and would bill " + now);
            } else if (billed.stream().anyMatch(tenant -> hasOtherBounds(tenant, each.month()))) {
                refuse(
                        "period_closed",
                        "the invoice of " + each.tenant() + " for " + each.month()
                                + " is final, and the month would begin or end at another time");
            }
        }
    }

    /** Where somebody else pays before, in or after the month; {@code ContractCheck} sees to the others. */
    private boolean hasOtherBounds(String tenant, YearMonth month) {
        return List.of(month, month.plusMonths(1)).stream()
                .filter(each -> !paysForItselfAround(tenant, each))
                .anyMatch(each -> !before.startOf(tenant, each).equals(after.startOf(tenant, each)));
    }

    private boolean paysForItselfAround(String tenant, YearMonth month) {
        return List.of(before, after).stream()
                .allMatch(payers ->
                        payers.paysForItself(tenant, month) && payers.paysForItself(tenant, month.minusMonths(1)));
    }

    private void refuse(String code, String detail) {
        refusals.add(new Refusal(code, detail));
    }
}
