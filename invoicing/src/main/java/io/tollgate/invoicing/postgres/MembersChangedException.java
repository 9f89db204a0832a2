package io.tollgate.invoicing.postgres;

import java.time.YearMonth;

/** It was agreed otherwise who pays for whom after an invoice was computed: compute it again. */
public final class MembersChangedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    MembersChangedException(String tenant, YearMonth month) {
        super("whose usage of " + month + " is billed to " + tenant + " changed while the invoice was closed");
    }
}
