package io.tollgate.invoicing.postgres;

import io.tollgate.invoicing.billrun.BillRun;
import io.tollgate.invoicing.billrun.BillRun.State;
import io.tollgate.invoicing.billrun.BillRunId;
import io.tollgate.invoicing.billrun.RunException;
import io.tollgate.invoicing.billrun.Waiver;
import io.tollgate.invoicing.invoice.Invoice;
import io.tollgate.invoicing.invoice.InvoiceId;
import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.webhook.Event;
import io.tollgate.invoicing.webhook.EventType;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BiFunction;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Bill runs, their tenants, what stands in their way, and who let it pass. */
public final class BillRunStore {

    private static final String OPEN = "INSERT INTO bill_run (id, issuer, month, state, started_at, updated_at)"
            + " VALUES (:id, :issuer, :month, 'running', :now, :now)"
            + " ON CONFLICT (id) DO UPDATE SET state = 'running', failure = NULL, updated_at = excluded.updated_at"
            + " WHERE bill_run.state <> 'finished'";

    private static final String CLAIM = "SELECT tenant FROM bill_run_tenant"
            + " WHERE run_id = :run AND state = 'pending' ORDER BY tenant LIMIT :limit FOR UPDATE ";

    /** The invoice says what it came to: it may have been closed before, by itself. */
    private static final String SETTLE = "UPDATE bill_run_tenant t SET"
            + " state = CASE WHEN i.id IS NOT NULL THEN 'invoiced' ELSE s.state END,"
            + " currency = i.currency, total = i.total"
            + " FROM unnest(:tenants::text[], :ids::text[], :states::text[]) AS s (tenant, invoice, state)"
            + " LEFT JOIN invoice i ON i.id = s.invoice"
            + " WHERE t.run_id = :run AND t.tenant = s.tenant";

    /**
     * Of whom an invoice of the month was voided, the newest says how he stands: voiding and billing again are told here
     * when they happen, and not when a run last looked.
     */
    private static final String COUNTS = "WITH newest AS (SELECT DISTINCT ON (i.tenant) i.tenant, i.id, i.currency,"
            + " i.total, EXISTS (SELECT 1 FROM voiding v WHERE v.invoice_id = i.id) AS void FROM invoice i"
            + " WHERE i.kind = 'invoice' AND i.month = :month AND i.tenant IN (SELECT f.tenant FROM voiding v"
            + " JOIN invoice f ON f.id = v.invoice_id WHERE f.month = :month) ORDER BY i.tenant, i.revision DESC)"
            + " SELECT state, currency, count(*) AS tenants, sum(total) AS total,"
            + " array_agg(id ORDER BY tenant) FILTER (WHERE state = 'voided') AS ids FROM (SELECT t.tenant, n.id,"
            + " CASE WHEN n.void THEN 'voided' ELSE t.state END AS state,"
            + " CASE WHEN n.id IS NULL THEN t.currency WHEN NOT n.void THEN n.currency END AS currency,"
            + " CASE WHEN n.id IS NULL THEN t.total WHEN NOT n.void THEN n.total END AS total"
            + " FROM bill_run_tenant t LEFT JOIN newest n ON n.tenant COLLATE \"C\" = t.tenant AND t.state = 'invoiced'"
            + " WHERE t.run_id = :id) s GROUP BY state, currency ORDER BY currency";

    private final Jdbi jdbi;
    private final InvoiceStore invoices;

    public BillRunStore(Database database, InvoiceStore invoices) {
        this.jdbi = database.jdbi();
        this.invoices = invoices;
    }

    /**
     * What became of a batch of tenants. Whoever is in none of these used nothing.
     *
     * @param closed final invoices, to be kept
     * @param exceptions all there are, waived or not
     * @param blocked tenants that stay open
     */
    public record Batch(List<Invoice> closed, List<RunException> exceptions, Set<String> blocked) {}

