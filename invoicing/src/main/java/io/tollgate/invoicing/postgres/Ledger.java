package io.tollgate.invoicing.postgres;

import io.tollgate.invoicing.invoice.Invoice;
import io.tollgate.invoicing.invoice.InvoiceId;
import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.terms.Balances;
import io.tollgate.invoicing.terms.Posting;
import io.tollgate.invoicing.terms.Statement;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.YearMonth;
import java.util.Comparator;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;

/** What final invoices and their notes used of their tenants' balances. Entries are only ever added, with their document. */
public final class Ledger {

    private static final String BESIDES = "SELECT tenant, balance, currency,"
            + " sum(amount) FILTER (WHERE month <> :month) AS used,"
            + " sum(amount) FILTER (WHERE month <> :month AND settles) AS settled,"
            + " sum(amount) FILTER (WHERE month = :month AND settles) AS kept"
            + " FROM balance_posting WHERE tenant = ANY(:tenants) GROUP BY tenant, balance, currency";

    private static final String POSTED = "SELECT p.balance, p.currency, p.settles, sum(p.amount) AS amount,"
            + " max(p.limit_amount) AS most FROM balance_posting p JOIN invoice i ON i.id = p.invoice_id"
            + " WHERE p.tenant = :tenant AND p.month = :month AND i.of_revision = :revision"
            + " GROUP BY p.balance, p.currency, p.settles HAVING sum(p.amount) <> 0 ORDER BY p.balance, p.settles";

    private static final String INSERT = "INSERT INTO balance_posting (tenant, balance, month, invoice_id, currency,"
            + " amount, limit_amount, settles)"
            + " VALUES (:tenant, :balance, :month, :invoice, :currency, :amount, :limit, :settles)";
    /** Of PostgreSQL: what {@code refuse_overdraft} raises. */
    private static final String INTEGRITY_VIOLATED = "23000";

    private final Jdbi jdbi;

    public Ledger(Database database) {
        this.jdbi = database.jdbi();
    }

    /** The balances as an invoice of the month finds them, by tenant; those whom nothing is posted of are not in it. */
    public Map<String, Balances> besides(YearMonth month, Set<String> tenants) {
        return jdbi.withHandle(handle -> besides(handle, month, tenants));
    }

    /**
     * Adds what final invoices use, in the transaction that makes them final.
     *
     * @throws BalancesChangedException if one was computed from balances that are not so any more
     */
    static void append(Handle handle, List<Invoice> invoices) {
        List<Invoice> using = invoices.stream()
                .filter(invoice -> invoice.statement()
                        .filter(agreed -> !agreed.postings().isEmpty()
                                || !agreed.opening().equals(Balances.NONE))
                        .isPresent())
                .toList();
        requireUnchanged(handle, using);
        PreparedBatch batch = handle.prepareBatch(INSERT);
        using.forEach(invoice -> invoice.statement()
                .map(Statement::postings)
                .map(Ledger::ordered)
                .orElse(List.of())
                .forEach(posting -> bind(batch, invoice.id(), posting).add()));
        batch.execute();
    }

    /**
     * Holds the tenants' balances until the transaction ends: documents of one tenant draw one after the other, each
     * knowing what the one before it drew.
     *
     * @throws BalancesChangedException if an invoice was computed from balances that are not so any more
     */
    static void requireUnchanged(Handle handle, List<Invoice> computed) {
        lock(handle, computed.stream().map(invoice -> invoice.id().tenant()).collect(Collectors.toSet()));
        Map<YearMonth, List<Invoice>> byMonth = computed.stream()
                .collect(Collectors.groupingBy(invoice -> invoice.id().month()));
        byMonth.forEach((month, invoices) -> {
            Map<String, Balances> besides = besides(
                    handle,
                    month,
                    invoices.stream().map(invoice -> invoice.id().tenant()).collect(Collectors.toSet()));
            for (Invoice invoice : invoices) {
                String tenant = invoice.id().tenant();
                Balances now = besides.getOrDefault(tenant, Balances.NONE);
                // Who has no contract in the month uses none.
                if (!now.equals(invoice.statement().map(Statement::opening).orElse(now))) {
                    throw new BalancesChangedException(tenant);
                }
            }
        });
    }

