package io.tollgate.invoicing.rendering;

import io.tollgate.invoicing.document.ChargebackDocument;
import io.tollgate.invoicing.document.ChargebackDocument.Line;
import io.tollgate.invoicing.document.JournalDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Chargeback as CSV, made from the very documents that are handed out as JSON. */
public final class ChargebackCsv {

    private static final List<String> REPORT = List.of(
            "tenant",
            "period",
            "currency",
            "document",
            "cost_centre",
            "cost_centre_name",
            "parent",
            "kind",
            "id",
            "description",
            "provider",
            "model",
            "meter",
            "quantity",
            "rule",
            "rules_version",
            "exact_amount",
            "amount");
    private static final List<String> JOURNAL =
            List.of("date", "account", "debit", "credit", "currency", "cost_centre", "reference", "memo");

    private ChargebackCsv() {}

    /**
     * A row for each line of each cost centre, and last those of what is unallocated, which have no cost centre. The column
     * {@code amount} adds up to what is due.
     */
    public static byte[] write(ChargebackDocument report) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(REPORT);
        report.costCentres()
                .forEach(centre -> centre.lines()
                        .forEach(line -> rows.add(cells(
                                report,
                                List.of(Csv.text(centre.costCentre()), text(centre.name()), text(centre.parent())),
                                line))));
        report.unallocated().lines().forEach(line -> rows.add(cells(report, List.of("", "", ""), line)));
        return Csv.write(rows);
    }

    /** A row for each entry. */
    public static byte[] write(JournalDocument journal) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(JOURNAL);
        journal.entries()
                .forEach(entry -> rows.add(List.of(
                        entry.date(),
                        Csv.text(entry.account()),
                        entry.debit(),
                        entry.credit(),
                        entry.currency(),
                        text(entry.costCentre()),
                        Csv.text(entry.reference()),
                        Csv.text(entry.memo()))));
        return Csv.write(rows);
    }

    private static List<String> cells(ChargebackDocument report, List<String> centre, Line line) {
        List<String> cells = new ArrayList<>(
                List.of(Csv.text(report.tenant()), report.period(), report.currency(), Csv.text(line.document())));
        cells.addAll(centre);
        cells.addAll(List.of(
                line.kind(),
                text(line.id()),
                text(line.description()),
                text(line.provider()),
                text(line.model()),
                text(line.meter()),
                line.quantity().orElse(""),
                text(line.rule()),
                line.rulesVersion().map(version -> Integer.toString(version)).orElse(""),
                line.exactAmount(),
                line.amount()));
        return cells;
    }

    private static String text(Optional<String> value) {
        return value.map(Csv::text).orElse("");
    }
}
