package io.tollgate.invoicing.postgres;

import io.tollgate.invoicing.document.CanonicalJson;
import io.tollgate.invoicing.document.PriceBookDocument;
import io.tollgate.invoicing.pricing.PriceBook;
import io.tollgate.invoicing.pricing.PriceBookDraft;
import io.tollgate.invoicing.pricing.PriceHistory;
import io.tollgate.invoicing.pricing.PublicationCheck;
import io.tollgate.invoicing.pricing.PublicationCheck.Refusal;
import io.tollgate.invoicing.webhook.Event;
import io.tollgate.invoicing.webhook.EventType;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Published price books. A version never changes once it is here. */
public final class PriceBookStore {

    private static final String COLUMNS = "SELECT name, version, published_at, document FROM price_book";

    private final Jdbi jdbi;
    private final Map<String, PriceHistory> histories = new ConcurrentHashMap<>();

    public PriceBookStore(Database database) {
        this.jdbi = database.jdbi();
    }

    /** Publishes the book as the next version of its name, unless the latest one says the same. */
    public Publication publish(PriceBookDraft draft, Instant now) {
        List<Refusal> refusals = PublicationCheck.refusals(draft);
        if (!refusals.isEmpty()) {
            return new Publication.Refused(refusals);
        }
        return jdbi.inTransaction(handle -> {
            // One publication of a name at a time, or two would draw the same version.
            handle.execute("SELECT pg_advisory_xact_lock(hashtext('price_book ' || ?))", draft.name());
            Optional<PublishedBook> latest = latest(handle, draft.name());
            if (latest.isPresent() && latest.get().book().content().equals(draft)) {
                return new Publication.Unchanged(latest.get());
            }
            if (latest.isPresent() && !latest.get().book().currency().equals(draft.currency())) {
                return new Publication.Refused(List.of(new Refusal(
                        "currency_change",
                        "book " + draft.name() + " is in " + latest.get().book().currency()
                                + "; another currency needs a book of another name")));
            }
            int version =
                    latest.map(published -> published.book().version() + 1).orElse(1);
            PublishedBook published = new PublishedBook(draft.published(version), now);
            insert(handle, published);
            Outbox.append(handle, Event.of(EventType.PRICE_BOOK_PUBLISHED, published.book(), now));
            return new Publication.New(published);
        });
    }

    /** All versions of the book; empty if there is none. */
    public Optional<PriceHistory> history(String name) {
        int latest = jdbi.withHandle(
                handle -> handle.createQuery("SELECT coalesce(max(version), 0) FROM price_book WHERE name = :name")
                        .bind("name", name)
                        .mapTo(Integer.class)
                        .one());
        if (latest == 0) {
            return Optional.empty();
        }
        return Optional.of(histories.computeIfAbsent(name + " " + latest, key -> read(name, latest)));
    }

    /** The versions of one book in order, or of all books in order of their names. */
    public List<PublishedBook> versions(Optional<String> name) {
        return jdbi.withHandle(handle -> handle.createQuery(COLUMNS
                        + " WHERE (:name::text IS NULL OR name = :name::text) ORDER BY name COLLATE \"C\", version")
                .bind("name", name.orElse(null))
                .map((row, context) -> published(row))
                .list());
    }

    private PriceHistory read(String name, int latest) {
        return new PriceHistory(versions(Optional.of(name)).stream()
                .map(PublishedBook::book)
                .filter(book -> book.version() <= latest)
                .toList());
    }

    private static Optional<PublishedBook> latest(Handle handle, String name) {
        return handle.createQuery(COLUMNS + " WHERE name = :name ORDER BY version DESC LIMIT 1")
                .bind("name", name)
                .map((row, context) -> published(row))
                .findOne();
    }

    private static void insert(Handle handle, PublishedBook published) {
        PriceBook book = published.book();
        handle.createUpdate("INSERT INTO price_book (name, version, currency, effective_from, published_at, document)"
                        + " VALUES (:name, :version, :currency, :effectiveFrom, :publishedAt, :document)")
                .bind("name", book.name())
                .bind("version", book.version())
                .bind("currency", book.currency().getCurrencyCode())
                .bind("effectiveFrom", book.effectiveFrom().atOffset(ZoneOffset.UTC))
                .bind("publishedAt", published.publishedAt().atOffset(ZoneOffset.UTC))
                .bind("document", CanonicalJson.write(PriceBookDocument.of(book.content())))
                .execute();
    }

    private static PublishedBook published(ResultSet row) throws SQLException {
        PriceBookDraft content = CanonicalJson.read(row.getString("document"), PriceBookDocument.class)
                .toDraft();
        return new PublishedBook(
                content.published(row.getInt("version")),
                row.getObject("published_at", OffsetDateTime.class).toInstant());
    }
}
