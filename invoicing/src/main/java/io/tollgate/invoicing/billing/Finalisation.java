package io.tollgate.invoicing.billing;

import io.tollgate.invoicing.invoice.Closing.Blocker;
import java.util.List;

/** What became of the wish to close an invoice. */
public sealed interface Finalisation {

    /**
     * It is final, by this or by an earlier wish.
     *
     * @param document its canonical JSON
     */
    record Kept(String document) implements Finalisation {}

    /**
     * It stays open.
     *
     * @param blockers what must be settled first; at least one, the most important first
     */
    record Refused(List<Blocker> blockers) implements Finalisation {
        public Refused {
            blockers = List.copyOf(blockers);
        }
    }
}
