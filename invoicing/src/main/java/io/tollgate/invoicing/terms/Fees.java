package io.tollgate.invoicing.terms;

import io.tollgate.invoicing.contract.Bundle;
import io.tollgate.invoicing.contract.ContractHistory.Run;
import io.tollgate.invoicing.money.Money;
import java.math.BigDecimal;

/** The fees of bundles. What they include was taken off the usage before it was priced. */
final class Fees {

    private Fees() {}

    static void apply(Bill bill) {
        for (Run<Bundle> run : bill.runs(Bundle.class)) {
            Bundle bundle = run.term();
            Money whole = bundle.seatPrice().times(BigDecimal.valueOf(bundle.seats()));
            if (whole.signum() != 0) {
                bill.add(new Entry(
                        Step.FEE,
                        bundle.id(),
                        bundle.description(),
                        run.days(),
                        bundle.seats() + " x " + bundle.seatPrice() + " = "
                                + Prorated.text(whole, run.days(), bill.days()),
                        whole.prorated(run.days().count(), bill.days().count())));
            }
        }
    }
}
