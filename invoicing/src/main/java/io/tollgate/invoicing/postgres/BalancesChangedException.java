package io.tollgate.invoicing.postgres;

/** Another invoice used the tenant's balances after this one was computed: compute it again. */
public final class BalancesChangedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BalancesChangedException(String tenant) {
        super("balances of " + tenant + " changed while an invoice was closed");
    }
}
