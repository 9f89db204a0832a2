package io.tollgate.invoicing.chargeback;

import java.util.Currency;

/** Documents of one month, or a run and the month as it is now, are in different currencies, which do not add up. */
public final class DifferentCurrenciesException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DifferentCurrenciesException(Currency one, Currency other) {
        super("some of the month is billed in " + one + " and some in " + other + ", which do not add up");
    }
}
