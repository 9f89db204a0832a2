package io.tollgate.invoicing.postgres;

import io.tollgate.invoicing.document.AnomalyDocument;
import io.tollgate.invoicing.document.CanonicalJson;
import io.tollgate.invoicing.document.SensitivityDocument;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** What was out of the ordinary, when days are looked at next, and what each tenant calls ordinary. */
public final class AnomalyStore {

    private final Jdbi jdbi;

    public AnomalyStore(Database database) {
        this.jdbi = database.jdbi();
    }

    /**
     * An anomaly as it is kept.
     *
     * @param changedAt when it was last found to be something else than before
     * @param withdrawnAt when it was found to be none any more, because usage came late
     */
    public record Kept(
            String id,
            String tenant,
            AnomalyDocument document,
            Instant foundAt,
            Instant changedAt,
            Optional<Instant> withdrawnAt,
            Optional<Acknowledgement> acknowledgement) {}

    /** That somebody knows. */
    public record Acknowledgement(Instant at, String by, String note) {}

    /**
     * Which are looked for; the latest day first, of one day by id.
     *
     * @param until inclusive
     * @param after only those after the one of this day and id
     */
    public record Wanted(
            Optional<String> tenant, Optional<LocalDate> from, Optional<LocalDate> until, Optional<Place> after) {}

    /** A day of a tenant. */
    public record TenantDay(String tenant, LocalDate day) {}

    /** Where an anomaly stands in the list. */
    public record Place(LocalDate day, String id) {}

