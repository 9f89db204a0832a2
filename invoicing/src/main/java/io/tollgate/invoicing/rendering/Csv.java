package io.tollgate.invoicing.rendering;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/** CSV as RFC 4180 has it, in UTF-8, that spreadsheets may open. */
public final class Csv {

    /** What makes spreadsheets take a text for a formula (OWASP, "CSV Injection"), in wide forms, too. */
    private static final Pattern FORMULA = Pattern.compile("^[=+\\-@\\t\\r\\n\\uFF1D\\uFF0B\\uFF0D\\uFF20]");

    private Csv() {}

    /** @param rows the first is the header */
    public static byte[] write(List<List<String>> rows) {
        StringWriter text = new StringWriter();
        try (CsvWriter csv =
                CsvWriter.builder().lineDelimiter(LineDelimiter.CRLF).build(text)) {
            rows.forEach(csv::writeRecord);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** A text of others as a cell. Numbers are ours, and may start with a minus. */
    public static String text(String value) {
        return FORMULA.matcher(value).find() ? "'" + value : value;
    }
}
