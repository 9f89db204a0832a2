package io.tollgate.invoicing.rendering;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.tollgate.invoicing.focus.FocusColumn;
import io.tollgate.invoicing.focus.FocusRow;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * FOCUS as CSV (RFC 4180, UTF-8). Null is an empty cell. Texts are as they are, also those that a spreadsheet would take for
 * a formula: FOCUS forbids to alter them, and the file is for programs.
 */
public final class FocusCsv {

    private static final FocusColumn[] COLUMNS = FocusColumn.values();

    private FocusCsv() {}

    /** Leaves the stream open. */
    public static void write(Iterable<FocusRow> rows, OutputStream out) throws IOException {
        BufferedWriter text = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
        CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.CRLF).build(text);
        csv.writeRecord(Arrays.stream(COLUMNS).map(FocusColumn::id).toList());
        for (FocusRow row : rows) {
            csv.writeRecord(Arrays.stream(COLUMNS)
                    .map(column -> row.value(column).map(FocusCells::text).orElse(""))
                    .toList());
        }
        csv.flush();
        text.flush();
    }
}
