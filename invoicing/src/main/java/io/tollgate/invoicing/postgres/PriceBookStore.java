package io.tollgate.invoicing.postgres;

import io.tollgate.invoicing.document.CanonicalJson;
import io.tollgate.invoicing.document.PriceBookDocument;
import io.tollgate.invoicing.pricing.PriceBook;
import io.tollgate.invoicing.pricing.PriceBookDraft;
import io.tollgate.invoicing.pricing.PriceHistory;
import io.tollgate.invoicing.pricing.PublicationCheck;
import io.tollgate.invoicing.pricing.PublicationCheck.Refusal;
import io.tollgate.invoicing.usage.Window;
import io.tollgate.invoicing.webhook.Event;
import io.tollgate.invoicing.webhook.EventType;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Published price books. A version never changes once it is here. */
public final class PriceBookStore {

    private static final String COLUMNS = "SELECT name, version, published_at, retired_from, document FROM price_book"
            + " LEFT JOIN price_book_retirement USING (name, version)";

    private final Jdbi jdbi;
    private final Map<String, Known> histories = new ConcurrentHashMap<>();

    /** What tells one state of a book from the next: versions and retirements only become more. */
    private record State(int latest, int retired) {}

    private record Known(State state, PriceHistory history) {}

    public PriceBookStore(Database database) {
        this.jdbi = database.jdbi();
    }

    /** Publishes the book as the next version of its name, unless the latest one says the same and is in force. */
    public Publication publish(PriceBookDraft draft, Instant now) {
        List<Refusal> refusals = PublicationCheck.refusals(draft);
        if (!refusals.isEmpty()) {
            return new Publication.Refused(refusals);
        }
        return jdbi.inTransaction(handle -> publish(handle, draft, now));
    }

    /** The same with a kept draft, which is one no more then. If it has been replaced or published since, that is refused. */
    public Publication publish(SavedDraft draft, Instant now) {
        List<Refusal> refusals = PublicationCheck.refusals(draft.content());
        if (!refusals.isEmpty()) {
            return new Publication.Refused(refusals);
        }
        return jdbi.inTransaction(handle -> {
            if (!PriceBookDraftStore.isStill(handle, draft)) {
                return new Publication.Refused(List.of(new Refusal(
                        "draft_changed",
                        "the draft of " + draft.content().name() + " was replaced, published or thrown away since")));
            }
            Publication publication = publish(handle, draft.content(), now);
            if (!(publication instanceof Publication.Refused)) {
                PriceBookDraftStore.delete(handle, draft);
            }
            return publication;
        });
    }

    private static Publication publish(Handle handle, PriceBookDraft draft, Instant now) {
        lock(handle, draft.name());
        Optional<PublishedBook> latest = latest(handle, draft.name());
        if (latest.isPresent()
                && latest.get().book().content().equals(draft)
                && latest.get().book().retiredFrom().isEmpty()) {
            return new Publication.Unchanged(latest.get());
        }
        Optional<Refusal> otherCurrency = otherCurrency(latest, draft);
        if (otherCurrency.isPresent()) {
            return new Publication.Refused(List.of(otherCurrency.get()));
        }
        int version = latest.map(published -> published.book().version() + 1).orElse(1);
        PublishedBook published = new PublishedBook(draft.published(version), now);
        insert(handle, published);
        Outbox.append(handle, Event.of(EventType.PRICE_BOOK_PUBLISHED, published.book(), now));
        return new Publication.New(published);
    }

    /** What stands in the way of publishing the book as things are. */
    public List<Refusal> refusals(PriceBookDraft draft) {
        List<Refusal> refusals = new ArrayList<>(PublicationCheck.refusals(draft));
        otherCurrency(jdbi.withHandle(handle -> latest(handle, draft.name())), draft)
                .ifPresent(refusals::add);
        return refusals;
    }

    private static Optional<Refusal> otherCurrency(Optional<PublishedBook> latest, PriceBookDraft draft) {
        return latest.map(published -> published.book().currency())
                .filter(currency -> !currency.equals(draft.currency()))
                .map(currency -> new Refusal(
                        "currency_change",
                        "book " + draft.name() + " is in " + currency
                                + "; another currency needs a book of another name"));
    }

