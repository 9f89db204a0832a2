package io.tollgate.invoicing.rendering;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.tollgate.invoicing.document.InvoiceDocument;
import io.tollgate.invoicing.document.NoteDocument;
import io.tollgate.invoicing.document.StatementDocument;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An invoice as CSV (RFC 4180, UTF-8): a header, a row for each line, and a row for each entry of the contract. The column
 * {@code amount} adds up to what is due.
 */
public final class InvoiceCsv {

    private static final List<String> HEADER = List.of(
            "invoice",
            "status",
            "tenant",
            "period",
            "currency",
            "kind",
            "id",
            "description",
            "provider",
            "model",
            "accelerator_type",
            "region",
            "operation",
            "service_tier",
            "outcome",
            "context_band",
            "meter",
            "quantity",
            "unit_price",
            "unit_price_per",
            "price_book",
            "price_version",
            "rate_card",
            "from",
            "to",
            "explanation",
            "exact_amount",
            "amount",
            "used_by");
    private static final String LINE = "line";
    private static final int OF_PRODUCT = 15;
    /** What makes spreadsheets take a text for a formula (OWASP, "CSV Injection"), in wide forms, too. */
    private static final String FORMULA = "[=+\\-@\\t\\r\\n\\uFF1D\\uFF0B\\uFF0D\\uFF20]";

    private InvoiceCsv() {}

    public static byte[] write(InvoiceDocument invoice) {
        return write(
                List.of(
                        text(invoice.id()),
                        invoice.status(),
                        text(invoice.tenant()),
                        invoice.period(),
                        invoice.currency()),
                invoice.lines().stream().map(line -> cells(invoice, line)),
                invoice.contract());
    }

    /** A note by the same columns; its amounts are differences, and so negative where something is credited. */
    public static byte[] write(NoteDocument note) {
        return write(
                List.of(text(note.id()), note.kind(), text(note.tenant()), note.period(), note.currency()),
                note.lines().stream().map(line -> cells(note, line)),
                note.contract());
    }

    /** @param document the columns that are the same in each row */
    private static byte[] write(
            List<String> document, Stream<List<String>> lines, Optional<StatementDocument> contract) {
        Stream<List<String>> entries = contract.map(StatementDocument::entries).orElse(List.of()).stream()
                .map(InvoiceCsv::cells);
        List<List<String>> rows = Stream.concat(lines, entries)
                .map(cells -> Stream.concat(document.stream(), cells.stream()).toList())
                .toList();
        StringWriter text = new StringWriter();
        try (CsvWriter csv =
                CsvWriter.builder().lineDelimiter(LineDelimiter.CRLF).build(text)) {
            csv.writeRecord(HEADER);
            rows.forEach(csv::writeRecord);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> cells(NoteDocument note, NoteDocument.Line line) {
        return List.of(
                LINE,
                Integer.toString(line.number()),
                text((line.provider() + " " + line.model()).strip() + ": " + line.meter()
                        + line.reservation()
                                .map(id -> " (reservation " + id + ")")
                                .orElse("")),
                text(line.provider()),
                text(line.model()),
                text(line.acceleratorType()),
                text(line.region()),
                text(line.operation()),
                text(line.serviceTier()),
                text(line.outcome()),
                Long.toString(line.contextBand()),
                text(line.meter()),
                line.quantity(),
                "",
                "",
                "",
                "",
                "",
                line.servicePeriod().from().toString(),
                line.servicePeriod().to().toString(),
                "billed before: " + line.billedQuantity() + " for " + line.billedAmount(),
                line.exactAmount(),
                line.amount(),
                text(line.usedBy().orElse(note.tenant())));
    }

    private static List<String> cells(InvoiceDocument invoice, InvoiceDocument.Line line) {
        return List.of(
                LINE,
                Integer.toString(line.number()),
                text(line.description()),
                text(line.provider()),
                text(line.model()),
                text(line.acceleratorType()),
                text(line.region()),
                text(line.operation()),
                text(line.serviceTier()),
                text(line.outcome()),
                Long.toString(line.contextBand()),
                text(line.meter()),
                line.quantity(),
                line.unitPrice().map(InvoiceDocument.UnitPrice::amount).orElse(""),
                line.unitPrice().map(price -> Long.toString(price.per())).orElse(""),
                text(line.price().book()),
                Integer.toString(line.price().version()),
                text(line.price().card()),
                line.servicePeriod().from().toString(),
                line.servicePeriod().to().toString(),
                text(line.explanation()),
                line.exactAmount(),
                line.amount(),
                text(line.usedBy().orElse(invoice.tenant())));
    }

    private static List<String> cells(StatementDocument.Item entry) {
        return Stream.of(
                        List.of(entry.step(), text(entry.id()), text(entry.description())),
                        Collections.nCopies(OF_PRODUCT, ""),
                        List.of(
                                entry.from(),
                                entry.to(),
                                text(entry.explanation()),
                                entry.amount(),
                                entry.amount(),
                                ""))
                .flatMap(List::stream)
                .toList();
    }

    /** Numbers are ours, and may start with a minus; texts are others'. */
    private static String text(String value) {
        return !value.isEmpty() && value.substring(0, 1).matches(FORMULA) ? "'" + value : value;
    }
}
