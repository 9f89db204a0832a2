package io.tollgate.ingest.usage;

import io.tollgate.emitter.rules.Fault;
import io.tollgate.emitter.rules.RejectionReason;

/** Ends the reading of one body; never leaves this package. */
final class Refusal extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Fault fault;

    Refusal(RejectionReason reason, String detail) {
        super(detail, null, false, false);
        this.fault = new Fault(reason, detail);
    }

    Fault fault() {
        return fault;
    }
}
