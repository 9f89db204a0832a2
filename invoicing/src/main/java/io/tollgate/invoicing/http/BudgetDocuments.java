package io.tollgate.invoicing.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import io.tollgate.invoicing.budget.Budget;
import io.tollgate.invoicing.budget.Counted;
import io.tollgate.invoicing.budget.Decision;
import io.tollgate.invoicing.budget.Lease;
import io.tollgate.invoicing.budget.Standing;
import io.tollgate.invoicing.document.BudgetDocument;
import io.tollgate.invoicing.document.LeaseDocument.Spending;
import io.tollgate.invoicing.postgres.Alerts;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What goes in and out about budgets, leases and alerts. */
final class BudgetDocuments {

    private static final int PERCENT_SCALE = 2;

    private BudgetDocuments() {}

    /**
     * A budget.
     *
     * @param revision another one with each change
     * @param managedBy {@code tenant} if the tenant made it itself, else {@code finance}, and only finance changes it
     * @param state {@code counted}; {@code currency_differs}: usage is billed in another currency, and the budget does not
     *     count it; {@code not_counted}: nobody could yet; {@code no_period}: it has ended or has not begun
     */
    @Schema(name = "Budget")
    record Shown(
            String id,
            long revision,
            String managedBy,
            BudgetDocument budget,
            String state,
            Optional<Use> use,
            Instant createdAt,
            Instant changedAt) {

        static Shown of(Standing standing, Instant now) {
            Budget budget = standing.budget();
            return new Shown(
                    budget.id(),
                    budget.revision(),
                    budget.byTenant() ? "tenant" : "finance",
                    BudgetDocument.of(budget.wish()),
                    standing.state(now).label(),
                    standing.countedAt(now).map(counted -> Use.of(standing, counted)),
                    budget.createdAt(),
                    budget.changedAt());
        }
    }

    /**
     * What is used of a budget in the period that runs; absent while none runs, or while nobody knows.
     *
     * @param unit a currency's code or a meter's name
     * @param used in that unit
     * @param otherCurrencies what was used beside that and is billed in other currencies, by their codes
     * @param remaining below zero if more is used; absent if the budget's state is {@code currency_differs}
     * @param percent of the amount, rounded to two digits; absent as well
     * @param countedThrough how fresh it is: everything that had been used by then is in it, but for what comes late. Two
     *     minutes ago, unless the job is behind
     */
    @Schema(name = "BudgetUse")
    record Use(
            Instant from,
            Instant to,
            String unit,
            String used,
            SortedMap<String, String> otherCurrencies,
            Optional<String> remaining,
            Optional<String> percent,
            Instant countedThrough) {

        static Use of(Standing standing, Counted counted) {
            Budget budget = standing.budget();
            return new Use(
                    counted.period().from(),
                    counted.period().to(),
                    budget.measure().unit(),
                    counted.used().toPlainString(),
                    elsewhere(counted),
                    standing.remaining(counted).map(BigDecimal::toPlainString),
                    standing.remaining(counted)
                            .map(left ->
                                    percent(counted.used(), budget.amount()).toPlainString()),
                    counted.through());
        }

        private static SortedMap<String, String> elsewhere(Counted counted) {
            SortedMap<String, String> amounts = new TreeMap<>();
            counted.elsewhere().forEach((currency, amount) -> amounts.put(currency, amount.toPlainString()));
            return amounts;
        }

        private static BigDecimal percent(BigDecimal used, BigDecimal amount) {
            return used.movePointRight(2).divide(amount, PERCENT_SCALE, RoundingMode.HALF_UP);
        }
    }

    /**
     * A page of budgets.
     *
     * @param nextCursor what asks for the next page; absent on the last
     */
    @Schema(name = "BudgetPage")
    record Page(List<Shown> budgets, Optional<String> nextCursor) {}

    /**
     * Whether somebody may spend.
     *
     * @param budgets all that count what is to be spent
     */
    @Schema(name = "BudgetCheck")
    record Check(boolean allowed, List<Say> budgets) {
        static Check of(Decision decision) {
            return new Check(
                    decision.allowed(), decision.budgets().stream().map(Say::of).toList());
        }
    }

