package io.tollgate.invoicing.http;

import io.tollgate.invoicing.focus.FocusRow;
import io.tollgate.invoicing.invoice.Closing.Blocker;
import io.tollgate.invoicing.rendering.FocusCsv;
import io.tollgate.invoicing.rendering.FocusParquet;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import org.jspecify.annotations.Nullable;

/** What answers in FOCUS have in common. */
final class FocusFiles {

    static final String CSV = "text/csv";
    static final String PARQUET = "application/vnd.apache.parquet";
    static final String FORMAT = "`csv` or `parquet`; if absent, what `Accept` says, or `csv`";

    private FocusFiles() {}

    static RuntimeException refused(Blocker why) {
        return Refusals.of(
                why.code().equals("no_price_book") ? Refusals.CONFLICT : Refusals.NOT_FOUND, why.code(), why.detail());
    }

    static boolean isParquet(@Nullable String format, @Nullable String accept) {
        String wanted = Parameters.given(format)
                .orElse(
                        Parameters.given(accept)
                                        .filter(types -> types.contains(PARQUET))
                                        .isPresent()
                                ? "parquet"
                                : "csv");
        return switch (wanted) {
            case "parquet" -> true;
            case "csv" -> false;
            default -> throw Parameters.invalid("format must be csv or parquet, not " + Parameters.shown(wanted));
        };
    }

    /** Computed once before, so that what is wrong is told, and again as it is written: nobody holds all rows. */
    static Response file(Iterable<FocusRow> rows, boolean parquet, String name) {
        rows.forEach(row -> {});
        StreamingOutput body = out -> {
            if (parquet) {
                FocusParquet.write(rows, out);
            } else {
                FocusCsv.write(rows, out);
            }
        };
        return Response.ok(body, parquet ? PARQUET : CSV + ";charset=utf-8")
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        "attachment; filename=\"" + name + (parquet ? ".parquet" : ".csv") + "\"")
                .build();
    }
}
