package io.tollgate.invoicing.receivable;

import io.tollgate.invoicing.money.Money;
import java.time.LocalDate;

/**
 * Money that came.
 *
 * @param reference of the payer or the bank; of an invoice's payments no two share one
 * @param amount above zero, in whole minor units
 */
public record Payment(String reference, Money amount, LocalDate paidOn) {
    public Payment {
        if (amount.amount().signum() <= 0) {
            throw new IllegalArgumentException("a payment is of more than nothing, not " + amount);
        }
        if (!amount.isRounded()) {
            throw new IllegalArgumentException("a payment is in whole minor units, not " + amount.digits());
        }
    }
}
