package io.tollgate.invoicing.billing;

import io.tollgate.invoicing.postgres.PriceBookStore;
import io.tollgate.invoicing.postgres.Publication;
import io.tollgate.invoicing.postgres.SavedDraft;
import io.tollgate.invoicing.pricing.PriceBookDraft;
import io.tollgate.invoicing.pricing.PublicationCheck.Refusal;
import java.time.Instant;

/** Publishes price books, and counts what becomes of them. */
public final class Publishing {

    private final PriceBookStore books;
    private final BillingMetrics metrics;

    public Publishing(PriceBookStore books, BillingMetrics metrics) {
        this.books = books;
        this.metrics = metrics;
    }

    /** Publishes the book as the next version of its name, unless the latest one says the same. */
    public Publication publish(PriceBookDraft book, Instant now) {
        return counted(books.publish(book, now));
    }

    /** The same with a kept draft, which is one no more then. */
    public Publication publish(SavedDraft draft, Instant now) {
        return counted(books.publish(draft, now));
    }

    private Publication counted(Publication publication) {
        if (publication instanceof Publication.New) {
            metrics.bookPublished();
        } else if (publication instanceof Publication.Refused refused) {
            metrics.bookRefused(refused.refusals().stream().map(Refusal::code).toList());
        }
        return publication;
    }
}
