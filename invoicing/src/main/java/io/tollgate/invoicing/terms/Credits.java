package io.tollgate.invoicing.terms;

import io.tollgate.invoicing.contract.ContractHistory.Run;
import io.tollgate.invoicing.contract.Credit;
import io.tollgate.invoicing.money.Money;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Credits, in {@link Credit#BURN_ORDER}. One for some usage pays what that costs after discounts, without tax, as far as
 * no other for some usage paid it already; one for all usage pays whatever is due.
 */
final class Credits {

    private Credits() {}

    static void apply(Bill bill) {
        List<Money> unpaid = new ArrayList<>();
        for (int i = 0; i < bill.charges().size(); i++) {
            unpaid.add(bill.net(i).max(bill.zero()));
        }
        List<Run<Credit>> runs = bill.runs(Credit.class).stream()
                .sorted(Comparator.comparing(Run<Credit>::term, Credit.BURN_ORDER))
                .toList();
        for (Run<Credit> run : runs) {
            Credit credit = run.term();
            String balance = "credit " + credit.id();
            Money open = credit.amount().minus(bill.used(balance)).max(bill.zero());
            Money payable = credit.scope().isAll()
                    ? bill.total()
                    : unpaid(bill, credit, unpaid).min(bill.total());
            Money paid = open.min(payable).max(bill.zero());
            if (paid.signum() > 0) {
                if (!credit.scope().isAll()) {
                    pay(bill, credit, unpaid, paid);
                }
                bill.draw(balance, paid, credit.amount());
                bill.add(new Entry(
                        Step.CREDIT,
                        credit.id(),
                        credit.description(),
                        run.days(),
                        credit.scope() + ": balance " + open + ", pays " + paid + ", left " + open.minus(paid),
                        paid.negated()));
            }
        }
    }

    private static Money unpaid(Bill bill, Credit credit, List<Money> unpaid) {
        Money sum = bill.zero();
        for (int i = 0; i < unpaid.size(); i++) {
            if (covers(bill, credit, i)) {
                sum = sum.plus(unpaid.get(i));
            }
        }
        return sum;
    }

    private static void pay(Bill bill, Credit credit, List<Money> unpaid, Money paid) {
        Money rest = paid;
        for (int i = 0; i < unpaid.size(); i++) {
            if (covers(bill, credit, i)) {
                Money part = rest.min(unpaid.get(i));
                unpaid.set(i, unpaid.get(i).minus(part));
                rest = rest.minus(part);
            }
        }
    }

    private static boolean covers(Bill bill, Credit credit, int charge) {
        UsageCharge usage = bill.charges().get(charge);
        return credit.scope().covers(usage.product(), usage.meter());
    }
}
