package io.tollgate.invoicing.terms;

import io.tollgate.invoicing.money.Money;

/**
 * What an invoice or a note uses of a balance that lasts longer than its period.
 *
 * @param balance name of the balance among the tenant's
 * @param amount negative for what is rolled over into it, and for what a note gives back
 * @param limit of the balance: all that is posted to it comes to no more
 * @param settles whether it is what was left of a commitment at its end, trued up or rolled over; else it is drawn by what
 *     is spent. What is spent draws first, also where it is told only after the rest was settled: then too much was
 *     settled, which the invoice that settled it says, computed anew.
 */
public record Posting(String balance, Money amount, Money limit, boolean settles) {

    /** So much of the same. */
    public Posting of(Money other) {
        return new Posting(balance, other, limit, settles);
    }
}
