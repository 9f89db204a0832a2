package io.tollgate.invoicing.cost;

import io.tollgate.invoicing.money.Money;
import java.util.Currency;

/**
 * What something costs, four ways side by side, in the words of FOCUS 1.2; exact.
 *
 * @param list by the list prices that everybody has; as contracted where they say nothing
 * @param contracted by the tenant's prices, before discounts, and as if nothing were reserved
 * @param billed what an invoice says: after discounts; what a reservation covers is nothing, its fee is an item of its own
 * @param effective billed, and with the share of the reservation's fee that covers it; the fee's own item is without that
 */
public record Cost(Money list, Money contracted, Money billed, Money effective) {

    public static Cost zero(Currency currency) {
        return same(Money.zero(currency));
    }

    /** The same whichever way one looks at it. */
    public static Cost same(Money amount) {
        return new Cost(amount, amount, amount, amount);
    }

    /** @throws IllegalArgumentException if the currencies differ */
    public Cost plus(Cost other) {
        return isOne() && other.isOne()
                ? same(billed.plus(other.billed))
                : new Cost(
                        list.plus(other.list),
                        contracted.plus(other.contracted),
                        billed.plus(other.billed),
                        effective.plus(other.effective));
    }

    /** By list prices all four are mostly one and the same object, and need not be added up four times. */
    @SuppressWarnings("ReferenceEquality") // Being another object that is equal only costs time.
    private boolean isOne() {
        return list == billed && contracted == billed && effective == billed;
    }

    public Cost negated() {
        return new Cost(list.negated(), contracted.negated(), billed.negated(), effective.negated());
    }

    public Currency currency() {
        return billed.currency();
    }
}
