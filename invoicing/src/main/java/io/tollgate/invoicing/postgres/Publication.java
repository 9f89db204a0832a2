package io.tollgate.invoicing.postgres;

import io.tollgate.invoicing.pricing.PublicationCheck.Refusal;
import java.util.List;

/** What became of the wish to publish a price book. */
public sealed interface Publication {

    /** It is a new version. */
    record New(PublishedBook published) implements Publication {}

    /** The latest version says the same already; nothing changed. */
    record Unchanged(PublishedBook published) implements Publication {}

    /**
     * It cannot be published.
     *
     * @param refusals at least one
     */
    record Refused(List<Refusal> refusals) implements Publication {
        public Refused {
            refusals = List.copyOf(refusals);
        }
    }
}
