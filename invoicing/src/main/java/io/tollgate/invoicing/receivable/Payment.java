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

    /** The reference of what prepaid credits paid; no payer can give it. */
    private static final String CREDITS = " credits ";

    public Payment {
        if (amount.amount().signum() <= 0) {
            throw new IllegalArgumentException("a payment is of more than nothing, not " + amount);
        }
        if (!amount.isRounded()) {
            throw new IllegalArgumentException("a payment is in whole minor units, not " + amount.digits());
        }
    }

    /** What prepaid credits paid of an invoice and its notes. */
    public static Payment byCredits(Money amount, LocalDate paidOn) {
        return new Payment(CREDITS, amount, paidOn);
    }

    /** Whether no money came, but a credit was used. */
    boolean isByCredits() {
        return reference.equals(CREDITS);
    }
}
