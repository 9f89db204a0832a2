package io.tollgate.invoicing.spend;

import java.util.Currency;

/** Spend was asked of tenants whose prices are in different currencies, which do not add up. */
public final class MixedCurrenciesException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public MixedCurrenciesException(Currency one, Currency other) {
        super("some of the tenants are priced in " + one + " and some in " + other + "; ask for them apart");
    }
}
