package io.tollgate.invoicing.postgres;

import io.tollgate.invoicing.billrun.RunException;
import io.tollgate.invoicing.billrun.Waiver;
import io.tollgate.invoicing.invoice.InvoiceId;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Who let what pass when an invoice was closed by itself, or a note was issued. */
final class Waivers {

    private Waivers() {}

    /** Keeps them, with the document, in its transaction. */
    static void insert(Handle handle, InvoiceId document, List<Waiver> waivers) {
        for (Waiver waiver : waivers) {
            handle.execute(
                    "INSERT INTO document_waiver (invoice_id, code, detail, waived_by, reason, waived_at)"
                            + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                    document.toString(),
                    waiver.exception().code(),
                    waiver.exception().detail(),
                    waiver.by(),
                    waiver.reason(),
                    waiver.at().atOffset(ZoneOffset.UTC));
        }
    }

    /** Those of an invoice and of its notes. */
    static List<Waiver> of(Handle handle, List<FinalInvoice> documents) {
        return handle.createQuery("SELECT * FROM document_waiver WHERE invoice_id = ANY (:ids)"
                        + " ORDER BY waived_at, code, detail")
                .bindArray(
                        "ids",
                        String.class,
                        documents.stream()
                                .map(document -> document.id().toString())
                                .toList())
                .map((row, context) -> new Waiver(
                        new RunException("", row.getString("code"), row.getString("detail")),
                        row.getString("waived_by"),
                        row.getString("reason"),
                        row.getObject("waived_at", OffsetDateTime.class).toInstant()))
                .list();
    }
}
