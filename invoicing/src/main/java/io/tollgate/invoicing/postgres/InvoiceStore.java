package io.tollgate.invoicing.postgres;

import io.tollgate.invoicing.billrun.Waiver;
import io.tollgate.invoicing.contract.Contract;
import io.tollgate.invoicing.document.CanonicalJson;
import io.tollgate.invoicing.document.InvoiceDocument;
import io.tollgate.invoicing.invoice.BillingTerms;
import io.tollgate.invoicing.invoice.DocumentNumber;
import io.tollgate.invoicing.invoice.DocumentNumber.Series;
import io.tollgate.invoicing.invoice.Invoice;
import io.tollgate.invoicing.invoice.InvoiceId;
import io.tollgate.invoicing.invoice.InvoiceStatus;
import io.tollgate.invoicing.invoice.InvoiceStatus.Issue;
import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.usage.Evidence;
import io.tollgate.invoicing.usage.TenantMonth;
import io.tollgate.invoicing.webhook.Event;
import io.tollgate.invoicing.webhook.EventType;
import io.tollgate.schemas.Digest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Currency;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Final invoices. One never changes once it is here; the database refuses it. */
public final class InvoiceStore {

    private static final String COLUMNS = "SELECT tenant, month, revision, currency, exact_sum, subtotal, total,"
            + " line_count, event_count, digest, finalised_at, kind, issuer, number, due, due_on, of_revision,"
            + " EXISTS (SELECT 1 FROM voiding v WHERE v.invoice_id = invoice.id) AS void FROM invoice";

    private static final String INSERT = "INSERT INTO invoice (id, tenant, month, revision, currency,"
            + " exact_sum, subtotal, total, line_count, event_count, digest, finalised_at, document,"
            + " kind, issuer, number, due, due_on, of_revision, replaces)"
            + " VALUES (:id, :tenant, :month, :revision, :currency, :exactSum, :subtotal, :total,"
            + " :lineCount, :eventCount, :digest, :finalisedAt, :document, :kind, :issuer, :number, :due, :dueOn, :ofRevision,"
            + " :replaces)";

    private final Jdbi jdbi;
    private final BillingTerms terms;

    public InvoiceStore(Database database, BillingTerms terms) {
        this.jdbi = database.jdbi();
        this.terms = terms;
    }

    /**
     * What is kept after an invoice was saved.
     *
     * @param document canonical JSON: of two that are saved at once, both callers get the same
     * @param isNew whether it was kept by this very call
     */
    public record Saved(String document, boolean isNew) {}

    /**
     * Numbers and keeps a final invoice, what it uses of balances, and that it was finalised, unless one with its identity
     * is kept already.
     *
     * @throws IllegalArgumentException if it is not final
     * @throws BalancesChangedException if another invoice used its balances meanwhile; nothing is kept then
     * @throws MembersChangedException if it bills others than its contract has as members by now; nothing is kept then
     */
    public Saved save(Invoice invoice) {
        return save(invoice, List.of());
    }

    /**
     * Does so, and keeps who let what pass for it.
     *
     * @throws IllegalArgumentException if it is not final
     * @throws BalancesChangedException if another invoice used its balances meanwhile; nothing is kept then
     */
    public Saved save(Invoice invoice, List<Waiver> waivers) {
        boolean isNew = jdbi.inTransaction(handle -> {
            boolean kept = saveAll(handle, List.of(invoice)) > 0;
            if (kept) {
                Waivers.insert(handle, invoice.id(), waivers);
            }
            return kept;
        });
        return document(invoice.id())
                .map(document -> new Saved(document, isNew))
                .orElseThrow(() -> new IllegalStateException(invoice.id() + " was saved and is not there"));
    }

