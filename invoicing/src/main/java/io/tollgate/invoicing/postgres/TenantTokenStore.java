package io.tollgate.invoicing.postgres;

import io.tollgate.invoicing.access.TenantToken;
import io.tollgate.invoicing.access.TokenSecret;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/** Tokens of tenants; of the secrets only hashes. */
public final class TenantTokenStore {

    private static final String COLUMNS = "id, tenant, label, created_at, expires_at, revoked_at";

    private final Jdbi jdbi;

    public TenantTokenStore(Database database) {
        this.jdbi = database.jdbi();
    }

    /**
     * Keeps a token.
     *
     * @param most how many of its tenant's may be kept that are not revoked
     * @return whether there was room for it
     */
    public boolean create(TenantToken token, TokenSecret secret, int most) {
        return jdbi.withHandle(handle ->
                handle.createUpdate("INSERT INTO tenant_token (id, tenant, label, digest, created_at, expires_at)"
                                        + " SELECT :id, :tenant, :label, :digest, :createdAt, :expiresAt"
                                        + " WHERE (SELECT count(*) FROM tenant_token"
                                        + " WHERE tenant = :tenant AND revoked_at IS NULL) < :most")
                                .bind("id", token.id())
                                .bind("tenant", token.tenant())
                                .bind("label", token.label())
                                .bind("digest", secret.digest())
                                .bind("createdAt", token.createdAt().atOffset(ZoneOffset.UTC))
                                .bindByType(
                                        "expiresAt",
                                        token.expiresAt()
                                                .map(at -> at.atOffset(ZoneOffset.UTC))
                                                .orElse(null),
                                        OffsetDateTime.class)
                                .bind("most", most)
                                .execute()
                        == 1);
    }

    /** The tenant's tokens that are not revoked, in the order in which they were made. */
    public List<TenantToken> list(String tenant) {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT " + COLUMNS
                        + " FROM tenant_token WHERE tenant = :tenant AND revoked_at IS NULL ORDER BY created_at, id")
                .bind("tenant", tenant)
                .map((row, context) -> token(row))
                .list());
    }

    /**
     * Takes a token back; it stays revoked since the first time.
     *
     * @return empty if the tenant has no such token
     */
    public Optional<TenantToken> revoke(String tenant, String id, Instant now) {
        return jdbi.withHandle(
                handle -> handle.createQuery("UPDATE tenant_token SET revoked_at = coalesce(revoked_at, :now)"
                                + " WHERE tenant = :tenant AND id = :id RETURNING " + COLUMNS)
                        .bind("tenant", tenant)
                        .bind("id", id)
                        .bind("now", now.atOffset(ZoneOffset.UTC))
                        .map((row, context) -> token(row))
                        .findOne());
    }

    /** Whose token it is; empty if it is nobody's, or not any more. */
    public Optional<String> tenantOf(TokenSecret secret, Instant now) {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT tenant FROM tenant_token WHERE digest = :digest"
                        + " AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > :now)")
                .bind("digest", secret.digest())
                .bind("now", now.atOffset(ZoneOffset.UTC))
                .mapTo(String.class)
                .findOne());
    }

    private static TenantToken token(ResultSet row) throws SQLException {
        return new TenantToken(
                row.getString("id"),
                row.getString("tenant"),
                row.getString("label"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                instant(row, "expires_at"),
                instant(row, "revoked_at"));
    }

    private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }
}
