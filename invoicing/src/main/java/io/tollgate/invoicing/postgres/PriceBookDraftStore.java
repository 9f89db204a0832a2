package io.tollgate.invoicing.postgres;

import io.tollgate.invoicing.document.CanonicalJson;
import io.tollgate.invoicing.document.PriceBookDocument;
import io.tollgate.invoicing.pricing.PriceBookDraft;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Drafts of price books, one for each name. Nothing is billed by them. */
public final class PriceBookDraftStore {

    private static final String COLUMNS = "SELECT revision, saved_at, document FROM price_book_draft";

    private final Jdbi jdbi;

    public PriceBookDraftStore(Database database) {
        this.jdbi = database.jdbi();
    }

    /** Keeps the draft in the place of the one that its book had. */
    public SavedDraft save(PriceBookDraft draft, Instant now) {
        long revision = jdbi.withHandle(handle -> handle.createQuery(
                        "INSERT INTO price_book_draft (name, saved_at, document) VALUES (:name, :now, :document)"
                                + " ON CONFLICT (name) DO UPDATE SET revision = excluded.revision,"
                                + " saved_at = excluded.saved_at, document = excluded.document RETURNING revision")
                .bind("name", draft.name())
                .bind("now", now.atOffset(ZoneOffset.UTC))
                .bind("document", CanonicalJson.write(PriceBookDocument.of(draft)))
                .mapTo(Long.class)
                .one());
        return new SavedDraft(draft, revision, now);
    }

    public Optional<SavedDraft> find(String name) {
        return jdbi.withHandle(handle -> handle.createQuery(COLUMNS + " WHERE name = :name")
                .bind("name", name)
                .map((row, context) -> draft(row))
                .findOne());
    }

    /** All, in order of their names. */
    public List<SavedDraft> list() {
        return jdbi.withHandle(handle -> handle.createQuery(COLUMNS + " ORDER BY name COLLATE \"C\"")
                .map((row, context) -> draft(row))
                .list());
    }

    /** Throws the draft away; empty if there was none. */
    public Optional<SavedDraft> delete(String name) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "DELETE FROM price_book_draft WHERE name = :name RETURNING revision, saved_at, document")
                .bind("name", name)
                .map((row, context) -> draft(row))
                .findOne());
    }

    /** Whether the draft is still the kept one; if so it stays that until the transaction ends. */
    static boolean isStill(Handle handle, SavedDraft draft) {
        return handle.createQuery("SELECT revision FROM price_book_draft WHERE name = :name FOR UPDATE")
                .bind("name", draft.content().name())
                .mapTo(Long.class)
                .findOne()
                .equals(Optional.of(draft.revision()));
    }

    static void delete(Handle handle, SavedDraft draft) {
        handle.execute(
                "DELETE FROM price_book_draft WHERE name = ?", draft.content().name());
    }

    private static SavedDraft draft(ResultSet row) throws SQLException {
        return new SavedDraft(
                CanonicalJson.read(row.getString("document"), PriceBookDocument.class)
                        .toDraft(),
                row.getLong("revision"),
                row.getObject("saved_at", OffsetDateTime.class).toInstant());
    }
}
