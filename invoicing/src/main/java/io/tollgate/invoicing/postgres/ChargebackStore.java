package io.tollgate.invoicing.postgres;

import io.tollgate.invoicing.chargeback.AllocationRules;
import io.tollgate.invoicing.chargeback.ChargebackReport;
import io.tollgate.invoicing.chargeback.Difference;
import io.tollgate.invoicing.chargeback.RulesHistory;
import io.tollgate.invoicing.chargeback.RulesVersion;
import io.tollgate.invoicing.chargeback.Run;
import io.tollgate.invoicing.document.AllocationRulesDocument;
import io.tollgate.invoicing.document.CanonicalJson;
import io.tollgate.invoicing.document.ChargebackDifferenceDocument;
import io.tollgate.invoicing.document.ChargebackDocument;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Published allocation rules, and the reports that were kept. Neither ever changes once it is here. */
public final class ChargebackStore {

    private static final String RUNS = "SELECT number, made_at, document, difference FROM chargeback_run"
            + " WHERE tenant = :tenant AND month = :month";

    private final Jdbi jdbi;

    public ChargebackStore(Database database) {
        this.jdbi = database.jdbi();
    }

    /** A version with the time of its publication. */
    public record Published(RulesVersion rules, Instant publishedAt) {}

    /** @param isNew whether it was published by this very call, and did not say the same already */
    public record Publication(Published published, boolean isNew) {}

    /** @param isNew whether it was kept by this very call, and is not the same as the latest */
    public record Kept(Run run, boolean isNew) {}

    /** Publishes the rules as the tenant's next version, unless the latest one says the same. */
    public Publication publish(AllocationRules rules, Instant now) {
        return jdbi.inTransaction(handle -> {
            lock(handle, rules.tenant());
            List<Published> versions = versions(handle, rules.tenant());
            Optional<Published> latest = last(versions);
            if (latest.isPresent() && latest.get().rules().rules().equals(rules)) {
                return new Publication(latest.get(), false);
            }
            int version = versions.size() + 1;
            handle.createUpdate("INSERT INTO allocation_rules (tenant, version, effective_from, published_at, document)"
                            + " VALUES (:tenant, :version, :effectiveFrom, :publishedAt, :document)")
                    .bind("tenant", rules.tenant())
                    .bind("version", version)
                    .bind("effectiveFrom", rules.effectiveFrom())
                    .bind("publishedAt", now.atOffset(ZoneOffset.UTC))
                    .bind("document", CanonicalJson.write(AllocationRulesDocument.of(rules)))
                    .execute();
            return new Publication(new Published(new RulesVersion(version, rules), now), true);
        });
    }

    /** The versions of a tenant in order. */
    public List<Published> versions(String tenant) {
        return jdbi.withHandle(handle -> versions(handle, tenant));
    }

    /** All versions of a tenant. */
    public RulesHistory history(String tenant) {
        return new RulesHistory(versions(tenant).stream().map(Published::rules).toList());
    }

    /**
     * Keeps a report as the next run of its month, unless the latest run is the same.
     *
     * @param after number of the latest run when it was computed; 0 for none
     * @param since what moved since a run; asked for the latest, if there is one and it is not the same
     * @return empty if another run was kept meanwhile
     */
    public Optional<Kept> keep(
            int after, ChargebackReport report, Function<ChargebackReport, Difference> since, Instant now) {
        return jdbi.inTransaction(handle -> {
            lock(handle, report.tenant());
            Optional<Run> latest = run(handle, report.tenant(), report.month(), Optional.empty());
            int before = latest.map(Run::number).orElse(0);
            if (before != after) {
                return Optional.empty();
            }
            if (latest.isPresent() && latest.get().report().equals(report)) {
                return Optional.of(new Kept(latest.get(), false));
            }
            Run run = new Run(
                    before + 1,
                    now,
                    report,
                    latest.filter(each -> each.report().currency().equals(report.currency()))
                            .map(each -> since.apply(each.report())));
            handle.createUpdate("INSERT INTO chargeback_run (tenant, month, number, made_at, document, difference)"
                            + " VALUES (:tenant, :month, :number, :madeAt, :document, :difference)")
                    .bind("tenant", report.tenant())
                    .bind("month", report.month().toString())
                    .bind("number", run.number())
                    .bind("madeAt", now.atOffset(ZoneOffset.UTC))
                    .bind("document", CanonicalJson.write(ChargebackDocument.of(report)))
                    .bind(
                            "difference",
                            run.since()
                                    .map(moved -> CanonicalJson.write(
                                            ChargebackDifferenceDocument.of(before, report.currency(), moved))))
                    .execute();
            return Optional.of(new Kept(run, true));
        });
    }

    /**
     * Runs of a tenant's month, in order.
     *
     * @param after only those with higher numbers
     * @param limit how many at most
     */
    public List<Run> runs(String tenant, YearMonth month, int after, int limit) {
        return jdbi.withHandle(handle -> handle.createQuery(RUNS + " AND number > :after ORDER BY number LIMIT :limit")
                .bind("tenant", tenant)
                .bind("month", month.toString())
                .bind("after", after)
                .bind("limit", limit)
                .map((row, context) -> run(row))
                .list());
    }

    /** The run of that number; the latest if none is given. */
    public Optional<Run> run(String tenant, YearMonth month, Optional<Integer> number) {
        return jdbi.withHandle(handle -> run(handle, tenant, month, number));
    }

    private static Optional<Run> run(Handle handle, String tenant, YearMonth month, Optional<Integer> number) {
        return handle.createQuery(
                        RUNS + " AND number = coalesce(:number::integer, number) ORDER BY number DESC LIMIT 1")
                .bind("tenant", tenant)
                .bind("month", month.toString())
                .bind("number", number)
                .map((row, context) -> run(row))
                .findOne();
    }

    /** One publication, or run, of a tenant at a time: they are numbered. */
    private static void lock(Handle handle, String tenant) {
        handle.createQuery("SELECT pg_advisory_xact_lock(hashtext('chargeback'), hashtext(:tenant))")
                .bind("tenant", tenant)
                .mapToMap()
                .list();
    }

    private static List<Published> versions(Handle handle, String tenant) {
        return handle.createQuery("SELECT version, published_at, document FROM allocation_rules"
                        + " WHERE tenant = :tenant ORDER BY version")
                .bind("tenant", tenant)
                .map((row, context) -> published(tenant, row))
                .list();
    }

    private static Published published(String tenant, ResultSet row) throws SQLException {
        return new Published(
                new RulesVersion(
                        row.getInt("version"),
                        CanonicalJson.read(row.getString("document"), AllocationRulesDocument.class)
                                .toRules(tenant)),
                row.getObject("published_at", OffsetDateTime.class).toInstant());
    }

    private static Run run(ResultSet row) throws SQLException {
        return new Run(
                row.getInt("number"),
                row.getObject("made_at", OffsetDateTime.class).toInstant(),
                CanonicalJson.read(row.getString("document"), ChargebackDocument.class)
                        .toReport(),
                Optional.ofNullable(row.getString("difference"))
                        .map(json -> CanonicalJson.read(json, ChargebackDifferenceDocument.class)
                                .toDifference()));
    }

    private static <T> Optional<T> last(List<T> list) {
        return list.isEmpty() ? Optional.empty() : Optional.of(list.get(list.size() - 1));
    }
}
