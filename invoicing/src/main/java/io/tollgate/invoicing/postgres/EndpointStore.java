package io.tollgate.invoicing.postgres;

import io.tollgate.invoicing.webhook.Endpoint;
import io.tollgate.invoicing.webhook.Endpoint.Former;
import io.tollgate.invoicing.webhook.Endpoint.Wish;
import io.tollgate.invoicing.webhook.Secret;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatement;

/** Where events are sent to. */
public final class EndpointStore {

    /** What {@link #endpoint} reads, of a table that goes by the name of e. */
    static final String COLUMNS = "e.id, e.url, e.event_types, e.tenants, e.enabled, e.description, e.secret,"
            + " e.former_secret, e.former_until, e.disabled_because, e.created_at";

    private static final String COUNTED = "SELECT " + COLUMNS
            + ", (SELECT count(*) FROM webhook_delivery d WHERE d.endpoint_id = e.id AND d.state = 'pending') AS pending"
            + ", (SELECT count(*) FROM webhook_delivery d WHERE d.endpoint_id = e.id AND d.state = 'failed') AS failed"
            + " FROM webhook_endpoint e";

    private final Jdbi jdbi;

    public EndpointStore(Database database) {
        this.jdbi = database.jdbi();
    }

    /**
     * An endpoint and how it fares.
     *
     * @param pending how many deliveries are still to come
     * @param failed how many were given up
     */
    public record Counted(Endpoint endpoint, long pending, long failed) {}

    public void create(Endpoint endpoint) {
        jdbi.useHandle(handle -> wish(
                        handle.createUpdate("INSERT INTO webhook_endpoint"
                                + " (id, url, event_types, tenants, enabled, description, secret, created_at) VALUES"
                                + " (:id, :url, :eventTypes, :tenants, :enabled, :description, :secret, :createdAt)"),
                        endpoint.wish())
                .bind("id", endpoint.id())
                .bind("secret", endpoint.secret().text())
                .bind("createdAt", endpoint.createdAt().atOffset(ZoneOffset.UTC))
                .execute());
    }

    /** All of them, in the order in which they were made. */
    public List<Counted> list() {
        return jdbi.withHandle(handle -> handle.createQuery(COUNTED + " ORDER BY e.created_at, e.id")
                .map((row, context) -> counted(row))
                .list());
    }

    public Optional<Counted> find(String id) {
        return jdbi.withHandle(handle -> handle.createQuery(COUNTED + " WHERE e.id = :id")
                .bind("id", id)
                .map((row, context) -> counted(row))
                .findOne());
    }

    /** Empty if there is no such endpoint. */
    public Optional<Counted> update(String id, Wish wish) {
        jdbi.useHandle(handle -> wish(
                        handle.createUpdate("UPDATE webhook_endpoint SET url = :url, event_types = :eventTypes,"
                                + " tenants = :tenants, enabled = :enabled, description = :description,"
                                + " disabled_because = NULL WHERE id = :id"),
                        wish)
                .bind("id", id)
                .execute());
        return find(id);
    }

    /**
     * Gives it another secret; the one that it had so far is signed with too until then. An older one is forgotten.
     *
     * @return empty if there is no such endpoint
     */
    public Optional<Counted> rotate(String id, Secret secret, Instant until) {
        jdbi.useHandle(handle -> handle.createUpdate("UPDATE webhook_endpoint SET former_secret = secret,"
                        + " former_until = :until, secret = :secret WHERE id = :id")
                .bind("id", id)
                .bind("secret", secret.text())
                .bind("until", until.atOffset(ZoneOffset.UTC))
                .execute());
        return find(id);
    }

    /** Forgets it and its deliveries; the events stay. */
    public void delete(String id) {
        jdbi.useHandle(handle -> handle.createUpdate("DELETE FROM webhook_endpoint WHERE id = :id")
                .bind("id", id)
                .execute());
    }

    private static <S extends SqlStatement<S>> S wish(S statement, Wish wish) {
        return statement
                .bind("url", wish.url())
                .bindArray("eventTypes", String.class, List.copyOf(wish.eventTypes()))
                .bindArray("tenants", String.class, List.copyOf(wish.tenants()))
                .bind("enabled", wish.enabled())
                .bind("description", wish.description());
    }

    private static Counted counted(ResultSet row) throws SQLException {
        return new Counted(endpoint(row), row.getLong("pending"), row.getLong("failed"));
    }

    static Endpoint endpoint(ResultSet row) throws SQLException {
        Optional<String> former = Optional.ofNullable(row.getString("former_secret"));
        Optional<Instant> until = Optional.ofNullable(row.getObject("former_until", OffsetDateTime.class))
                .map(OffsetDateTime::toInstant);
        return new Endpoint(
                row.getString("id"),
                new Wish(
                        row.getString("url"),
                        texts(row.getArray("event_types")),
                        texts(row.getArray("tenants")),
                        row.getBoolean("enabled"),
                        row.getString("description")),
                new Secret(row.getString("secret")),
                former.flatMap(secret -> until.map(then -> new Former(new Secret(secret), then))),
                Optional.ofNullable(row.getString("disabled_because")),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }

    private static SortedSet<String> texts(Array array) throws SQLException {
        return new TreeSet<>(Arrays.asList((String[]) array.getArray()));
    }
}