    /**
     * Does so with many, in one transaction. Whoever closes invoices of the same issuer at the same time waits until it
     * has ended.
     *
     * @return how many were kept by this very call
     * @throws IllegalArgumentException if one is not final
     * @throws BalancesChangedException if another invoice used the balances of one meanwhile
     * @throws MembersChangedException if one bills others than its contract has as members by now
     */
    int saveAll(Handle handle, List<Invoice> invoices) {
        if (invoices.isEmpty()) {
            return 0;
        }
        // The lines are most of the work, so they are written down before others must wait.
        List<InvoiceDocument> documents =
                invoices.stream().map(InvoiceDocument::of).toList();
        ContractStore.requirePayers(handle, invoices);
        Map<InvoiceId, InvoiceId> replaced = Revisions.replaced(handle, invoices);
        Map<String, Numbers> numbers = new TreeMap<>();
        // In one order, so that nobody waits for each other.
        new TreeSet<>(invoices.stream().map(this::issuer).toList())
                .forEach(issuer -> numbers.put(issuer, Numbers.lock(handle, issuer, Series.INVOICE)));
        // Nobody else of these issuers inserts from here on.
        Set<String> kept = kept(
                handle,
                invoices.stream().map(invoice -> invoice.id().toString()).toList());
        List<Row> rows = new ArrayList<>();
        List<Invoice> added = new ArrayList<>();
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < invoices.size(); i++) {
            Invoice invoice = invoices.get(i);
            if (!kept.contains(invoice.id().toString())) {
                InvoiceStatus.Final closed = closed(invoice);
                String issuer = issuer(invoice);
                Issue issue = new Issue(
                        Objects.requireNonNull(numbers.get(issuer)).draw(),
                        invoice.dueOn().orElseGet(() -> terms.dueOn(closed.finalisedAt())));
                Optional<InvoiceId> replaces = Optional.ofNullable(replaced.get(invoice.id()));
                rows.add(row(invoice, issuer, documents.get(i), closed.finalisedAt(), issue, replaces));
                added.add(invoice);
                events.add(Event.of(
                        EventType.INVOICE_FINALISED, invoice.as(closed.issuedAs(issue)), closed.finalisedAt()));
            }
        }
        Ledger.append(handle, added);
        insert(handle, rows);
        numbers.values().forEach(Numbers::keep);
        Outbox.append(handle, events);
        return rows.size();
    }

    /** Who issues it: whom the contract names, or the operator. */
    private String issuer(Invoice invoice) {
        return invoice.statement()
                .flatMap(agreed -> agreed.contract().billing())
                .map(Contract.Billing::issuer)
                .orElse(terms.issuer());
    }

    /** Which of these ids are kept already. */
    static Set<String> kept(Handle handle, List<String> ids) {
        return handle.createQuery("SELECT id FROM invoice WHERE id = ANY (:ids)")
                .bindArray("ids", String.class, ids)
                .mapTo(String.class)
                .set();
    }

    /** Which months of the tenants are final. */
    static Set<TenantMonth> closed(Handle handle, Collection<String> tenants) {
        return handle.createQuery("SELECT DISTINCT tenant, month FROM invoice WHERE tenant = ANY(:tenants)")
                .bindArray("tenants", String.class, List.copyOf(tenants))
                .map((row, context) ->
                        new TenantMonth(row.getString("tenant"), YearMonth.parse(row.getString("month"))))
                .set();
    }

    private static InvoiceStatus.Final closed(Invoice invoice) {
        if (invoice.status() instanceof InvoiceStatus.Final closed) {
            return closed;
        }
        throw new IllegalArgumentException("only final invoices are kept, not " + invoice.id());
    }

    /** A document as it is kept. */
    record Row(
            InvoiceId id,
            String issuer,
            Money exactSum,
            Money subtotal,
            Money total,
            Money due,
            int lineCount,
            Evidence evidence,
            Instant finalisedAt,
            String document,
            Issue issue,
            int ofRevision,
            Optional<InvoiceId> replaces) {}

    private static Row row(
            Invoice invoice,
            String issuer,
            InvoiceDocument document,
            Instant finalisedAt,
            Issue issue,
            Optional<InvoiceId> replaces) {
        return new Row(
                invoice.id(),
                issuer,
                invoice.exactSum(),
                invoice.subtotal(),
                invoice.total(),
                invoice.due(),
                invoice.lines().size(),
                invoice.evidence(),
                finalisedAt,
                CanonicalJson.write(document.issuedAs(issue)),
                issue,
                invoice.id().revision(),
                replaces);
    }

    static void insert(Handle handle, List<Row> rows) {
        PreparedBatch batch = handle.prepareBatch(INSERT);
        for (Row row : rows) {
            batch.bind("id", row.id().toString())
                    .bind("tenant", row.id().tenant())
                    .bind("month", row.id().month().toString())
                    .bind("revision", row.id().revision())
                    .bind("currency", row.total().currency().getCurrencyCode())
                    .bind("exactSum", row.exactSum().amount())
                    .bind("subtotal", row.subtotal().amount())
                    .bind("total", row.total().amount())
                    .bind("due", row.due().amount())
                    .bind("lineCount", row.lineCount())
                    .bind("eventCount", row.evidence().eventCount())
                    .bind("digest", row.evidence().digest().toString())
                    .bind("finalisedAt", row.finalisedAt().atOffset(ZoneOffset.UTC))
                    .bind("document", row.document())
                    .bind("kind", row.issue().number().series().label())
                    .bind("issuer", row.issuer())
                    .bind("number", row.issue().number().number())
                    .bind("dueOn", row.issue().dueOn())
                    .bind("ofRevision", row.ofRevision())
                    .bind("replaces", row.replaces().map(InvoiceId::toString).orElse(null))
                    .add();
        }
        if (!rows.isEmpty()) {
            batch.execute();
        }
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

    /**
     * The id of the next invoice of a month: its first, or the one after an invoice that was voided; empty if it has an
     * invoice that is not void.
     */
    public Optional<InvoiceId> next(String tenant, YearMonth month) {
        return jdbi.withHandle(handle -> Revisions.next(handle, tenant, month));
    }

    /** The invoice and its notes, in their order; none if the id is no invoice's. */
    static List<FinalInvoice> revisions(Handle handle, InvoiceId id) {
        return handle.createQuery(COLUMNS
                        + " WHERE tenant = :tenant AND month = :month AND of_revision = :revision ORDER BY revision")
                .bind("tenant", id.tenant())
                .bind("month", id.month().toString())
                .bind("revision", id.revision())
                .map((row, context) -> invoice(row))
                .list();
    }

    /** Their texts, in the same order. */
    static List<String> documents(Handle handle, InvoiceId id) {
        return handle.createQuery("SELECT document FROM invoice WHERE tenant = :tenant AND month = :month"
                        + " AND of_revision = :revision ORDER BY revision")
                .bind("tenant", id.tenant())
                .bind("month", id.month().toString())
                .bind("revision", id.revision())
                .mapTo(String.class)
                .list();
    }

    /** Invoices and notes of some tenants' month, in order of tenant and revision. */
    public List<FinalInvoice> list(YearMonth month, Collection<String> tenants) {
        return jdbi.withHandle(handle -> handle.createQuery(COLUMNS
                        + " WHERE month = :month AND tenant = ANY(:tenants) ORDER BY tenant COLLATE \"C\", revision")
                .bind("month", month.toString())
                .bindArray("tenants", String.class, List.copyOf(tenants))
                .map((row, context) -> invoice(row))
                .list());
    }

    /** Invoices and notes of a tenant or of all, of a month or of all, in order of month and tenant. */
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

    /**
     * The last month that has a final invoice, void or not, by tenant; those who have none are not in it.
     *
     * @param month whose invoices are computed: if what it had is void, it counts as open
     */
    public Map<String, YearMonth> closedThrough(Set<String> tenants, YearMonth month) {
        return jdbi.withHandle(handle -> Revisions.closedThrough(handle, tenants, month));
    }

    private static FinalInvoice invoice(ResultSet row) throws SQLException {
        Currency currency = Currency.getInstance(row.getString("currency"));
        return new FinalInvoice(
                new InvoiceId(row.getString("tenant"), YearMonth.parse(row.getString("month")), row.getInt("revision")),
                row.getInt("of_revision"),
                row.getBoolean("void"),
                new Money(row.getBigDecimal("exact_sum"), currency),
                new Money(row.getBigDecimal("subtotal"), currency),
                new Money(row.getBigDecimal("total"), currency),
                new Money(Optional.ofNullable(row.getBigDecimal("due")).orElse(row.getBigDecimal("total")), currency),
                row.getInt("line_count"),
                new Evidence(
                        row.getLong("event_count"),
                        Digest.ofBytes(HexFormat.of().parseHex(row.getString("digest")))),
                row.getObject("finalised_at", OffsetDateTime.class).toInstant(),
                Optional.ofNullable(row.getString("issuer")),
                issue(row));
    }

    private static Optional<Issue> issue(ResultSet row) throws SQLException {
        long number = row.getLong("number");
        return number == 0
                ? Optional.empty()
                : Optional.of(new Issue(
                        new DocumentNumber(Series.labelled(row.getString("kind")), number),
                        row.getObject("due_on", LocalDate.class)));
    }
}
