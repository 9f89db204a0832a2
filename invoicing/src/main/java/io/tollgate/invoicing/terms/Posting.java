package io.tollgate.invoicing.terms;

import io.tollgate.invoicing.money.Money;

/**
 * What an invoice uses of a balance that lasts longer than its period.
 *
 * @param balance name of the balance among the tenant's
 * @param amount negative for what is rolled over into it
 * @param limit of the balance: all that is posted to it comes to no more
 */
public record Posting(String balance, Money amount, Money limit) {}
