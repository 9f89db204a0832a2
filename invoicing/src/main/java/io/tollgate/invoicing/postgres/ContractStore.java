package io.tollgate.invoicing.postgres;

import io.tollgate.invoicing.contract.Contract;
import io.tollgate.invoicing.contract.ContractHistory;
import io.tollgate.invoicing.contract.ContractVersion;
import io.tollgate.invoicing.contract.PayerCheck;
import io.tollgate.invoicing.contract.Payers;
import io.tollgate.invoicing.document.CanonicalJson;
import io.tollgate.invoicing.document.ContractDocument;
import io.tollgate.invoicing.invoice.BillingPeriod;
import io.tollgate.invoicing.invoice.Invoice;
import io.tollgate.invoicing.usage.TimeRange;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Published contracts. A version never changes once it is here. */
public final class ContractStore {

    /** The lock on who pays for whom: held alone to change it, and by many to save invoices that follow from it. */
    private static final String PAYERS = "hashtext('who pays for whom')";

    private static final String COLUMNS = "SELECT version, published_at, document FROM contract";

    private final Jdbi jdbi;

    public ContractStore(Database database) {
        this.jdbi = database.jdbi();
    }

    /** A version with the time of its publication. */
    public record Published(ContractVersion contract, Instant publishedAt) {}

    /**
     * What became of the wish to publish a contract.
     *
     * @param published the latest version; empty if another currency than that of the versions before was wished for, or
     *     it was refused
     * @param isNew whether it was published by this very call, and did not say the same already
     * @param refusals why it cannot be in force beside what else is agreed on who pays for whom
     */
    public record Publication(Optional<Published> published, boolean isNew, List<PayerCheck.Refusal> refusals) {}

    /** Publishes the contract as the tenant's next version, unless the latest one says the same. */
    public Publication publish(Contract contract, Instant now) {
        return jdbi.inTransaction(handle -> {
            // One publication at a time, or two would agree on the same member; and none while invoices are saved that
            // it would make others of.
            handle.execute("SELECT pg_advisory_xact_lock(" + PAYERS + ")");
            Optional<Published> latest = latest(handle, contract.tenant());
            if (latest.isPresent() && latest.get().contract().content().equals(contract)) {
                return new Publication(latest, false, List.of());
            }
            if (latest.isPresent() && !sameCurrencies(latest.get().contract().content(), contract)) {
                return new Publication(Optional.empty(), false, List.of());
            }
            List<PayerCheck.Refusal> refusals = refusals(handle, contract);
            if (!refusals.isEmpty()) {
                return new Publication(Optional.empty(), false, refusals);
            }
            int version = latest.map(each -> each.contract().version() + 1).orElse(1);
            handle.createUpdate("INSERT INTO contract (tenant, version, effective_from, published_at, document)"
                            + " VALUES (:tenant, :version, :effectiveFrom, :publishedAt, :document)")
                    .bind("tenant", contract.tenant())
                    .bind("version", version)
                    .bind("effectiveFrom", contract.effectiveFrom())
                    .bind("publishedAt", now.atOffset(ZoneOffset.UTC))
                    .bind("document", CanonicalJson.write(ContractDocument.of(contract)))
                    .execute();
            handle.createUpdate("INSERT INTO contract_member (member, account, version)"
                            + " SELECT member, :account, :version FROM unnest(:members::text[]) AS member")
                    .bind("account", contract.tenant())
                    .bind("version", version)
                    .bindArray("members", String.class, List.copyOf(contract.members()))
                    .execute();
            return new Publication(
                    Optional.of(new Published(new ContractVersion(contract, version), now)), true, List.of());
        });
    }

    private static List<PayerCheck.Refusal> refusals(Handle handle, Contract contract) {
        Optional<ContractHistory> earlier =
                Optional.ofNullable(histories(handle, Set.of(contract.tenant())).get(contract.tenant()));
        Map<String, ContractHistory> histories = histories(handle, PayerCheck.concerned(contract, earlier));
        Payers before = new Payers(histories.values());
        Set<String> billed = new TreeSet<>(histories.keySet());
        billed.addAll(PayerCheck.concerned(contract, earlier));
        List<ContractVersion> versions =
                new ArrayList<>(earlier.map(ContractHistory::versions).orElse(List.of()));
        versions.add(new ContractVersion(contract, versions.size() + 1));
        histories.put(contract.tenant(), new ContractHistory(versions));
        return PayerCheck.refusals(
                contract, before, new Payers(histories.values()), InvoiceStore.closed(handle, billed));
    }

