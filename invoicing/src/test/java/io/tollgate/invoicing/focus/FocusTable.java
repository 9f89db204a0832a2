package io.tollgate.invoicing.focus;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * An export as somebody gets it: texts of a CSV file, and the types that the Parquet file of the same rows declares.
 *
 * @param types by column: {@code String}, {@code Decimal} or {@code DateTime}
 * @param rows cells by column; null is absent
 */
public record FocusTable(Map<String, String> types, List<Map<String, String>> rows) {

    /** Without a column. */
    public FocusTable without(String column) {
        Map<String, String> fewer = new LinkedHashMap<>(types);
        fewer.remove(column);
        return new FocusTable(fewer, changed(row -> true, row -> row.remove(column)));
    }

    /** With a column of another type. */
    public FocusTable typed(String column, String type) {
        Map<String, String> others = new LinkedHashMap<>(types);
        others.put(column, type);
        return new FocusTable(others, rows);
    }

    /** With another value, or none, in those of the rows. */
    public FocusTable with(Predicate<Map<String, String>> which, String column, Optional<String> value) {
        return new FocusTable(types, changed(which, row -> {
            row.remove(column);
            value.ifPresent(text -> row.put(column, text));
        }));
    }

    private List<Map<String, String>> changed(
            Predicate<Map<String, String>> which, Consumer<Map<String, String>> change) {
        List<Map<String, String>> changed = new ArrayList<>();
        for (Map<String, String> row : rows) {
            Map<String, String> copy = new LinkedHashMap<>(row);
            if (which.test(row)) {
                change.accept(copy);
            }
            changed.add(copy);
        }
        return changed;
    }
}
