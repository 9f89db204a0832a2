package io.tollgate.invoicing.postgres;

import io.tollgate.invoicing.budget.Budget;
import io.tollgate.invoicing.budget.Lease;
import io.tollgate.invoicing.document.CanonicalJson;
import io.tollgate.invoicing.document.LeaseDocument;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Leases that were given. A lease is given in a transaction that has the tenant to itself, so any number of processes can
 * give them; and it is kept before anybody hears of it, so none is forgotten.
 */
public final class LeaseStore {

    private final Jdbi jdbi;

    public LeaseStore(Database database) {
        this.jdbi = database.jdbi();
    }

    /** Says whether there is to be a lease, knowing all that counts. */
    public interface Decider {

        /**
         * @param budgets all of the tenant's
         * @param leases all of the tenant's that end after the time that was asked for
         */
        Optional<Lease> decide(List<Budget> budgets, List<Lease> leases);
    }

    /**
     * The lease of that id: the one there is, or else the one that is decided on.
     *
     * @param since when leases end that are of no matter any more
     */
    public Optional<Lease> take(String id, String tenant, Instant since, Decider decider) {
        Optional<Lease> known = find(id);
        if (known.isPresent()) {
            return known;
        }
        return jdbi.inTransaction(handle -> {
            handle.execute("SELECT pg_advisory_xact_lock(hashtextextended(?, 11))", tenant);
            // Somebody may have asked for the same just before.
            Optional<Lease> given = find(handle, id, "");
            if (given.isPresent()) {
                return given;
            }
            Optional<Lease> decided = decider.decide(BudgetStore.of(handle, tenant), live(handle, tenant, since));
            decided.ifPresent(lease -> insert(handle, lease));
            // What is there now: the same id may have been given to another tenant meanwhile.
            return decided.flatMap(lease -> find(handle, id, ""));
        });
    }

    public Optional<Lease> find(String id) {
        return jdbi.withHandle(handle -> find(handle, id, ""));
    }

    /** What comes of changing it; empty if there is none. */
    public Optional<Lease.Change> change(String id, Function<Lease, Lease.Change> change) {
        return jdbi.inTransaction(handle -> find(handle, id, " FOR UPDATE").map(lease -> {
            Lease.Change changed = change.apply(lease);
            if (changed instanceof Lease.Change.Made made && !made.lease().equals(lease)) {
                handle.createUpdate("UPDATE budget_lease SET ends_at = :endsAt, document = :document WHERE id = :id")
                        .bind("id", id)
                        .bind("endsAt", made.lease().endsAt().atOffset(ZoneOffset.UTC))
                        .bind("document", CanonicalJson.write(LeaseDocument.of(made.lease())))
                        .execute();
            }
            return changed;
        }));
    }

    /** Everybody's that end after then. */
    public List<Lease> live(Instant since) {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT document FROM budget_lease WHERE ends_at > :since")
                .bind("since", since.atOffset(ZoneOffset.UTC))
                .map((row, context) -> lease(row))
                .list());
    }

    /** Forgets those that ended before then; how many. */
    public int forget(Instant before) {
        return jdbi.withHandle(handle -> handle.createUpdate("DELETE FROM budget_lease WHERE ends_at < :before")
                .bind("before", before.atOffset(ZoneOffset.UTC))
                .execute());
    }

    private static void insert(Handle handle, Lease lease) {
        handle.createUpdate("INSERT INTO budget_lease (id, tenant, ends_at, document)"
                        + " VALUES (:id, :tenant, :endsAt, :document) ON CONFLICT DO NOTHING")
                .bind("id", lease.id())
                .bind("tenant", lease.subject().tenant())
                .bind("endsAt", lease.endsAt().atOffset(ZoneOffset.UTC))
                .bind("document", CanonicalJson.write(LeaseDocument.of(lease)))
                .execute();
    }

    private static Optional<Lease> find(Handle handle, String id, String lock) {
        return handle.createQuery("SELECT document FROM budget_lease WHERE id = :id" + lock)
                .bind("id", id)
                .map((row, context) -> lease(row))
                .findOne();
    }

    private static List<Lease> live(Handle handle, String tenant, Instant since) {
        return handle.createQuery("SELECT document FROM budget_lease WHERE tenant = :tenant AND ends_at > :since")
                .bind("tenant", tenant)
                .bind("since", since.atOffset(ZoneOffset.UTC))
                .map((row, context) -> lease(row))
                .list();
    }

    private static Lease lease(ResultSet row) throws SQLException {
        return CanonicalJson.read(row.getString("document"), LeaseDocument.class)
                .toLease();
    }
}
