package io.tollgate.invoicing.postgres;

/** What a note or a voiding takes back of a balance was used by later invoices: they must be corrected first. */
public final class BalanceInUseException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BalanceInUseException(String tenant, String balance, Throwable cause) {
        super("what was rolled over to \"" + balance + "\" of " + tenant + " was used by later invoices", cause);
    }
}
