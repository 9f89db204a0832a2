package io.tollgate.invoicing.terms;

import io.tollgate.invoicing.contract.Bundle;
import io.tollgate.invoicing.contract.ContractHistory.Run;
import io.tollgate.invoicing.contract.Reservation;
import io.tollgate.invoicing.money.Money;
import java.math.BigDecimal;
import java.time.Duration;

/** The fees of bundles and reservations. What they include and cover was taken off the usage before it was priced. */
final class Fees {

    private Fees() {}

    static void apply(Bill bill) {
        bundles(bill);
        reservations(bill);
    }

    private static void bundles(Bill bill) {
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

    /** By the hours that there are in the days: 23 or 25 where clocks are put forward or back. */
    private static void reservations(Bill bill) {
        for (Run<Reservation> run : bill.runs(Reservation.class)) {
            Reservation reservation = run.term();
            Duration time = bill.lengthOf(run.days());
            Money fee = reservation.fee(time);
            if (fee.signum() != 0) {
                bill.add(new Entry(
                        Step.FEE,
                        reservation.id(),
                        reservation.description(),
                        run.days(),
                        reservation.units() + " units x " + reservation.hourlyPrice() + " x "
                                + Reservation.hours(time).toPlainString() + " hours = " + fee,
                        fee.rounded()));
            }
        }
    }
}
