package io.tollgate.invoicing.terms;

import io.tollgate.invoicing.contract.ContractHistory.Run;
import io.tollgate.invoicing.contract.Days;
import io.tollgate.invoicing.contract.SpendBound;
import io.tollgate.invoicing.contract.SpendBound.Kind;
import io.tollgate.invoicing.money.Money;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Minimum and maximum spend: once per period, on what is spent on the days that have them, prorated by these days. */
final class SpendBounds {

    private SpendBounds() {}

    static void atMost(Bill bill) {
        List<Run<SpendBound>> runs = runs(bill, Kind.MAXIMUM);
        Money spent = spent(bill, runs);
        Money most = bound(bill, runs);
        if (!runs.isEmpty() && spent.compareTo(most) > 0) {
            add(bill, Step.MAXIMUM_SPEND, runs, "beyond the maximum spend", spent, most);
        }
    }

    static void atLeast(Bill bill) {
        List<Run<SpendBound>> runs = runs(bill, Kind.MINIMUM);
        Money spent = spent(bill, runs);
        Money least = bound(bill, runs);
        if (!runs.isEmpty() && spent.compareTo(least) < 0) {
            add(bill, Step.MINIMUM_SPEND, runs, "to the minimum spend", spent, least);
        }
    }

    private static List<Run<SpendBound>> runs(Bill bill, Kind kind) {
        return bill.runs(SpendBound.class).stream()
                .filter(run -> run.term().kind() == kind)
                .toList();
    }

    private static Money spent(Bill bill, List<Run<SpendBound>> runs) {
        return Money.sum(runs.stream().map(run -> bill.spentOn(run.days())).toList(), bill.currency());
    }

    private static Money bound(Bill bill, List<Run<SpendBound>> runs) {
        List<Money> parts = new ArrayList<>();
        for (Run<SpendBound> run : runs) {
            parts.add(
                    run.term().amount().prorated(run.days().count(), bill.days().count()));
        }
        return Money.sum(parts, bill.currency());
    }

    private static void add(
            Bill bill, Step step, List<Run<SpendBound>> runs, String description, Money spent, Money bound) {
        String arithmetic = runs.stream()
                .map(run -> Prorated.text(run.term().amount(), run.days(), bill.days()))
                .collect(Collectors.joining("; "));
        Days days = new Days(
                runs.get(0).days().from(), runs.get(runs.size() - 1).days().to());
        bill.add(new Entry(
                step,
                runs.get(0).term().id(),
                description,
                days,
                arithmetic + "; spent " + spent + "; the difference is "
                        + bound.minus(spent).rounded(),
                bound.minus(spent)));
    }
}
