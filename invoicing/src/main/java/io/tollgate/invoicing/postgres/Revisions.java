package io.tollgate.invoicing.postgres;

import io.tollgate.invoicing.invoice.Invoice;
import io.tollgate.invoicing.invoice.InvoiceId;
import java.time.YearMonth;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** Which months have an invoice that is not void, and what may be billed in the place of one that is. */
final class Revisions {

    private static final String NEWEST = "SELECT max(revision) AS newest, bool_and(EXISTS"
            + " (SELECT 1 FROM voiding v WHERE v.invoice_id = i.id)) FILTER (WHERE kind = 'invoice') AS void"
            + " FROM invoice i WHERE tenant = :tenant AND month = :month";

    private static final String REPLACED = "SELECT i.revision FROM invoice i JOIN voiding v ON v.invoice_id = i.id"
            + " WHERE i.tenant = :tenant AND i.month = :month AND i.revision < :revision"
            + " ORDER BY i.revision DESC LIMIT 1 FOR UPDATE OF i";
    /** Of a void month only its next invoice is told that it is open: others may be closed before it, or without it. */
    private static final String CLOSED_THROUGH = "SELECT tenant, max(month) AS month FROM invoice i"
            + " WHERE tenant = ANY(:tenants) AND (month <> :month OR EXISTS (SELECT 1 FROM invoice n"
            + " WHERE n.tenant = i.tenant AND n.month = i.month AND n.kind = 'invoice'"
            + " AND NOT EXISTS (SELECT 1 FROM voiding v WHERE v.invoice_id = n.id))) GROUP BY tenant";

    private Revisions() {}

    /** The id of the month's next invoice; empty if it has one that is not void. */
    static Optional<InvoiceId> next(Handle handle, String tenant, YearMonth month) {
        return handle.createQuery(NEWEST)
                .bind("tenant", tenant)
                .bind("month", month.toString())
                .map((row, context) -> {
                    int newest = row.getInt("newest");
                    return newest == 0 || row.getBoolean("void")
                            ? Optional.of(new InvoiceId(tenant, month, newest + 1))
                            : Optional.<InvoiceId>empty();
                })
                .one();
    }

    /**
     * The void invoices in whose place some of these are. Their rows stay locked, so of two that bill a month again one
     * waits, also where a mended contract names another issuer.
     */
    static Map<InvoiceId, InvoiceId> replaced(Handle handle, List<Invoice> invoices) {
        Map<InvoiceId, InvoiceId> replaced = new HashMap<>();
        for (Invoice invoice : invoices) {
            InvoiceId id = invoice.id();
            if (id.revision() != InvoiceId.FIRST_REVISION) {
                int revision = handle.createQuery(REPLACED)
                        .bind("tenant", id.tenant())
                        .bind("month", id.month().toString())
                        .bind("revision", id.revision())
                        .mapTo(Integer.class)
                        .findOne()
                        .orElseThrow(() -> new IllegalArgumentException("no void invoice is before " + id));
                replaced.put(id, new InvoiceId(id.tenant(), id.month(), revision));
                if (!next(handle, id.tenant(), id.month()).equals(Optional.of(id))
                        && InvoiceStore.kept(handle, List.of(id.toString())).isEmpty()) {
                    throw new IllegalArgumentException(id + " is not the next invoice of its month");
                }
            }
        }
        return replaced;
    }

    /**
     * The last month that has a final invoice, by tenant.
     *
     * @param month whose invoices are computed: if what it had is void, it counts as open
     */
    static Map<String, YearMonth> closedThrough(Handle handle, Set<String> tenants, YearMonth month) {
        Map<String, YearMonth> closed = new HashMap<>();
        handle.createQuery(CLOSED_THROUGH)
                .bind("month", month.toString())
                .bindArray("tenants", String.class, List.copyOf(tenants))
                .map((row, context) -> closed.put(row.getString("tenant"), YearMonth.parse(row.getString("month"))))
                .list();
        return closed;
    }
}
