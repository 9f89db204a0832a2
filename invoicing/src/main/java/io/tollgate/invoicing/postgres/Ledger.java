package io.tollgate.invoicing.postgres;

import io.tollgate.invoicing.invoice.Invoice;
import io.tollgate.invoicing.invoice.InvoiceId;
import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.terms.Balances;
import io.tollgate.invoicing.terms.Posting;
import io.tollgate.invoicing.terms.Statement;
import java.math.BigDecimal;
import java.time.YearMonth;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** What final invoices used of their tenants' balances. Entries are only ever added, with the invoice they are of. */
public final class Ledger {

    private static final String USED = "SELECT tenant, balance, currency, sum(amount) AS used FROM balance_posting"
            + " WHERE tenant = ANY(:tenants) AND month < :month GROUP BY tenant, balance, currency";

    private final Jdbi jdbi;

    public Ledger(Database database) {
        this.jdbi = database.jdbi();
    }

    /** What invoices of earlier months used, by tenant; those who used nothing are not in it. */
    public Map<String, Balances> before(YearMonth month, Set<String> tenants) {
        return jdbi.withHandle(handle -> before(handle, month, tenants));
    }

    /**
     * Adds what a final invoice uses, in the transaction that makes it final.
     *
     * @throws BalancesChangedException if it was computed from balances that are not so any more
     */
    static void append(Handle handle, Invoice invoice) {
        List<Posting> postings = invoice.statement().map(Statement::postings).orElse(List.of());
        if (postings.isEmpty()) {
            return;
        }
        String tenant = invoice.id().tenant();
        // Invoices of one tenant draw one after the other, each knowing what the one before it drew.
        handle.execute("SELECT pg_advisory_xact_lock(hashtext('balance ' || ?))", tenant);
        Balances now = before(handle, invoice.id().month(), Set.of(tenant)).getOrDefault(tenant, Balances.NONE);
        if (drewAfter(handle, invoice.id().month(), tenant)
                || !now.equals(invoice.statement().orElseThrow().opening())) {
            throw new BalancesChangedException(tenant);
        }
        for (Posting posting : postings) {
            handle.createUpdate("INSERT INTO balance_posting (tenant, balance, month, invoice_id, currency, amount,"
                            + " limit_amount) VALUES (:tenant, :balance, :month, :invoice, :currency, :amount, :limit)")
                    .bind("tenant", tenant)
                    .bind("balance", posting.balance())
                    .bind("month", invoice.id().month().toString())
                    .bind("invoice", invoice.id().toString())
                    .bind("currency", posting.amount().currency().getCurrencyCode())
                    .bind("amount", posting.amount().amount())
                    .bind("limit", posting.limit().amount())
                    .execute();
        }
    }

    /** Whether a later invoice of the tenant than the month's used any balance. */
    public boolean drewAfter(YearMonth month, String tenant) {
        return jdbi.withHandle(handle -> drewAfter(handle, month, tenant));
    }

    private static boolean drewAfter(Handle handle, YearMonth month, String tenant) {
        return handle.createQuery(
                        "SELECT EXISTS (SELECT 1 FROM balance_posting WHERE tenant = :tenant AND month > :month)")
                .bind("tenant", tenant)
                .bind("month", month.toString())
                .mapTo(Boolean.class)
                .one();
    }

    /** Whether the invoice, computed anew, would use balances otherwise than it did when it was closed. */
    static boolean usesOtherwise(Handle handle, Invoice now) {
        Map<String, BigDecimal> posted = new TreeMap<>();
        handle.createQuery("SELECT balance, sum(amount) AS used FROM balance_posting WHERE invoice_id = :id"
                        + " GROUP BY balance")
                .bind("id", now.id().toString())
                .map((row, context) -> posted.put(
                        row.getString("balance"), row.getBigDecimal("used").stripTrailingZeros()))
                .list();
        Map<String, BigDecimal> wanted = new TreeMap<>();
        now.statement()
                .map(Statement::postings)
                .orElse(List.of())
                .forEach(posting ->
                        wanted.merge(posting.balance(), posting.amount().amount(), BigDecimal::add));
        wanted.replaceAll((balance, amount) -> amount.stripTrailingZeros());
        wanted.values().removeIf(amount -> amount.signum() == 0);
        return !posted.equals(wanted);
    }

    /** Whether an invoice used any balance. */
    static boolean hasPostings(Handle handle, InvoiceId id) {
        return handle.createQuery("SELECT EXISTS (SELECT 1 FROM balance_posting WHERE invoice_id = :id)")
                .bind("id", id.toString())
                .mapTo(Boolean.class)
                .one();
    }

    private static Map<String, Balances> before(Handle handle, YearMonth month, Set<String> tenants) {
        Map<String, Map<String, Money>> used = new HashMap<>();
        handle.createQuery(USED)
                .bindArray("tenants", String.class, List.copyOf(tenants))
                .bind("month", month.toString())
                .map((row, context) -> used.computeIfAbsent(row.getString("tenant"), key -> new HashMap<>())
                        .put(
                                row.getString("balance"),
                                new Money(row.getBigDecimal("used"), Currency.getInstance(row.getString("currency")))))
                .list();
        Map<String, Balances> balances = new HashMap<>();
        used.forEach((tenant, each) -> balances.put(tenant, Balances.of(each)));
        return balances;
    }
}
