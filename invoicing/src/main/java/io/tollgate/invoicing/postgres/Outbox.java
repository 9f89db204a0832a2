package io.tollgate.invoicing.postgres;

import io.tollgate.invoicing.document.CanonicalJson;
import io.tollgate.invoicing.webhook.Answer;
import io.tollgate.invoicing.webhook.Answer.Verdict;
import io.tollgate.invoicing.webhook.Endpoint;
import io.tollgate.invoicing.webhook.Event;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** What happened, and whom it is still to be told to. */
public final class Outbox {

    /** Whether the endpoint e wants the event v. */
    private static final String WANTED = "(e.event_types = '{}' OR v.type = ANY (e.event_types))"
            + " AND (e.tenants = '{}' OR v.tenant = ANY (e.tenants))";

    private static final String APPEND = "WITH v AS (INSERT INTO event (id, type, tenant, subject, occurred_at, body)"
            + " VALUES (:id, :type, :tenant, :subject, :time, :body) ON CONFLICT (id) DO NOTHING RETURNING *)"
            + " INSERT INTO webhook_delivery (endpoint_id, event_seq, subject, state, attempts, next_attempt_at)"
            + " SELECT e.id, v.seq, v.subject, 'pending', 0, v.occurred_at FROM webhook_endpoint e, v"
            + " WHERE e.enabled AND " + WANTED;

    /**
     * Of each endpoint the first that may go is taken from the index, so a long queue of different subjects costs no more
     * than a short one; what waits for an earlier event is read and passed over. So are rows that somebody else takes at
     * the same time; one that he took just before is looked at again, and his lease seen.
     */
    private static final String CLAIM = "WITH due AS (SELECT d.endpoint_id, d.event_seq FROM webhook_endpoint e"
            + " CROSS JOIN LATERAL (SELECT * FROM webhook_delivery d"
            + "   WHERE d.endpoint_id = e.id AND d.state = 'pending' AND d.next_attempt_at <= :now"
            + "   AND (d.lease_until IS NULL OR d.lease_until <= :now)"
            + "   AND NOT EXISTS (SELECT 1 FROM webhook_delivery earlier"
            + "     WHERE earlier.endpoint_id = d.endpoint_id AND earlier.subject = d.subject"
            + "     AND earlier.state = 'pending' AND earlier.event_seq < d.event_seq)"
            + "   ORDER BY d.next_attempt_at, d.event_seq LIMIT 1 FOR UPDATE SKIP LOCKED) d"
            + " WHERE e.enabled AND e.id <> ALL (:busy) ORDER BY d.next_attempt_at, d.event_seq LIMIT 1)"
            + " UPDATE webhook_delivery d SET attempts = d.attempts + 1, lease_until = :until"
            + " FROM due, webhook_endpoint e, event v WHERE d.endpoint_id = due.endpoint_id"
            + " AND d.event_seq = due.event_seq AND e.id = d.endpoint_id AND v.seq = d.event_seq"
            + " RETURNING d.event_seq, d.attempts, v.id AS event_id, v.body, " + EndpointStore.COLUMNS;

    private static final String REPLAY =
            "INSERT INTO webhook_delivery (endpoint_id, event_seq, subject, state, attempts, next_attempt_at)"
                    + " SELECT e.id, v.seq, v.subject, 'pending', 0, :now FROM webhook_endpoint e, event v"
                    + " WHERE e.id = :endpoint AND " + WANTED
                    + " AND (:event::text IS NULL OR v.id = :event::text)"
                    + " AND (:since::timestamptz IS NULL OR v.occurred_at >= :since::timestamptz)"
                    + " AND (:until::timestamptz IS NULL OR v.occurred_at < :until::timestamptz)"
                    + " AND (NOT :onlyFailed OR EXISTS (SELECT 1 FROM webhook_delivery d WHERE d.endpoint_id = e.id"
                    + "   AND d.event_seq = v.seq AND d.state = 'failed'))"
                    + " ON CONFLICT (endpoint_id, event_seq) DO UPDATE"
                    + " SET state = 'pending', attempts = 0, next_attempt_at = excluded.next_attempt_at";

