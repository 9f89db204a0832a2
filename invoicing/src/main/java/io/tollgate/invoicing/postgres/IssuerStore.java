package io.tollgate.invoicing.postgres;

import io.tollgate.invoicing.document.CanonicalJson;
import io.tollgate.invoicing.document.IssuerDocument;
import io.tollgate.invoicing.tax.Issuer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Issuers. What an issuer said before is kept; what it says last applies. */
public final class IssuerStore {

    private static final String LATEST = "SELECT DISTINCT ON (name COLLATE \"C\") document FROM issuer"
            + " WHERE :name::text IS NULL OR name = :name::text ORDER BY name COLLATE \"C\", version DESC";

    private final Jdbi jdbi;

    public IssuerStore(Database database) {
        this.jdbi = database.jdbi();
    }

    /** Keeps it as the latest version of its name, unless that says the same already. */
    public void put(Issuer issuer, Instant now) {
        jdbi.useTransaction(handle -> {
            // One at a time of a name, or two would draw the same version.
            handle.execute("SELECT pg_advisory_xact_lock(hashtext('issuer ' || ?))", issuer.name());
            if (latest(handle, Optional.of(issuer.name())).contains(issuer)) {
                return;
            }
            handle.createUpdate("INSERT INTO issuer (name, version, published_at, document) VALUES (:name,"
                            + " (SELECT coalesce(max(version), 0) + 1 FROM issuer WHERE name = :name),"
                            + " :publishedAt, :document)")
                    .bind("name", issuer.name())
                    .bind("publishedAt", now.atOffset(ZoneOffset.UTC))
                    .bind("document", CanonicalJson.write(IssuerDocument.of(issuer)))
                    .execute();
        });
    }

    public Optional<Issuer> find(String name) {
        return jdbi.withHandle(handle -> latest(handle, Optional.of(name))).stream()
                .findFirst();
    }

    /** In order of their names. */
    public List<Issuer> all() {
        return jdbi.withHandle(handle -> latest(handle, Optional.empty()));
    }

    private static List<Issuer> latest(Handle handle, Optional<String> name) {
        return handle.createQuery(LATEST)
                .bind("name", name.orElse(null))
                .mapTo(String.class)
                .map(document ->
                        CanonicalJson.read(document, IssuerDocument.class).toIssuer())
                .list();
    }
}
