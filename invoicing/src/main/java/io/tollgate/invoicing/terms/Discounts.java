package io.tollgate.invoicing.terms;

import io.tollgate.invoicing.contract.ContractHistory.Run;
import io.tollgate.invoicing.contract.Discount;
import io.tollgate.invoicing.money.Money;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Discounts. Percentages first, each of what usage costs undiscounted, so that they add up in any order; then amounts,
 * off what is left. No usage gets cheaper than nothing: where discounts exceed it, the last of them by id gives less. All
 * together are rounded once, and shown by largest remainder, so that they never exceed what they are off.
 */
final class Discounts {

    /** What one discount takes off one charge, unrounded. */
    private record Piece(int discount, int charge, Money off) {}

    private Discounts() {}

    static void apply(Bill bill) {
        List<Run<Discount>> discounts = bill.runs(Discount.class).stream()
                .sorted(Comparator.comparing(run -> run.term().amount().isPresent()))
                .toList();
        List<Money> left =
                new ArrayList<>(bill.charges().stream().map(UsageCharge::exact).toList());
        List<Piece> pieces = new ArrayList<>();
        for (int i = 0; i < discounts.size(); i++) {
            Run<Discount> run = discounts.get(i);
            Money budget = run.term()
                    .amount()
                    .map(amount ->
                            amount.prorated(run.days().count(), bill.days().count()))
                    .orElse(bill.zero());
            for (int charge = 0; charge < bill.charges().size(); charge++) {
                if (covers(run, bill.charges().get(charge))) {
                    Money off = off(run.term(), bill.charges().get(charge).exact(), left.get(charge), budget);
                    if (off.signum() != 0) {
                        budget = budget.minus(off);
                        left.set(charge, left.get(charge).minus(off));
                        pieces.add(new Piece(i, charge, off));
                    }
                }
            }
        }
        show(bill, discounts, pieces);
    }

    private static boolean covers(Run<Discount> run, UsageCharge charge) {
        return run.days().contains(charge.day()) && run.term().scope().covers(charge.product(), charge.meter());
    }

    /** What was taken back gives back its percentage, too; amounts are off what costs something. */
    private static Money off(Discount discount, Money cost, Money left, Money budget) {
        Money nothing = Money.zero(cost.currency());
        if (discount.percent().isPresent()) {
            Money share = cost.percent(discount.percent().get());
            return cost.signum() < 0 ? share.max(left) : share.min(left);
        }
        return budget.min(left.max(nothing));
    }

    private static void show(Bill bill, List<Run<Discount>> discounts, List<Piece> pieces) {
        List<Money> exact = pieces.stream().map(Piece::off).toList();
        List<Money> shown = Money.sum(exact, bill.currency()).rounded().allocate(exact);
        for (int i = 0; i < discounts.size(); i++) {
            Money off = bill.zero();
            Money exactOff = bill.zero();
            Money of = bill.zero();
            for (int j = 0; j < pieces.size(); j++) {
                Piece piece = pieces.get(j);
                if (piece.discount() == i) {
                    off = off.plus(shown.get(j));
                    exactOff = exactOff.plus(piece.off());
                    of = of.plus(bill.charges().get(piece.charge()).exact());
                    bill.takeOff(piece.charge(), piece.off(), shown.get(j));
                }
            }
            Run<Discount> run = discounts.get(i);
            if (exactOff.signum() != 0) {
                bill.add(new Entry(
                        Step.DISCOUNT,
                        run.term().id(),
                        run.term().description(),
                        run.days(),
                        explain(bill, run, of, exactOff),
                        off.negated()));
            }
        }
    }

    private static String explain(Bill bill, Run<Discount> run, Money of, Money off) {
        Discount discount = run.term();
        Money whole = discount.percent()
                .map(of::percent)
                .or(() -> discount.amount()
                        .map(amount ->
                                amount.prorated(run.days().count(), bill.days().count())))
                .orElse(off);
        String arithmetic = discount.percent()
                .map(percent -> percent.toPlainString() + " % of " + of + " = " + whole)
                .orElseGet(() -> Prorated.text(discount.amount().orElse(off), run.days(), bill.days()));
        String limit = whole.equals(off) ? "" : "; no more than is left to discount: " + off;
        return discount.scope() + ": " + arithmetic + limit;
    }
}