    private final Jdbi jdbi;

    public Outbox(Database database) {
        this.jdbi = database.jdbi();
    }

    /** How a delivery stands. */
    public enum State {
        PENDING,
        DELIVERED,
        FAILED;

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A delivery that is ours to try.
     *
     * @param attempts how many there were, this one included
     * @param until it is ours until then
     */
    public record Claim(Endpoint endpoint, long eventSeq, String eventId, String body, int attempts, Instant until) {}

    /**
     * An event on its way to an endpoint.
     *
     * @param seq of the event
     * @param nextAttemptAt of a pending one
     */
    public record Delivery(
            long seq,
            String eventId,
            String type,
            String subject,
            Instant occurredAt,
            State state,
            int attempts,
            Optional<Instant> nextAttemptAt,
            Optional<Instant> lastAttemptAt,
            Optional<Integer> lastStatus,
            Optional<String> lastError) {}

    /** Which events are to be sent again: all that the endpoint wants and that fit whatever is said here. */
    public record Replay(
            Optional<String> eventId, Optional<Instant> since, Optional<Instant> until, boolean onlyFailed) {}

    /**
     * What is still to be told to enabled endpoints.
     *
     * @param oldest when the oldest of it happened
     */
    public record Backlog(long deliveries, Optional<Instant> oldest) {}

    /**
     * Keeps the event, and a delivery for each enabled endpoint that wants it; nothing if it is kept already.
     *
     * @param handle the transaction in which it happens; it must hold whatever keeps others from changing the subject, as
     *     only then are the subject's events numbered in the order in which they happen
     */
    static void append(Handle handle, Event event) {
        append(handle, List.of(event));
    }

    /** Does so with many. */
    static void append(Handle handle, List<Event> events) {
        PreparedBatch batch = handle.prepareBatch(APPEND);
        for (Event event : events) {
            batch.bind("id", event.id())
                    .bind("type", event.type().label())
                    .bind("tenant", event.tenant().orElse(null))
                    .bind("subject", event.subject())
                    .bind("time", event.time().atOffset(ZoneOffset.UTC))
                    .bind("body", CanonicalJson.write(event.document()))
                    .add();
        }
        if (!events.isEmpty()) {
            batch.execute();
        }
    }

    /**
     * Takes what is due longest, unless an earlier event of its subject is still to be told to the same endpoint.
     *
     * @param until nobody else takes it before then; to the microsecond
     * @param busy endpoints that nothing is wanted for
     */
    public Optional<Claim> claim(Instant now, Instant until, Collection<String> busy) {
        return jdbi.withHandle(handle -> handle.createQuery(CLAIM)
                .bind("now", now.atOffset(ZoneOffset.UTC))
                .bind("until", until.atOffset(ZoneOffset.UTC))
                .bindArray("busy", String.class, List.copyOf(busy))
                .map((row, context) -> new Claim(
                        EndpointStore.endpoint(row),
                        row.getLong("event_seq"),
                        row.getString("event_id"),
                        row.getString("body"),
                        row.getInt("attempts"),
                        until))
                .findOne());
    }

