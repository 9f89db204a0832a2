package io.tollgate.invoicing.rendering;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import io.tollgate.invoicing.document.InvoiceDocument;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class InvoiceCsvTest {

    private static String text(InvoiceDocument invoice) {
        return new String(InvoiceCsv.write(invoice), StandardCharsets.UTF_8);
    }

    private static List<NamedCsvRecord> rows(InvoiceDocument invoice) {
        return CsvReader.builder().ofNamedCsvRecord(text(invoice)).stream().toList();
    }

    private static BigDecimal sum(List<NamedCsvRecord> rows) {
        return rows.stream()
                .map(row -> new BigDecimal(row.getField("amount")))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    @Test
    void aRowForEachLineAndEntryAddsUpToWhatIsDue() {
        assertThat(sum(rows(Rendered.everyTerm()))).isEqualByComparingTo("2100.00");
        assertThat(rows(Rendered.everyTerm()))
                .extracting(row -> row.getField("kind"))
                .containsExactly(
                        "line",
                        "line",
                        "line",
                        "line",
                        "line",
                        "discount",
                        "discount",
                        "fee",
                        "commitment",
                        "commitment",
                        "tax",
                        "credit",
                        "credit");
        assertThat(sum(rows(Rendered.everyPrice())))
                .isEqualByComparingTo(Rendered.everyPrice().total());
        assertThat(sum(rows(Rendered.reservation())))
                .isEqualByComparingTo(Rendered.reservation().total());
        assertThat(rows(Rendered.reservation()))
                .extracting(row -> row.getField("rate_card"))
                .filteredOn("reservation ptu-gpt-4o"::equals)
                .hasSize(3);
    }

    @Test
    void itIsRfc4180() {
        assertThat(text(Rendered.everyTerm()))
                .startsWith("invoice,status,tenant,period,currency,kind,id,")
                .endsWith("\r\n");
        assertThat(text(Rendered.everyTerm()).split("\r\n")).hasSize(14);
    }

    @Test
    void aTextThatSpreadsheetsWouldTakeForAFormulaIsQuotedAndANumberIsNot() {
        List<NamedCsvRecord> rows = rows(
                Rendered.closed("'discounts':[{'id':'x','description':'=HYPERLINK(\\\"http://x\\\", 1)','percent':'10',"
                        + "'effectiveTo':'2024-01-01'}]"));

        assertThat(rows.get(rows.size() - 1).getField("description")).isEqualTo("'=HYPERLINK(\"http://x\", 1)");
        assertThat(rows.get(rows.size() - 1).getField("amount")).startsWith("-");
    }
}
