package io.tollgate.invoicing.rendering;

import io.tollgate.invoicing.document.InvoiceDocument;
import io.tollgate.invoicing.document.NoteDocument;
import io.tollgate.invoicing.document.StatementDocument;
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

    private InvoiceCsv() {}

    public static byte[] write(InvoiceDocument invoice) {
        return write(
                List.of(
                        Csv.text(invoice.id()),
                        invoice.status(),
                        Csv.text(invoice.tenant()),
                        invoice.period(),
                        invoice.currency()),
                invoice.lines().stream().map(line -> cells(invoice, line)),
                invoice.contract());
    }

    /** A note by the same columns; its amounts are differences, and so negative where something is credited. */
    public static byte[] write(NoteDocument note) {
        return write(
                List.of(Csv.text(note.id()), note.kind(), Csv.text(note.tenant()), note.period(), note.currency()),
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
        return Csv.write(Stream.concat(Stream.of(HEADER), rows.stream()).toList());
    }

    private static List<String> cells(NoteDocument note, NoteDocument.Line line) {
        return List.of(
                LINE,
                Integer.toString(line.number()),
                Csv.text((line.provider() + " " + line.model()).strip() + ": " + line.meter()
                        + line.reservation()
                                .map(id -> " (reservation " + id + ")")
                                .orElse("")),
                Csv.text(line.provider()),
                Csv.text(line.model()),
                Csv.text(line.acceleratorType()),
                Csv.text(line.region()),
                Csv.text(line.operation()),
                Csv.text(line.serviceTier()),
                Csv.text(line.outcome()),
                Long.toString(line.contextBand()),
                Csv.text(line.meter()),
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
                Csv.text(line.usedBy().orElse(note.tenant())));
    }

    private static List<String> cells(InvoiceDocument invoice, InvoiceDocument.Line line) {
        return List.of(
                LINE,
                Integer.toString(line.number()),
                Csv.text(line.description()),
                Csv.text(line.provider()),
                Csv.text(line.model()),
                Csv.text(line.acceleratorType()),
                Csv.text(line.region()),
                Csv.text(line.operation()),
                Csv.text(line.serviceTier()),
                Csv.text(line.outcome()),
                Long.toString(line.contextBand()),
                Csv.text(line.meter()),
                line.quantity(),
                line.unitPrice().map(InvoiceDocument.UnitPrice::amount).orElse(""),
                line.unitPrice().map(price -> Long.toString(price.per())).orElse(""),
                Csv.text(line.price().book()),
                Integer.toString(line.price().version()),
                Csv.text(line.price().card()),
                line.servicePeriod().from().toString(),
                line.servicePeriod().to().toString(),
                Csv.text(line.explanation()),
                line.exactAmount(),
                line.amount(),
                Csv.text(line.usedBy().orElse(invoice.tenant())));
    }

    private static List<String> cells(StatementDocument.Item entry) {
        return Stream.of(
                        List.of(entry.step(), Csv.text(entry.id()), Csv.text(entry.description())),
                        Collections.nCopies(OF_PRODUCT, ""),
                        List.of(
                                entry.from(),
                                entry.to(),
                                Csv.text(entry.explanation()),
                                entry.amount(),
                                entry.amount(),
                                ""))
                .flatMap(List::stream)
                .toList();
    }
}
