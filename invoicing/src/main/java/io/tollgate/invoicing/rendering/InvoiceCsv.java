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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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
        List<List<String>> rows = new ArrayList<>();
        invoice.lines().forEach(line -> rows.add(row(invoice, line)));
        invoice.contract().map(StatementDocument::entries).orElse(List.of()).stream()
                .map(entry -> row(invoice, entry))
                .forEach(rows::add);
        return write(rows);
    }

    /** A note by the same columns; its amounts are differences, and so negative where something is credited. */
    public static byte[] write(NoteDocument note) {
        List<List<String>> rows = new ArrayList<>();
        note.lines().forEach(line -> rows.add(row(note, line)));
        note.contract().map(StatementDocument::entries).orElse(List.of()).stream()
                .map(entry -> row(note, entry))
                .forEach(rows::add);
        return write(rows);
    }

    private static byte[] write(List<List<String>> rows) {
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

    private static List<String> row(NoteDocument note, NoteDocument.Line line) {
        return List.of(
                text(note.id()),
                note.kind(),
                text(note.tenant()),
                note.period(),
                note.currency(),
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

    private static List<String> row(NoteDocument note, StatementDocument.Item entry) {
        return row(
                List.of(
                        text(note.id()),
                        note.kind(),
                        text(note.tenant()),
                        note.period(),
                        note.currency(),
                        entry.step(),
                        text(entry.id()),
                        text(entry.description())),
                entry);
    }

    private static List<String> row(InvoiceDocument invoice, InvoiceDocument.Line line) {
        return List.of(
                text(invoice.id()),
                invoice.status(),
                text(invoice.tenant()),
                invoice.period(),
                invoice.currency(),
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

    private static List<String> row(InvoiceDocument invoice, StatementDocument.Item entry) {
        return row(
                List.of(
                        text(invoice.id()),
                        invoice.status(),
                        text(invoice.tenant()),
                        invoice.period(),
                        invoice.currency(),
                        entry.step(),
                        text(entry.id()),
                        text(entry.description())),
                entry);
    }

    private static List<String> row(List<String> head, StatementDocument.Item entry) {
        return Stream.of(
                        head,
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
