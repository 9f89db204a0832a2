package io.tollgate.invoicing.focus;

import io.tollgate.invoicing.cost.CostItem;
import java.util.List;
import java.util.stream.Stream;

/**
 * The rows of a document. Their billed costs add up to what is due, and so do their effective costs, exactly.
 */
public final class FocusRows {

    private FocusRows() {}

    /** In the order of the report's items. */
    public static List<FocusRow> of(FocusDocument document) {
        RowStart start = new RowStart(document);
        UsageRows usage = new UsageRows(document, start);
        TermRows terms = new TermRows(document, start);
        return document.report().items().stream()
                .flatMap(item -> rows(item, usage, terms))
                .toList();
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