    /** Begins the run, or goes on with it: who was blocked, or had used nothing, gets another turn. */
    public void open(BillRunId id, Instant now) {
        jdbi.useTransaction(handle -> {
            handle.createUpdate(OPEN)
                    .bind("id", id.toString())
                    .bind("issuer", id.issuer())
                    .bind("month", id.month().toString())
                    .bind("now", now.atOffset(ZoneOffset.UTC))
                    .execute();
            int again = handle.execute(
                    "UPDATE bill_run_tenant SET state = 'pending' WHERE run_id = ? AND state IN ('blocked', 'nothing')",
                    id.toString());
            if (again > 0) {
                goOn(handle, id);
            }
        });
    }

    private static void goOn(Handle handle, BillRunId id) {
        handle.execute("UPDATE bill_run SET state = 'running' WHERE id = ? AND state = 'finished'", id.toString());
    }

    /** Puts tenants on the run, unless they are on it; a finished one goes on if there are new ones. */
    public void enrol(BillRunId id, List<String> tenants) {
        jdbi.useTransaction(handle -> {
            int added = handle.createUpdate("INSERT INTO bill_run_tenant (run_id, tenant, state)"
                            + " SELECT :run, tenant, 'pending' FROM unnest(:tenants::text[]) AS tenant"
                            + " ON CONFLICT DO NOTHING")
                    .bind("run", id.toString())
                    .bindArray("tenants", String.class, tenants)
                    .execute();
            if (added > 0) {
                goOn(handle, id);
            }
        });
    }

    /**
     * Takes the next tenants, has them worked on, and keeps what came of it, in one transaction: after a crash it is done
     * whole or not at all. Others that work on the run take other tenants; when there are none left, it waits for those
     * that others work on, and takes them if the others do not get through.
     *
     * @param work gets tenants that have no final invoice, and the ids of exceptions that are waived
     * @return how many invoices were made; empty if there is nothing more to do
     */
    public OptionalInt batch(BillRunId id, int limit, Instant now, BiFunction<List<String>, Set<String>, Batch> work) {
        return jdbi.inTransaction(handle -> {
            List<String> tenants = claim(handle, id, limit, "SKIP LOCKED");
            if (tenants.isEmpty()) {
                tenants = claim(handle, id, limit, "");
            }
            if (tenants.isEmpty()) {
                return OptionalInt.empty();
            }
            Set<String> kept = InvoiceStore.kept(handle, invoiceIds(id, tenants));
            List<String> open = tenants.stream()
                    .filter(tenant -> !kept.contains(invoiceId(id, tenant)))
                    .toList();
            Batch batch =
                    open.isEmpty() ? new Batch(List.of(), List.of(), Set.of()) : work.apply(open, waived(handle, id));
            int made = invoices.saveAll(handle, batch.closed());
            replaceExceptions(handle, id, tenants, batch.exceptions());
            settle(handle, id, tenants, batch.blocked());
            handle.execute(
                    "UPDATE bill_run SET updated_at = ? WHERE id = ?", now.atOffset(ZoneOffset.UTC), id.toString());
            return OptionalInt.of(made);
        });
    }

    /** Replaces the exceptions that are nobody's; whether all there are now are waived. */
    public boolean areWaived(BillRunId id, List<RunException> nobodys) {
        return jdbi.inTransaction(handle -> {
            replaceExceptions(handle, id, List.of(""), nobodys);
            Set<String> waived = waived(handle, id);
            return nobodys.stream().map(RunException::id).allMatch(waived::contains);
        });
    }

    /** Ends the run, unless somebody still works on it or has ended it. */
    public void end(BillRunId id, boolean blocked, Instant now) {
        jdbi.useTransaction(handle -> {
            String was = handle.createQuery("SELECT state FROM bill_run WHERE id = :id FOR UPDATE")
                    .bind("id", id.toString())
                    .mapTo(String.class)
                    .one();
            BillRun run = find(handle, id).orElseThrow();
            boolean hasEnded = was.equals(State.FINISHED.label()) || was.equals(State.BLOCKED.label());
            if (hasEnded || (run.pending() > 0 && !blocked)) {
                return;
            }
            State state = blocked || run.blocked() > 0 ? State.BLOCKED : State.FINISHED;
            become(handle, id, state, Optional.empty(), now);
            Outbox.append(
                    handle,
                    Event.of(
                            EventType.BILL_RUN_ENDED,
                            new Event.BillRunHead(
                                    id.toString(),
                                    id.month().toString(),
                                    id.issuer(),
                                    state.label(),
                                    run.invoiced(),
                                    run.blocked(),
                                    "/v1/bill-runs/" + id),
                            now));
        });
    }

