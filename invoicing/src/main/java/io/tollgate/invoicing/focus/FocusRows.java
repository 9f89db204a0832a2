package io.tollgate.invoicing.focus;

import io.tollgate.invoicing.cost.CostItem;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Stream;

/**
 * The rows of documents, in the order of their reports' items. The billed costs of each document add up to what is due, and
 * so do its effective costs, exactly. Each row is made when it is come to, as rows take far more room than what they are of.
 */
public record FocusRows(List<FocusDocument> documents) implements Iterable<FocusRow> {

    public FocusRows {
        documents = List.copyOf(documents);
    }

    @Override
    public Iterator<FocusRow> iterator() {
        return new Rows(documents.iterator());
    }

    private static final class Rows implements Iterator<FocusRow> {

        private final Iterator<FocusDocument> documents;
        private Iterator<Stream<FocusRow>> items = Collections.emptyIterator();
        private Iterator<FocusRow> rows = Collections.emptyIterator();

        Rows(Iterator<FocusDocument> documents) {
            this.documents = documents;
        }

        @Override
        public boolean hasNext() {
            while (!rows.hasNext() && (items.hasNext() || documents.hasNext())) {
                if (items.hasNext()) {
                    rows = items.next().iterator();
                } else {
                    items = items(documents.next()).iterator();
                }
            }
            return rows.hasNext();
        }

        @Override
        public FocusRow next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return rows.next();
        }
    }

    private static Stream<Stream<FocusRow>> items(FocusDocument document) {
        RowStart start = new RowStart(document);
        UsageRows usage = new UsageRows(document, start);
        TermRows terms = new TermRows(document, start);
        return document.report().items().stream().map(item -> rows(item, usage, terms));
    }

    private static Stream<FocusRow> rows(CostItem item, UsageRows usage, TermRows terms) {
        if (item instanceof CostItem.OfUsage used) {
            return usage.of(used).stream();
        }
        if (item instanceof CostItem.OfChange changed) {
            return Stream.of(usage.of(changed));
        }
        if (item instanceof CostItem.OfTerm term) {
            return terms.of(term);
        }
        return terms.of((CostItem.OfRounding) item);
    }
}
