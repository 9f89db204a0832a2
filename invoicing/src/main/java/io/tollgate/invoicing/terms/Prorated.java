package io.tollgate.invoicing.terms;

import io.tollgate.invoicing.contract.Days;
import io.tollgate.invoicing.money.Money;

/** Tells how an amount of a whole period was prorated by days. */
final class Prorated {

    private Prorated() {}

    /** {@code 100.00 USD x 15/30 days = 50.00 USD}, or the amount alone if all of its days are meant. */
    static String text(Money amount, Days days, Days of) {
        return days.count() == of.count()
                ? amount.toString()
                : amount + " x " + days.count() + "/" + of.count() + " days = "
                        + amount.prorated(days.count(), of.count());
    }
}