    /**
     * Sees to it that who pays for whom stays as it is until the transaction ends, and that invoices were computed by it.
     *
     * @throws MembersChangedException if one was not
     */
    static void requirePayers(Handle handle, List<Invoice> invoices) {
        handle.execute("SELECT pg_advisory_xact_lock_shared(" + PAYERS + ")");
        Set<String> tenants = new TreeSet<>();
        for (Invoice invoice : invoices) {
            tenants.add(invoice.id().tenant());
            tenants.addAll(invoice.members());
        }
        boolean anyAccount = handle.createQuery("SELECT EXISTS (SELECT 1 FROM contract_member"
                        + " WHERE member = ANY(:tenants) OR account = ANY(:tenants))")
                .bindArray("tenants", String.class, List.copyOf(tenants))
                .mapTo(Boolean.class)
                .one();
        if (anyAccount) {
            Payers payers = new Payers(histories(handle, tenants).values());
            for (Invoice invoice : invoices) {
                SortedSet<String> billed = new TreeSet<>(invoice.members());
                billed.add(invoice.id().tenant());
                String tenant = invoice.id().tenant();
                YearMonth month = invoice.id().month();
                // Who joins or leaves an account next to the month may have its first or last hours there.
                TimeRange hours = BillingPeriod.of(month, tenant, payers).range();
                if (!payers.paidBy(tenant, month).equals(billed)
                        || !hours.equals(invoice.period().range())) {
                    throw new MembersChangedException(tenant, month);
                }
            }
        }
    }

    /** The versions of a tenant in order. */
    public List<Published> versions(String tenant) {
        return jdbi.withHandle(handle -> handle.createQuery(COLUMNS + " WHERE tenant = :tenant ORDER BY version")
                .bind("tenant", tenant)
                .map((row, context) -> published(row))
                .list());
    }

    /**
     * The latest version of each tenant, in order of their names.
     *
     * @param after only of tenants whose name comes after this one, byte by byte
     * @param limit how many at most
     */
    public List<Published> latest(String after, int limit) {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT DISTINCT ON (tenant COLLATE \"C\") version,"
                        + " published_at, document FROM contract WHERE tenant COLLATE \"C\" > :after"
                        + " ORDER BY tenant COLLATE \"C\", version DESC LIMIT :limit")
                .bind("after", after)
                .bind("limit", limit)
                .map((row, context) -> published(row))
                .list());
    }

    /** Who has a contract or is a member of one, at whatever time. */
    public Set<String> tenants() {
        return jdbi.withHandle(handle ->
                new TreeSet<>(handle.createQuery("SELECT tenant FROM contract UNION SELECT member FROM contract_member")
                        .mapTo(String.class)
                        .list()));
    }

    /** Who pays for the tenants, at whatever time. */
    public Payers payers(Collection<String> tenants) {
        return new Payers(jdbi.withHandle(handle -> histories(handle, tenants)).values());
    }

    /** The same, where only who is another's member is asked for: without the contracts of those who are none's. */
    public Payers accounts(Collection<String> members) {
        return new Payers(
                jdbi.withHandle(handle -> histories(handle, List.of(), members)).values());
    }

    /** All versions of the tenants' contracts, and of those that name them as members. */
    private static Map<String, ContractHistory> histories(Handle handle, Collection<String> tenants) {
        return histories(handle, tenants, tenants);
    }

    private static Map<String, ContractHistory> histories(
            Handle handle, Collection<String> tenants, Collection<String> members) {
        List<ContractVersion> versions = handle.createQuery(COLUMNS + " WHERE tenant IN ("
                        + "SELECT unnest(:tenants::text[]) UNION"
                        + " SELECT account FROM contract_member WHERE member = ANY(:members::text[]))")
                .bindArray("tenants", String.class, List.copyOf(tenants))
                .bindArray("members", String.class, List.copyOf(members))
                .map((row, context) -> published(row).contract())
                .list();
        Map<String, ContractHistory> histories = new TreeMap<>();
        versions.stream()
                .collect(Collectors.groupingBy(version -> version.content().tenant()))
                .forEach((tenant, each) -> histories.put(tenant, new ContractHistory(each)));
        return histories;
    }

    private static boolean sameCurrencies(Contract one, Contract other) {
        return one.currency().equals(other.currency()) && one.priceCurrency().equals(other.priceCurrency());
    }

    private static Optional<Published> latest(Handle handle, String tenant) {
        return handle.createQuery(COLUMNS + " WHERE tenant = :tenant ORDER BY version DESC LIMIT 1")
                .bind("tenant", tenant)
                .map((row, context) -> published(row))
                .findOne();
    }

    private static Published published(ResultSet row) throws SQLException {
        Contract content = CanonicalJson.read(row.getString("document"), ContractDocument.class)
                .toContract();
        return new Published(
                new ContractVersion(content, row.getInt("version")),
                row.getObject("published_at", OffsetDateTime.class).toInstant());
    }
}