    /** Holds the tenants' balances until the transaction ends; in one order, so that nobody waits for each other. */
    static void lock(Handle handle, Set<String> tenants) {
        handle.createQuery("SELECT pg_advisory_xact_lock(key) IS NULL FROM (SELECT DISTINCT"
                        + " hashtext('balance ' || tenant)::bigint AS key FROM unnest(:tenants::text[]) AS tenant"
                        + " ORDER BY key) AS ordered")
                .bindArray("tenants", String.class, List.copyOf(tenants))
                .mapTo(Boolean.class)
                .list();
    }

    /**
     * Adds postings of a document.
     *
     * @throws BalanceInUseException if a balance would be overdrawn: what is taken back was rolled over and used since
     */
    static void append(Handle handle, InvoiceId document, List<Posting> postings) {
        for (Posting posting : ordered(postings)) {
            try {
                bind(handle.createUpdate(INSERT), document, posting).execute();
            } catch (UnableToExecuteStatementException e) {
                if (e.getCause() instanceof SQLException cause && INTEGRITY_VIOLATED.equals(cause.getSQLState())) {
                    throw new BalanceInUseException(document.tenant(), posting.balance(), e);
                }
                throw e;
            }
        }
    }

    /** What is given back makes room for what is taken. */
    private static List<Posting> ordered(List<Posting> postings) {
        return postings.stream()
                .sorted(Comparator.comparing(
                                (Posting posting) -> posting.amount().signum())
                        .thenComparing(Posting::settles))
                .toList();
    }

    private static <S extends SqlStatement<S>> S bind(S insert, InvoiceId document, Posting posting) {
        return insert.bind("tenant", document.tenant())
                .bind("balance", posting.balance())
                .bind("month", document.month().toString())
                .bind("invoice", document.toString())
                .bind("currency", posting.amount().currency().getCurrencyCode())
                .bind("amount", posting.amount().amount())
                .bind("limit", posting.limit().amount())
                .bind("settles", posting.settles());
    }

    /** What an invoice and its notes use, each balance once for what is drawn and once for what is settled. */
    static List<Posting> posted(Handle handle, InvoiceId id) {
        return handle.createQuery(POSTED)
                .bind("tenant", id.tenant())
                .bind("month", id.month().toString())
                .bind("revision", id.revision())
                .map((row, context) -> new Posting(
                        row.getString("balance"),
                        money(row, "amount").orElseThrow(),
                        money(row, "most").orElseThrow(),
                        row.getBoolean("settles")))
                .list();
    }

    private static Map<String, Balances> besides(Handle handle, YearMonth month, Set<String> tenants) {
        Map<String, SortedMap<String, Money>> used = new HashMap<>();
        Map<String, SortedMap<String, Money>> settled = new HashMap<>();
        Map<String, SortedMap<String, Money>> kept = new HashMap<>();
        handle.createQuery(BESIDES)
                .bindArray("tenants", String.class, List.copyOf(tenants))
                .bind("month", month.toString())
                .map((row, context) -> {
                    // Zero tells that a balance was used once; of settlements it tells nothing.
                    money(row, "used").ifPresent(amount -> put(used, row, amount));
                    money(row, "settled")
                            .filter(amount -> amount.signum() != 0)
                            .ifPresent(amount -> put(settled, row, amount));
                    money(row, "kept")
                            .filter(amount -> amount.signum() != 0)
                            .ifPresent(amount -> put(kept, row, amount));
                    return row.getString("tenant");
                })
                .list();
        Map<String, Balances> balances = new HashMap<>();
        for (String tenant : tenants) {
            Balances each = new Balances(
                    used.getOrDefault(tenant, new TreeMap<>()),
                    settled.getOrDefault(tenant, new TreeMap<>()),
                    kept.getOrDefault(tenant, new TreeMap<>()));
            if (!each.equals(Balances.NONE)) {
                balances.put(tenant, each);
            }
        }
        return balances;
    }

    private static void put(Map<String, SortedMap<String, Money>> all, ResultSet row, Money amount) {
        try {
            all.computeIfAbsent(row.getString("tenant"), key -> new TreeMap<>()).put(row.getString("balance"), amount);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Optional<Money> money(ResultSet row, String column) throws SQLException {
        BigDecimal amount = row.getBigDecimal(column);
        return amount == null
                ? Optional.empty()
                : Optional.of(new Money(amount, Currency.getInstance(row.getString("currency"))));
    }
}
