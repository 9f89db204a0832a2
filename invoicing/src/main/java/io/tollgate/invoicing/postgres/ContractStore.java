package io.tollgate.invoicing.postgres;

import io.tollgate.invoicing.contract.Contract;
import io.tollgate.invoicing.contract.ContractHistory;
import io.tollgate.invoicing.contract.ContractVersion;
import io.tollgate.invoicing.document.CanonicalJson;
import io.tollgate.invoicing.document.ContractDocument;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Published contracts. A version never changes once it is here. */
public final class ContractStore {

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
     * @param published the latest version; empty if another currency than that of the versions before was wished for
     * @param isNew whether it was published by this very call, and did not say the same already
     */
    public record Publication(Optional<Published> published, boolean isNew) {}

    /** Publishes the contract as the tenant's next version, unless the latest one says the same. */
    public Publication publish(Contract contract, Instant now) {
        return jdbi.inTransaction(handle -> {
            // One publication of a tenant at a time, or two would draw the same version.
            handle.execute("SELECT pg_advisory_xact_lock(hashtext('contract ' || ?))", contract.tenant());
            Optional<Published> latest = latest(handle, contract.tenant());
            if (latest.isPresent() && latest.get().contract().content().equals(contract)) {
                return new Publication(latest, false);
            }
            if (latest.isPresent() && !sameCurrencies(latest.get().contract().content(), contract)) {
                return new Publication(Optional.empty(), false);
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
            return new Publication(Optional.of(new Published(new ContractVersion(contract, version), now)), true);
        });
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

    /** Who has a contract, at whatever time. */
    public Set<String> tenants() {
        return jdbi.withHandle(handle -> new TreeSet<>(handle.createQuery("SELECT DISTINCT tenant FROM contract")
                .mapTo(String.class)
                .list()));
    }

    /** All versions of those of the tenants who have a contract. */
    public Map<String, ContractHistory> histories(Collection<String> tenants) {
        List<ContractVersion> versions =
                jdbi.withHandle(handle -> handle.createQuery(COLUMNS + " WHERE tenant = ANY(:tenants)")
                        .bindArray("tenants", String.class, List.copyOf(tenants))
                        .map((row, context) -> published(row).contract())
                        .list());
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