    /** Follows from whose day it is and what of it. */
    public static String id(String tenant, AnomalyDocument anomaly) {
        String identity = String.join("\n", tenant, anomaly.day().toString(), anomaly.provider(), anomaly.model());
        return UUID.nameUUIDFromBytes(identity.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /**
     * Keeps what was found on a day, and withdraws what was found before and is none any more. The same again changes nothing.
     */
    public void save(String tenant, LocalDate day, List<AnomalyDocument> found, Instant now) {
        jdbi.useTransaction(handle -> {
            handle.execute("SELECT pg_advisory_xact_lock(hashtextextended(?, 11))", tenant);
            found.forEach(anomaly -> save(handle, tenant, anomaly, now));
            handle.createUpdate("UPDATE anomaly SET withdrawn_at = :now WHERE tenant = :tenant AND day = :day"
                            + " AND withdrawn_at IS NULL AND id <> ALL(:found)")
                    .bind("now", utc(now))
                    .bind("tenant", tenant)
                    .bind("day", day)
                    .bindArray(
                            "found",
                            String.class,
                            found.stream().map(anomaly -> id(tenant, anomaly)).toList())
                    .execute();
        });
    }

    private static void save(Handle handle, String tenant, AnomalyDocument anomaly, Instant now) {
        handle.createUpdate("INSERT INTO anomaly (id, tenant, day, provider, model, found_at, changed_at, document)"
                        + " VALUES (:id, :tenant, :day, :provider, :model, :now, :now, :document)"
                        + " ON CONFLICT (id) DO UPDATE SET document = excluded.document, changed_at = excluded.changed_at,"
                        + " withdrawn_at = NULL"
                        + " WHERE anomaly.document <> excluded.document OR anomaly.withdrawn_at IS NOT NULL")
                .bind("id", id(tenant, anomaly))
                .bind("tenant", tenant)
                .bind("day", anomaly.day())
                .bind("provider", anomaly.provider())
                .bind("model", anomaly.model())
                .bind("now", utc(now))
                .bind("document", CanonicalJson.write(anomaly))
                .execute();
    }

    /** Of which of the tenants' days since that one something was found, be it withdrawn. */
    public Set<TenantDay> days(Collection<String> tenants, LocalDate since) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "SELECT DISTINCT tenant, day FROM anomaly WHERE tenant = ANY(:tenants) AND day >= :since")
                .bindArray("tenants", String.class, List.copyOf(tenants))
                .bind("since", since)
                .map((row, context) -> tenantDay(row))
                .set());
    }

    /** Those that nobody was told of, and that are still ones. */
    public List<Kept> untold(Collection<String> tenants) {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT * FROM anomaly WHERE tenant = ANY(:tenants)"
                        + " AND told_at IS NULL AND withdrawn_at IS NULL ORDER BY tenant, day, provider, model")
                .bindArray("tenants", String.class, List.copyOf(tenants))
                .map((row, context) -> kept(row))
                .list());
    }

    /** On which days of them all that the tenant used is out of the ordinary. */
    public Set<TenantDay> wholes(List<Kept> anomalies) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "SELECT DISTINCT whole.tenant, whole.day FROM anomaly AS whole"
                                + " JOIN anomaly AS asked ON asked.tenant = whole.tenant AND asked.day = whole.day"
                                + " WHERE asked.id = ANY(:ids) AND whole.provider = '' AND whole.model = ''"
                                + " AND whole.withdrawn_at IS NULL")
                .bindArray("ids", String.class, anomalies.stream().map(Kept::id).toList())
                .map((row, context) -> tenantDay(row))
                .set());
    }

    /** Somebody was told, or need not be. */
    public void told(String id, Instant now) {
        jdbi.useHandle(
                handle -> handle.createUpdate("UPDATE anomaly SET told_at = :now WHERE id = :id AND told_at IS NULL")
                        .bind("now", utc(now))
                        .bind("id", id)
                        .execute());
    }

    public List<Kept> list(Wanted wanted, int limit) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "SELECT * FROM anomaly"
                                + " WHERE (:tenant::text IS NULL OR tenant = :tenant)"
                                + " AND (:from::date IS NULL OR day >= :from::date)"
                                + " AND (:until::date IS NULL OR day <= :until::date)"
                                + " AND (:day::date IS NULL OR (day, id) < (:day::date, :id)) ORDER BY day DESC, id DESC LIMIT :limit")
                .bind("tenant", wanted.tenant().orElse(null))
                .bind("from", wanted.from().orElse(null))
                .bind("until", wanted.until().orElse(null))
                .bind("day", wanted.after().map(Place::day).orElse(null))
                .bind("id", wanted.after().map(Place::id).orElse(""))
                .bind("limit", limit)
                .map((row, context) -> kept(row))
                .list());
    }

    public Optional<Kept> find(String id) {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT * FROM anomaly WHERE id = :id")
                .bind("id", id)
                .map((row, context) -> kept(row))
                .findOne());
    }

    /** Writes down that somebody knows; the first time counts. */
    public Optional<Kept> acknowledge(String id, Acknowledgement acknowledgement) {
        return jdbi.withHandle(handle -> handle.createQuery("UPDATE anomaly SET"
                        + " acknowledged_by = CASE WHEN acknowledged_at IS NULL THEN :by ELSE acknowledged_by END,"
                        + " note = CASE WHEN acknowledged_at IS NULL THEN :note ELSE note END,"
                        + " acknowledged_at = coalesce(acknowledged_at, :at) WHERE id = :id RETURNING *")
                .bind("id", id)
                .bind("by", acknowledgement.by())
                .bind("note", acknowledgement.note())
                .bind("at", utc(acknowledgement.at()))
                .map((row, context) -> kept(row))
                .findOne());
    }

    /** Whose days need not be looked at yet. */
    public Set<String> lookedAt(Instant now) {
        return jdbi.withHandle(
                handle -> new TreeSet<>(handle.createQuery("SELECT tenant FROM anomaly_look WHERE next_at > :now")
                        .bind("now", utc(now))
                        .mapTo(String.class)
                        .list()));
    }

    public void lookAgain(Collection<String> tenants, Instant at) {
        jdbi.useHandle(handle -> handle.createUpdate("INSERT INTO anomaly_look (tenant, next_at)"
                        + " SELECT tenant, :at FROM unnest(:tenants::text[]) AS tenant"
                        + " ON CONFLICT (tenant) DO UPDATE SET next_at = excluded.next_at")
                .bindArray("tenants", String.class, List.copyOf(tenants))
                .bind("at", utc(at))
                .execute());
    }

    /** What the tenants' settings are; without those who have the usual ones. */
    public Map<String, SensitivityDocument> settings(Collection<String> tenants) {
        Map<String, SensitivityDocument> settings = new TreeMap<>();
        jdbi.useHandle(handle -> handle.createQuery(
                        "SELECT tenant, document FROM anomaly_setting WHERE tenant = ANY(:tenants)")
                .bindArray("tenants", String.class, List.copyOf(tenants))
                .map((row, context) -> Map.entry(
                        row.getString("tenant"),
                        CanonicalJson.read(row.getString("document"), SensitivityDocument.class)))
                .forEach(setting -> settings.put(setting.getKey(), setting.getValue())));
        return settings;
    }

    /** From now on; the tenant's last days are looked at again. */
    public void set(String tenant, SensitivityDocument settings, Instant now) {
        jdbi.useTransaction(handle -> {
            handle.createUpdate("INSERT INTO anomaly_setting (tenant, changed_at, document)"
                            + " VALUES (:tenant, :now, :document) ON CONFLICT (tenant)"
                            + " DO UPDATE SET changed_at = excluded.changed_at, document = excluded.document")
                    .bind("tenant", tenant)
                    .bind("now", utc(now))
                    .bind("document", CanonicalJson.write(settings))
                    .execute();
            handle.createUpdate("DELETE FROM anomaly_look WHERE tenant = :tenant")
                    .bind("tenant", tenant)
                    .execute();
        });
    }

    private static TenantDay tenantDay(ResultSet row) throws SQLException {
        return new TenantDay(row.getString("tenant"), row.getObject("day", LocalDate.class));
    }

    private static Kept kept(ResultSet row) throws SQLException {
        Optional<Instant> acknowledgedAt = instant(row, "acknowledged_at");
        Optional<Acknowledgement> acknowledgement = acknowledgedAt.isEmpty()
                ? Optional.empty()
                : Optional.of(new Acknowledgement(
                        acknowledgedAt.orElseThrow(), row.getString("acknowledged_by"), row.getString("note")));
        return new Kept(
                row.getString("id"),
                row.getString("tenant"),
                CanonicalJson.read(row.getString("document"), AnomalyDocument.class),
                instant(row, "found_at").orElseThrow(),
                instant(row, "changed_at").orElseThrow(),
                instant(row, "withdrawn_at"),
                acknowledgement);
    }

    private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        @Nullable OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
        return Optional.ofNullable(at).map(OffsetDateTime::toInstant);
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