    /** Notes that something broke. */
    public void fail(BillRunId id, String failure, Instant now) {
        jdbi.useHandle(handle -> become(handle, id, State.FAILED, Optional.of(failure), now));
    }

    public Optional<BillRun> find(BillRunId id) {
        return jdbi.withHandle(handle -> find(handle, id));
    }

    /** All runs, the latest month first. */
    public List<BillRun> list() {
        return jdbi.withHandle(handle -> handle
                .createQuery("SELECT month, issuer FROM bill_run ORDER BY month DESC, issuer")
                .map((row, context) -> BillRunId.parse(row.getString("month") + "." + row.getString("issuer"))
                        .orElseThrow())
                .list()
                .stream()
                .flatMap(id -> find(handle, id).stream())
                .toList());
    }

    /**
     * The run's exceptions by tenant, nobody's first.
     *
     * @param after tenant and id of one: only those that come after it
     */
    public List<RunException> exceptions(BillRunId id, Optional<List<String>> after, int limit) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "SELECT tenant, code, detail FROM bill_run_exception WHERE run_id = :run"
                                + " AND (:tenant::text IS NULL OR (tenant, id) > (:tenant::text, :id::text))"
                                + " ORDER BY tenant, id LIMIT :limit")
                .bind("run", id.toString())
                .bind("tenant", after.map(last -> last.get(0)).orElse(null))
                .bind("id", after.map(last -> last.get(1)).orElse(null))
                .bind("limit", limit)
                .map((row, context) -> exception(row))
                .list());
    }

    /** Lets pass what is on the list and fits: of the code, and of the tenant, if one is given. How many those are. */
    public int waive(BillRunId id, String code, Optional<String> tenant, String by, String reason, Instant now) {
        return jdbi.withHandle(handle -> handle.createUpdate("INSERT INTO waiver"
                        + " (run_id, exception_id, tenant, code, detail, waived_by, reason, waived_at)"
                        + " SELECT run_id, id, tenant, code, detail, :by, :reason, :now FROM bill_run_exception"
                        + " WHERE run_id = :run AND code = :code AND (:tenant::text IS NULL OR tenant = :tenant::text)"
                        + " ON CONFLICT DO NOTHING")
                .bind("run", id.toString())
                .bind("code", code)
                .bind("tenant", tenant.orElse(null))
                .bind("by", by)
                .bind("reason", reason)
                .bind("now", now.atOffset(ZoneOffset.UTC))
                .execute());
    }

    /** The waivers of these exceptions, by their ids. */
    public Map<String, Waiver> waivers(BillRunId id, Collection<RunException> exceptions) {
        Map<String, Waiver> waivers = new HashMap<>();
        jdbi.useHandle(handle -> handle.createQuery(
                        "SELECT * FROM waiver WHERE run_id = :run AND exception_id = ANY (:ids)")
                .bind("run", id.toString())
                .bindArray(
                        "ids",
                        String.class,
                        exceptions.stream().map(RunException::id).toList())
                .map((row, context) -> new Waiver(
                        exception(row),
                        row.getString("waived_by"),
                        row.getString("reason"),
                        row.getObject("waived_at", OffsetDateTime.class).toInstant()))
                .forEach(waiver -> waivers.put(waiver.exception().id(), waiver)));
        return waivers;
    }

    private static List<String> claim(Handle handle, BillRunId id, int limit, String whenLocked) {
        return handle.createQuery(CLAIM + whenLocked)
                .bind("run", id.toString())
                .bind("limit", limit)
                .mapTo(String.class)
                .list();
    }

    private static Set<String> waived(Handle handle, BillRunId id) {
        return handle.createQuery("SELECT exception_id FROM waiver WHERE run_id = :run")
                .bind("run", id.toString())
                .mapTo(String.class)
                .set();
    }

    private static void replaceExceptions(
            Handle handle, BillRunId id, List<String> tenants, List<RunException> exceptions) {
        handle.createUpdate("DELETE FROM bill_run_exception WHERE run_id = :run AND tenant = ANY (:tenants)")
                .bind("run", id.toString())
                .bindArray("tenants", String.class, tenants)
                .execute();
        if (exceptions.isEmpty()) {
            return;
        }
        PreparedBatch batch = handle.prepareBatch("INSERT INTO bill_run_exception (run_id, id, tenant, code, detail)"
                + " VALUES (:run, :id, :tenant, :code, :detail) ON CONFLICT DO NOTHING");
        for (RunException exception : exceptions) {
            batch.bind("run", id.toString())
                    .bind("id", exception.id())
                    .bind("tenant", exception.tenant())
                    .bind("code", exception.code())
                    .bind("detail", exception.detail())
                    .add();
        }
        batch.execute();
    }

    private static void settle(Handle handle, BillRunId id, List<String> tenants, Set<String> blocked) {
        handle.createUpdate(SETTLE)
                .bind("run", id.toString())
                .bindArray("tenants", String.class, tenants)
                .bindArray("ids", String.class, invoiceIds(id, tenants))
                .bindArray(
                        "states",
                        String.class,
                        tenants.stream()
                                .map(tenant -> blocked.contains(tenant) ? "blocked" : "nothing")
                                .toList())
                .execute();
    }

    private static void become(Handle handle, BillRunId id, State state, Optional<String> failure, Instant now) {
        handle.createUpdate("UPDATE bill_run SET state = :state, failure = :failure, updated_at = :now WHERE id = :id")
                .bind("state", state.label())
                .bind("failure", failure.orElse(null))
                .bind("now", now.atOffset(ZoneOffset.UTC))
                .bind("id", id.toString())
                .execute();
    }

    private static Optional<BillRun> find(Handle handle, BillRunId id) {
        Map<String, Long> counts = new HashMap<>();
        List<Money> totals = new ArrayList<>();
        List<String> voided = new ArrayList<>();
        handle.createQuery(COUNTS)
                .bind("id", id.toString())
                .bind("month", id.month().toString())
                .map((row, context) -> {
                    String currency = row.getString("currency");
                    if (currency != null) {
                        totals.add(new Money(row.getBigDecimal("total"), Currency.getInstance(currency)));
                    }
                    if (row.getArray("ids") != null) {
                        voided.addAll(List.of((String[]) row.getArray("ids").getArray()));
                    }
                    return Map.entry(row.getString("state"), row.getLong("tenants"));
                })
                .forEach(count -> counts.merge(count.getKey(), count.getValue(), Long::sum));
        return handle.createQuery(
                        "SELECT r.*, (SELECT count(*) FROM bill_run_exception WHERE run_id = r.id) AS exceptions"
                                + " FROM bill_run r WHERE id = :id")
                .bind("id", id.toString())
                .map((row, context) -> new BillRun(
                        id,
                        State.labelled(row.getString("state")),
                        Optional.ofNullable(row.getString("failure")),
                        row.getObject("started_at", OffsetDateTime.class).toInstant(),
                        row.getObject("updated_at", OffsetDateTime.class).toInstant(),
                        counts.getOrDefault("pending", 0L),
                        counts.getOrDefault("invoiced", 0L),
                        counts.getOrDefault("nothing", 0L),
                        counts.getOrDefault("blocked", 0L),
                        voided,
                        totals,
                        row.getLong("exceptions")))
                .findOne();
    }

    private static RunException exception(ResultSet row) throws SQLException {
        return new RunException(row.getString("tenant"), row.getString("code"), row.getString("detail"));
    }

    private static List<String> invoiceIds(BillRunId id, List<String> tenants) {
        return tenants.stream().map(tenant -> invoiceId(id, tenant)).toList();
    }

    private static String invoiceId(BillRunId id, String tenant) {
        return new InvoiceId(tenant, id.month(), InvoiceId.FIRST_REVISION).toString();
    }
}