    /** Writes down what came of the attempt; nothing, if the delivery is no longer ours. */
    public void finish(Claim claim, Answer answer, Verdict verdict, Instant now) {
        Instant next = verdict instanceof Verdict.Again again ? again.at() : now;
        jdbi.useTransaction(handle -> {
            handle.createUpdate("UPDATE webhook_delivery SET state = :state, next_attempt_at = :next,"
                            + " lease_until = NULL, last_attempt_at = :now, last_status = :status, last_error = :error"
                            + " WHERE endpoint_id = :endpoint AND event_seq = :seq AND lease_until = :until")
                    .bind("state", state(verdict).label())
                    .bind("next", next.atOffset(ZoneOffset.UTC))
                    .bind("now", now.atOffset(ZoneOffset.UTC))
                    .bind("status", answer.status().orElse(null))
                    .bind("error", answer.error().orElse(null))
                    .bind("endpoint", claim.endpoint().id())
                    .bind("seq", claim.eventSeq())
                    .bind("until", claim.until().atOffset(ZoneOffset.UTC))
                    .execute();
            if (verdict instanceof Verdict.GivenUp given && given.closesEndpoint()) {
                handle.createUpdate("UPDATE webhook_endpoint SET enabled = false, disabled_because = :why"
                                + " WHERE id = :endpoint AND url = :url")
                        .bind("why", answer.error().orElse(""))
                        .bind("endpoint", claim.endpoint().id())
                        .bind("url", claim.endpoint().wish().url())
                        .execute();
            }
        });
    }

    /** Makes deliveries due that were made, given up or never meant to be; how many. */
    public int replay(String endpoint, Replay replay, Instant now) {
        return jdbi.withHandle(handle -> handle.createUpdate(REPLAY)
                .bind("endpoint", endpoint)
                .bind("now", now.atOffset(ZoneOffset.UTC))
                .bind("event", replay.eventId().orElse(null))
                .bind("since", utc(replay.since()))
                .bind("until", utc(replay.until()))
                .bind("onlyFailed", replay.onlyFailed())
                .execute());
    }

    /** The endpoint's deliveries, of the latest event first; only those of earlier events than the given one. */
    public List<Delivery> deliveries(String endpoint, Optional<State> state, int limit, Optional<Long> before) {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT d.*, v.id, v.type, v.occurred_at"
                        + " FROM webhook_delivery d JOIN event v ON v.seq = d.event_seq"
                        + " WHERE d.endpoint_id = :endpoint AND (:state::text IS NULL OR d.state = :state::text)"
                        + " AND (:before::bigint IS NULL OR d.event_seq < :before::bigint)"
                        + " ORDER BY d.event_seq DESC LIMIT :limit")
                .bind("endpoint", endpoint)
                .bind("state", state.map(State::label).orElse(null))
                .bind("before", before.orElse(null))
                .bind("limit", limit)
                .map((row, context) -> delivery(row))
                .list());
    }

    public Backlog backlog() {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "SELECT count(*) AS deliveries, min(v.occurred_at) AS oldest"
                                + " FROM webhook_delivery d JOIN event v ON v.seq = d.event_seq"
                                + " JOIN webhook_endpoint e ON e.id = d.endpoint_id AND e.enabled WHERE d.state = 'pending'")
                .map((row, context) -> new Backlog(row.getLong("deliveries"), instant(row, "oldest")))
                .one());
    }

    private static State state(Verdict verdict) {
        if (verdict instanceof Verdict.Again) {
            return State.PENDING;
        }
        return verdict instanceof Verdict.Delivered ? State.DELIVERED : State.FAILED;
    }

    private static Delivery delivery(ResultSet row) throws SQLException {
        State state = State.valueOf(row.getString("state").toUpperCase(Locale.ROOT));
        return new Delivery(
                row.getLong("event_seq"),
                row.getString("id"),
                row.getString("type"),
                row.getString("subject"),
                row.getObject("occurred_at", OffsetDateTime.class).toInstant(),
                state,
                row.getInt("attempts"),
                instant(row, "next_attempt_at").filter(next -> state == State.PENDING),
                instant(row, "last_attempt_at"),
                Optional.ofNullable(row.getObject("last_status", Integer.class)),
                Optional.ofNullable(row.getString("last_error")));
    }

    private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }

    private static @Nullable OffsetDateTime utc(Optional<Instant> instant) {
        return instant.map(value -> value.atOffset(ZoneOffset.UTC)).orElse(null);
    }
}
