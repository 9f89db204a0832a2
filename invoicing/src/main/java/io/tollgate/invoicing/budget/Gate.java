package io.tollgate.invoicing.budget;

import io.tollgate.invoicing.budget.Decision.Reason;
import io.tollgate.invoicing.budget.Decision.Verdict;
import io.tollgate.invoicing.usage.TimeRange;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Decides whether somebody may spend: if what is counted, what leases hold beside it, and what is wanted are no more than the
 * budget. What is counted is all that was used by some time, so a lease holds as long as it may be spent under after that
 * time; then it is in the count, whether or not anybody said what became of it. A lease that ended is counted twice for a
 * while, never not at all.
 *
 * @param staleAfter how old a count may be before it counts as unknown
 */
public record Gate(Duration staleAfter) {

    /** Whether somebody may spend so much, as far as is known; what is not said is as good as nothing. */
    public Decision check(
            Collection<Standing> standings, Collection<Lease> leases, Subject who, Amounts wanted, Instant now) {
        return decide(standings, leases, who, wanted, now, false);
    }

    /** Whether a lease of so much can be given; it must say how much of whatever a budget counts. */
    public Decision lease(
            Collection<Standing> standings, Collection<Lease> leases, Subject who, Amounts wanted, Instant now) {
        return decide(standings, leases, who, wanted, now, true);
    }

    /** When a lease ends that is to last until then: at the latest with the period of any budget that has a say on it. */
    public static Instant end(Collection<Standing> standings, Subject who, Instant wanted, Instant now) {
        return standings.stream()
                .filter(standing -> standing.budget().wish().enforced())
                .filter(standing -> standing.budget().subject().covers(who))
                .flatMap(standing -> standing.budget().wish().cycle().at(now, standing.zone()).stream())
                .map(TimeRange::to)
                .filter(end -> end.isBefore(wanted))
                .min(Instant::compareTo)
                .orElse(wanted);
    }

    private Decision decide(
            Collection<Standing> standings,
            Collection<Lease> leases,
            Subject who,
            Amounts wanted,
            Instant now,
            boolean binding) {
        List<Verdict> verdicts = new ArrayList<>();
        for (Standing standing : standings) {
            if (standing.budget().subject().covers(who)) {
                standing.budget()
                        .wish()
                        .cycle()
                        .at(now, standing.zone())
                        .ifPresent(period -> verdicts.add(verdict(standing, period, leases, wanted, now, binding)));
            }
        }
        return new Decision(verdicts.stream().allMatch(Verdict::allowed), verdicts);
    }

    private Verdict verdict(
            Standing standing,
            TimeRange period,
            Collection<Lease> leases,
            Amounts wanted,
            Instant now,
            boolean binding) {
        Budget budget = standing.budget();
        Optional<Counted> counted = standing.countedAt(now);
        Instant through = counted.map(Counted::through).orElse(Instant.MIN);
        // Wishes and leases are in the tenant's currency: what is of another one does not compare.
        boolean differs = counted.filter(known -> known.isInOtherCurrencies(budget.measure()))
                .isPresent();
        BigDecimal held = differs ? BigDecimal.ZERO : held(budget, leases, period, through);
        BigDecimal left = budget.amount()
                .subtract(counted.map(Counted::used).orElse(BigDecimal.ZERO))
                .subtract(held);
        Optional<BigDecimal> estimate = wanted.in(budget.measure()).filter(amount -> amount.signum() > 0 && !differs);
        boolean fits = estimate.map(amount -> amount.compareTo(left) <= 0).orElse(left.signum() > 0);
        Reason reason = Reason.WITHIN_BUDGET;
        if (!fits) {
            reason = Reason.BUDGET_EXHAUSTED;
        } else if (differs) {
            reason = Reason.CURRENCY_DIFFERS;
        } else if (counted.isEmpty() || through.plus(staleAfter).isBefore(now)) {
            reason = Reason.USAGE_UNKNOWN;
        } else if (binding && estimate.isEmpty()) {
            reason = Reason.NO_ESTIMATE;
        }
        boolean allowed = !budget.wish().enforced()
                || reason == Reason.WITHIN_BUDGET
                || (reason != Reason.BUDGET_EXHAUSTED && budget.wish().allowedWhenUnknown());
        return new Verdict(
                budget, allowed, reason, period, counted.map(Counted::used), held, counted.map(Counted::through));
    }

    /** What leases of the period hold beside what is counted. */
    private static BigDecimal held(Budget budget, Collection<Lease> leases, TimeRange period, Instant through) {
        BigDecimal held = BigDecimal.ZERO;
        for (Lease lease : leases) {
            if (lease.endsAt().isAfter(period.from()) && budget.subject().covers(lease.subject())) {
                held = held.add(lease.uncounted(through).in(budget.measure()).orElse(BigDecimal.ZERO));
            }
        }
        return held;
    }
}
