package io.tollgate.invoicing.postgres;

import io.tollgate.invoicing.budget.Budget;
import io.tollgate.invoicing.document.BudgetDocument;
import io.tollgate.invoicing.document.CanonicalJson;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Budgets as their owners want them. */
public final class BudgetStore {

    private static final String COLUMNS =
            "SELECT id, revision, by_tenant, created_at, changed_at, document FROM budget";

    private final Jdbi jdbi;

    public BudgetStore(Database database) {
        this.jdbi = database.jdbi();
    }

    public Budget create(String id, Budget.Wish wish, boolean byTenant, Instant now) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "INSERT INTO budget (id, tenant, by_tenant, created_at, changed_at, document)"
                                + " VALUES (:id, :tenant, :byTenant, :now, :now, :document)"
                                + " RETURNING id, revision, by_tenant, created_at, changed_at, document")
                .bind("id", id)
                .bind("tenant", wish.subject().tenant())
                .bind("byTenant", byTenant)
                .bind("now", now.atOffset(ZoneOffset.UTC))
                .bind("document", CanonicalJson.write(BudgetDocument.of(wish)))
                .map((row, context) -> budget(row))
                .one());
    }

    public Optional<Budget> find(String id) {
        return jdbi.withHandle(handle -> handle.createQuery(COLUMNS + " WHERE id = :id")
                .bind("id", id)
                .map((row, context) -> budget(row))
                .findOne());
    }

    /** Everybody's. */
    public List<Budget> all() {
        return jdbi.withHandle(handle ->
                handle.createQuery(COLUMNS).map((row, context) -> budget(row)).list());
    }

    /**
     * By tenant and id.
     *
     * @param tenant only this one's, if given
     * @param after tenant and id of the last one that was seen
     */
    public List<Budget> list(Optional<String> tenant, Optional<List<String>> after, int limit) {
        return jdbi.withHandle(handle -> handle.createQuery(COLUMNS
                        + " WHERE (:tenant::text IS NULL OR tenant = :tenant) AND (:afterId::text IS NULL"
                        + "   OR (tenant COLLATE \"C\", id COLLATE \"C\") > (:afterTenant::text, :afterId::text))"
                        + " ORDER BY tenant COLLATE \"C\", id COLLATE \"C\" LIMIT :limit")
                .bind("tenant", tenant.orElse(null))
                .bind("afterTenant", after.map(last -> last.get(0)).orElse(null))
                .bind("afterId", after.map(last -> last.get(1)).orElse(null))
                .bind("limit", limit)
                .map((row, context) -> budget(row))
                .list());
    }

    /** Says it anew; empty if it is not of that revision any more, or gone. */
    public Optional<Budget> replace(Budget seen, Budget.Wish wish, Instant now) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "UPDATE budget SET revision = nextval('budget_revision'), changed_at = :now,"
                                + " document = :document, tenant = :tenant WHERE id = :id AND revision = :revision"
                                + " RETURNING id, revision, by_tenant, created_at, changed_at, document")
                .bind("id", seen.id())
                .bind("revision", seen.revision())
                .bind("tenant", wish.subject().tenant())
                .bind("now", now.atOffset(ZoneOffset.UTC))
                .bind("document", CanonicalJson.write(BudgetDocument.of(wish)))
                .map((row, context) -> budget(row))
                .findOne());
    }

    /** Forgets it, its alerts not; false if it is not of that revision any more, or gone. */
    public boolean delete(Budget seen) {
        return jdbi.withHandle(handle ->
                handle.execute("DELETE FROM budget WHERE id = ? AND revision = ?", seen.id(), seen.revision()) > 0);
    }

    static List<Budget> of(Handle handle, String tenant) {
        return handle.createQuery(COLUMNS + " WHERE tenant = :tenant ORDER BY id")
                .bind("tenant", tenant)
                .map((row, context) -> budget(row))
                .list();
    }

    private static Budget budget(ResultSet row) throws SQLException {
        return new Budget(
                row.getString("id"),
                row.getLong("revision"),
                row.getBoolean("by_tenant"),
                CanonicalJson.read(row.getString("document"), BudgetDocument.class)
                        .toWish(Optional.empty()),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("changed_at", OffsetDateTime.class).toInstant());
    }
}