    /**
     * What one budget says.
     *
     * @param reason {@code within_budget}, {@code budget_exhausted}, {@code usage_unknown}, {@code no_estimate} or
     *     {@code currency_differs}: usage is billed in another currency and not counted. Of the last three the budget's
     *     {@code whenUnknown} decides
     * @param used what is counted; absent if unknown, a part if the currency differs
     * @param held by leases, and not counted yet
     * @param remaining beside both; absent if unknown, or if the currency differs
     */
    @Schema(name = "BudgetSay")
    record Say(
            String budget,
            String name,
            boolean allowed,
            String reason,
            String unit,
            String amount,
            Optional<String> used,
            String held,
            Optional<String> remaining,
            Optional<Instant> countedThrough,
            Instant periodTo) {

        static Say of(Decision.Verdict verdict) {
            Budget budget = verdict.budget();
            return new Say(
                    budget.id(),
                    budget.wish().name(),
                    verdict.allowed(),
                    verdict.reason().label(),
                    budget.measure().unit(),
                    budget.amount().toPlainString(),
                    verdict.used().map(BigDecimal::toPlainString),
                    verdict.held().toPlainString(),
                    verdict.remaining().map(BigDecimal::toPlainString),
                    verdict.countedThrough(),
                    verdict.period().to());
        }
    }

    /**
     * A wish for a lease.
     *
     * @param id chosen by whoever asks, new for each lease: asking again with it gives the same lease
     * @param project whose usage it is for, as its events will say
     * @param tags the same; an API key is the tag {@code api_key_id}
     * @param money in major units of the currency that the tenant is priced in
     * @param meters base units by meter, where budgets count meters
     * @param seconds how long it lasts; 60 if absent, at most 3600
     */
    @Schema(name = "BudgetLeaseRequest")
    record LeaseRequest(
            @JsonProperty(required = true) String id,
            @JsonProperty(required = true) String tenant,
            Optional<String> project,
            Optional<Map<String, String>> tags,
            Optional<String> money,
            Optional<Map<String, String>> meters,
            Optional<Integer> seconds) {}

    /** @param seconds from now on; 60 if absent, at most 3600 */
    @Schema(name = "BudgetLeaseRenewal")
    record Renewal(Optional<Integer> seconds) {}

    /** What was spent under a lease in all; what is not named was not spent. */
    @Schema(name = "BudgetLeaseSettlement")
    record Settling(Optional<String> money, Optional<Map<String, String>> meters) {}

    /**
     * A lease.
     *
     * @param state {@code open}; {@code expired}: nobody said what was spent, so it counts as spent whole; {@code settled}
     * @param expiresAt the holder counts its seconds from when it sent the call, to be on the safe side
     */
    @Schema(name = "BudgetLease")
    record ShownLease(
            String id,
            String tenant,
            Optional<String> project,
            SortedMap<String, String> tags,
            String state,
            Spending held,
            Optional<Spending> spent,
            Instant grantedAt,
            Instant expiresAt,
            Optional<Instant> settledAt) {

        static ShownLease of(Lease lease, Instant now) {
            return new ShownLease(
                    lease.id(),
                    lease.subject().tenant(),
                    lease.subject().project(),
                    lease.subject().tags(),
                    lease.state(now).name().toLowerCase(Locale.ROOT),
                    Spending.of(lease.held()),
                    lease.settlement().map(settled -> Spending.of(settled.spent())),
                    lease.grantedAt(),
                    lease.expiresAt(),
                    lease.settlement().map(Lease.Settlement::at));
        }
    }

    /**
     * An alert.
     *
     * @param kind {@code threshold_crossed}, {@code breach_forecast}, {@code currency_differs} or {@code anomaly}
     * @param subject id of the budget or anomaly
     * @param facts the particulars
     */
    @Schema(name = "Alert")
    record ShownAlert(
            String id,
            String kind,
            String tenant,
            String subject,
            String headline,
            SortedMap<String, String> facts,
            String link,
            Instant raisedAt,
            List<ShownLetter> letters) {

        static ShownAlert of(Alerts.Raised raised) {
            return new ShownAlert(
                    raised.head().id(),
                    raised.head().kind(),
                    raised.head().tenant(),
                    raised.head().subject(),
                    raised.head().headline(),
                    raised.head().facts(),
                    raised.head().link(),
                    raised.raisedAt(),
                    raised.letters().stream()
                            .map(letter -> new ShownLetter(
                                    letter.recipient(), letter.state(), letter.attempts(), letter.lastError()))
                            .toList());
        }
    }

    /**
     * How a letter stands.
     *
     * @param state {@code pending}, {@code delivered}: the server has taken it, or {@code failed}: it was given up
     * @param lastError of the last attempt, beginning with what stood in its way: {@code letter_refused} (given up at once),
     *     {@code login_refused}, {@code no_starttls}, {@code tls_failed}, {@code unreachable} or {@code not_taken} (tried
     *     again for 23 hours)
     */
    @Schema(name = "AlertLetter")
    record ShownLetter(String recipient, String state, int attempts, Optional<String> lastError) {}

    /**
     * A page of alerts.
     *
     * @param nextCursor what asks for the next page; absent on the last
     */
    @Schema(name = "AlertPage")
    record AlertPage(List<ShownAlert> alerts, Optional<String> nextCursor) {}
}