    /**
     * Says from which instant a version no longer applies. The instant lies in the future, or is now: what is final is of
     * the past, so no invoice that was closed can have used the version after it.
     */
    public Retirement retire(String name, int version, Instant from, Instant now) {
        return jdbi.inTransaction(handle -> {
            lock(handle, name);
            Optional<PublishedBook> found = handle.createQuery(COLUMNS + " WHERE name = :name AND version = :version")
                    .bind("name", name)
                    .bind("version", version)
                    .map((row, context) -> published(row))
                    .findOne();
            Optional<Refusal> why = refusal(found, from, now);
            if (why.isPresent()) {
                return new Retirement.Refused(why.get());
            }
            PublishedBook published = found.orElseThrow();
            if (published.book().retiredFrom().isPresent()) {
                return new Retirement.Retired(published);
            }
            handle.createUpdate("INSERT INTO price_book_retirement (name, version, retired_from, retired_at)"
                            + " VALUES (:name, :version, :from, :now)")
                    .bind("name", name)
                    .bind("version", version)
                    .bind("from", from.atOffset(ZoneOffset.UTC))
                    .bind("now", now.atOffset(ZoneOffset.UTC))
                    .execute();
            PriceBook retired = new PriceBook(published.book().content(), version, Optional.of(from));
            Outbox.append(handle, Event.of(EventType.PRICE_BOOK_RETIRED, retired, now));
            return new Retirement.Retired(new PublishedBook(retired, published.publishedAt()));
        });
    }

    private static Optional<Refusal> refusal(Optional<PublishedBook> found, Instant from, Instant now) {
        if (found.isEmpty()) {
            return Optional.of(new Refusal("no_price_book", "there is no such version of the price book"));
        }
        Optional<Instant> earlier = found.get().book().retiredFrom();
        if (earlier.isPresent()) {
            return earlier.filter(instant -> !instant.equals(from))
                    .map(instant -> new Refusal(
                            "already_retired",
                            "the version is retired from " + instant + " already, which does not change; publish its"
                                    + " prices again to have them back"));
        }
        if (!Window.startsAt(from)) {
            return Optional.of(new Refusal(
                    "not_on_window_boundary", "a version ends on a 15-minute boundary, which " + from + " is not"));
        }
        return from.isBefore(now)
                ? Optional.of(new Refusal(
                        "retirement_in_past",
                        from + " is past, and invoices of it may be final; to correct prices of the past, publish a"
                                + " version that takes effect then"))
                : Optional.empty();
    }

    /** One change of a name at a time, or two would draw the same version. */
    private static void lock(Handle handle, String name) {
        handle.execute("SELECT pg_advisory_xact_lock(hashtext('price_book ' || ?))", name);
    }

    /** All versions of the book; empty if there is none. */
    public Optional<PriceHistory> history(String name) {
        State state = jdbi.withHandle(handle -> handle.createQuery("SELECT (SELECT coalesce(max(version), 0)"
                        + " FROM price_book WHERE name = :name) AS latest, (SELECT count(*) FROM price_book_retirement"
                        + " WHERE name = :name) AS retired")
                .bind("name", name)
                .map((row, context) -> new State(row.getInt("latest"), row.getInt("retired")))
                .one());
        if (state.latest() == 0) {
            return Optional.empty();
        }
        return Optional.of(Objects.requireNonNull(
                        histories.compute(
                                name,
                                (key, known) -> known != null && known.state().equals(state)
                                        ? known
                                        : new Known(state, read(name))),
                        "it was put there")
                .history());
    }

    /** The versions of one book in order, or of all books in order of their names. */
    public List<PublishedBook> versions(Optional<String> name) {
        return jdbi.withHandle(handle -> handle.createQuery(COLUMNS
                        + " WHERE (:name::text IS NULL OR name = :name::text) ORDER BY name COLLATE \"C\", version")
                .bind("name", name.orElse(null))
                .map((row, context) -> published(row))
                .list());
    }

    /** What was published or retired since the state was read is in it, too; the next reading finds it changed. */
    private PriceHistory read(String name) {
        return new PriceHistory(
                versions(Optional.of(name)).stream().map(PublishedBook::book).toList());
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
        Optional<Instant> retiredFrom = Optional.ofNullable(row.getObject("retired_from", OffsetDateTime.class))
                .map(OffsetDateTime::toInstant);
        return new PublishedBook(
                new PriceBook(content, row.getInt("version"), retiredFrom),
                row.getObject("published_at", OffsetDateTime.class).toInstant());
    }
}
