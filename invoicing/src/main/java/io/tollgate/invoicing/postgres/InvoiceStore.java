package io.tollgate.invoicing.postgres;

import io.tollgate.invoicing.document.CanonicalJson;
import io.tollgate.invoicing.document.InvoiceDocument;
import io.tollgate.invoicing.invoice.Invoice;
import io.tollgate.invoicing.invoice.InvoiceId;
import io.tollgate.invoicing.invoice.InvoiceStatus;
import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.usage.Evidence;
import io.tollgate.invoicing.webhook.Event;
import io.tollgate.invoicing.webhook.EventType;
import io.tollgate.schemas.Digest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Currency;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Final invoices. One never changes once it is here; the database refuses it. */
public final class InvoiceStore {

    private static final String COLUMNS = "SELECT tenant, month, revision, currency, exact_sum, subtotal, total,"
            + " line_count, event_count, digest, finalised_at FROM invoice";

    private final Jdbi jdbi;

    public InvoiceStore(Database database) {
        this.jdbi = database.jdbi();
    }

    /**
     * What is kept after an invoice was saved.
     *
     * @param document canonical JSON: of two that are saved at once, both callers get the same
     * @param isNew whether it was kept by this very call
     */
    public record Saved(String document, boolean isNew) {}

    /**
     * Keeps a final invoice, what it uses of balances, and that it was finalised, unless one with its identity is kept
     * already.
     *
     * @throws IllegalArgumentException if it is not final
     * @throws BalancesChangedException if another invoice used its balances meanwhile; nothing is kept then
     */
    public Saved save(Invoice invoice) {
        if (!(invoice.status() instanceof InvoiceStatus.Final closed)) {
            throw new IllegalArgumentException("only final invoices are kept, not " + invoice.id());
        }
        boolean isNew = jdbi.inTransaction(handle -> {
            boolean inserted = insert(handle, invoice, closed);
            if (inserted) {
                Ledger.append(handle, invoice);
                Outbox.append(handle, Event.of(EventType.INVOICE_FINALISED, invoice, closed.finalisedAt()));
            }
            return inserted;
        });
        return document(invoice.id())
                .map(document -> new Saved(document, isNew))
                .orElseThrow(() -> new IllegalStateException(invoice.id() + " was saved and is not there"));
    }

    /** Whoever inserts the same at the same time waits here until the first is through. */
    private static boolean insert(Handle handle, Invoice invoice, InvoiceStatus.Final closed) {
        int inserted = handle.createUpdate("INSERT INTO invoice (id, tenant, month, revision, currency,"
                        + " exact_sum, subtotal, total, line_count, event_count, digest, finalised_at, document)"
                        + " VALUES (:id, :tenant, :month, :revision, :currency, :exactSum, :subtotal, :total,"
                        + " :lineCount, :eventCount, :digest, :finalisedAt, :document) ON CONFLICT (id) DO NOTHING")
                .bind("id", invoice.id().toString())
                .bind("tenant", invoice.id().tenant())
                .bind("month", invoice.id().month().toString())
                .bind("revision", invoice.id().revision())
                .bind("currency", invoice.currency().getCurrencyCode())
                .bind("exactSum", invoice.exactSum().amount())
                .bind("subtotal", invoice.subtotal().amount())
                .bind("total", invoice.total().amount())
                .bind("lineCount", invoice.lines().size())
                .bind("eventCount", invoice.evidence().eventCount())
                .bind("digest", invoice.evidence().digest().toString())
                .bind("finalisedAt", closed.finalisedAt().atOffset(ZoneOffset.UTC))
                .bind("document", CanonicalJson.write(InvoiceDocument.of(invoice)))
                .execute();
        return inserted > 0;
    }

    public Optional<FinalInvoice> find(InvoiceId id) {
        return jdbi.withHandle(handle -> handle.createQuery(COLUMNS + " WHERE id = :id")
                .bind("id", id.toString())
                .map((row, context) -> invoice(row))
                .findOne());
    }

    /** The canonical JSON of a final invoice: the same bytes whenever it is asked for. */
    public Optional<String> document(InvoiceId id) {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT document FROM invoice WHERE id = :id")
                .bind("id", id.toString())
                .mapTo(String.class)
                .findOne());
    }

    /** Those of a tenant or of all, of a month or of all, in order of month and tenant. */
    public List<FinalInvoice> list(Optional<String> tenant, Optional<YearMonth> month) {
        return jdbi.withHandle(handle -> handle.createQuery(COLUMNS
                        + " WHERE (:tenant::text IS NULL OR tenant = :tenant::text)"
                        + " AND (:month::text IS NULL OR month = :month::text)"
                        + " ORDER BY month, tenant COLLATE \"C\", revision")
                .bind("tenant", tenant.orElse(null))
                .bind("month", month.map(YearMonth::toString).orElse(null))
                .map((row, context) -> invoice(row))
                .list());
    }

    /** The last month before another whose invoice is final, by tenant; those who have none are not in it. */
    public Map<String, YearMonth> closedBefore(YearMonth month, Set<String> tenants) {
        Map<String, YearMonth> closed = new HashMap<>();
        jdbi.useHandle(handle -> handle.createQuery("SELECT tenant, max(month) AS month FROM invoice"
                        + " WHERE tenant = ANY(:tenants) AND month < :month GROUP BY tenant")
                .bindArray("tenants", String.class, List.copyOf(tenants))
                .bind("month", month.toString())
                .map((row, context) -> closed.put(row.getString("tenant"), YearMonth.parse(row.getString("month"))))
                .list());
        return closed;
    }

    private static FinalInvoice invoice(ResultSet row) throws SQLException {
        Currency currency = Currency.getInstance(row.getString("currency"));
        return new FinalInvoice(
                new InvoiceId(row.getString("tenant"), YearMonth.parse(row.getString("month")), row.getInt("revision")),
                new Money(row.getBigDecimal("exact_sum"), currency),
                new Money(row.getBigDecimal("subtotal"), currency),
                new Money(row.getBigDecimal("total"), currency),
                row.getInt("line_count"),
                new Evidence(
                        row.getLong("event_count"),
                        Digest.ofBytes(HexFormat.of().parseHex(row.getString("digest")))),
                row.getObject("finalised_at", OffsetDateTime.class).toInstant());
    }
}
