package io.tollgate.invoicing.billing;

import io.tollgate.invoicing.postgres.PriceBookDraftStore;
import io.tollgate.invoicing.postgres.PriceBookStore;
import io.tollgate.invoicing.postgres.SavedDraft;
import io.tollgate.invoicing.pricing.PriceBook;
import io.tollgate.invoicing.pricing.PriceBookDraft;
import io.tollgate.invoicing.pricing.PriceHistory;
import io.tollgate.invoicing.usage.TimeRange;
import java.util.List;
import java.util.Optional;

/** Price books to try out on usage that was billed by others: versions, drafts, and books as they are in force. */
public final class TrialBooks {

    private final PriceBookStore books;
    private final PriceBookDraftStore drafts;

    public TrialBooks(PriceBookStore books, PriceBookDraftStore drafts) {
        this.books = books;
        this.drafts = drafts;
    }

    /** Which of a book's contents is meant. */
    public sealed interface Which {

        /** Whatever version is in force at each instant. */
        record InForce() implements Which {}

        /** One version, retired or not. */
        record Version(int number) implements Which {}

        /** The draft of the next version. */
        record Draft() implements Which {}
    }

    /** A version's content, or the draft's; empty if there is none, or what is in force is meant, which is no one version. */
    public Optional<PriceBookDraft> content(String name, Which which) {
        if (!PriceBookDraft.canBeNamed(name)) {
            return Optional.empty();
        }
        if (which instanceof Which.Version version) {
            return books.history(name)
                    .flatMap(history -> history.version(version.number()))
                    .map(PriceBook::content);
        }
        return which instanceof Which.Draft ? drafts.find(name).map(SavedDraft::content) : Optional.empty();
    }

    /**
     * Prices of a range. A version or a draft is taken as if it had taken effect when the range starts: the question is what
     * it would make of that usage.
     */
    public Optional<PriceHistory> over(String name, Which which, TimeRange range) {
        if (which instanceof Which.InForce) {
            return PriceBookDraft.canBeNamed(name) ? books.history(name) : Optional.empty();
        }
        return content(name, which)
                .map(content -> content.startingAt(range.from()))
                .map(content -> new PriceHistory(
                        List.of(content.published(which instanceof Which.Version version ? version.number() : 1))));
    }
}
