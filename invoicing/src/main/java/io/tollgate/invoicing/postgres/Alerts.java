package io.tollgate.invoicing.postgres;

import io.tollgate.invoicing.alert.Alert;
import io.tollgate.invoicing.alert.Cause;
import io.tollgate.invoicing.document.CanonicalJson;
import io.tollgate.invoicing.webhook.Event;
import io.tollgate.invoicing.webhook.EventType;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** What somebody was told, once. The alert, its event and its letters are kept together or not at all. */
public final class Alerts {

    private final Jdbi jdbi;
    private final String mailDomain;

    /** @param mailDomain what the ids of letters end in */
    public Alerts(Database database, String mailDomain) {
        this.jdbi = database.jdbi();
        this.mailDomain = mailDomain;
    }

    /**
     * An alert as it was raised.
     *
     * @param seq the later, the greater
     * @param letters how its letters stand
     */
    public record Raised(long seq, Event.AlertHead head, Instant raisedAt, List<Letter> letters) {}

    /** How a letter stands: {@code pending}, {@code delivered} or {@code failed}. */
    public record Letter(String recipient, String state, int attempts, Optional<String> lastError) {}

    /** Which alerts are looked for; empty for any. */
    public record Wanted(Optional<String> tenant, Optional<String> kind, Optional<String> subject) {}

    /**
     * Raises an alert, unless it was raised before: then nothing happens, whoever did it and whenever.
     *
     * @return whether it is new
     */
    public boolean raise(Alert alert) {
        if (isRaised(alert)) {
            return false;
        }
        return jdbi.inTransaction(handle -> {
            // Alerts about one subject are numbered one after the other, so that they are told in their order.
            handle.execute(
                    "SELECT pg_advisory_xact_lock(hashtextextended(?, 10))",
                    alert.cause().subject());
            return raise(handle, alert);
        });
    }

    private boolean isRaised(Alert alert) {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT 1 FROM alert WHERE id = :id")
                .bind("id", alert.id())
                .mapTo(Integer.class)
                .findOne()
                .isPresent());
    }

    private boolean raise(Handle handle, Alert alert) {
        Cause cause = alert.cause();
        Event.AlertHead head = new Event.AlertHead(
                alert.id(),
                cause.kind(),
                alert.tenant(),
                cause.subject(),
                cause.headline(),
                cause.facts(),
                cause.link());
        boolean isNew = handle.createUpdate(
                                "INSERT INTO alert (id, kind, tenant, subject, raised_at, document)"
                                        + " VALUES (:id, :kind, :tenant, :subject, :raisedAt, :document) ON CONFLICT DO NOTHING")
                        .bind("id", alert.id())
                        .bind("kind", cause.kind())
                        .bind("tenant", alert.tenant())
                        .bind("subject", cause.subject())
                        .bind("raisedAt", alert.raisedAt().atOffset(ZoneOffset.UTC))
                        .bind("document", CanonicalJson.write(head))
                        .execute()
                > 0;
        if (isNew) {
            Outbox.append(handle, Event.of(type(cause), head, alert.raisedAt()));
            alert.recipients()
                    .forEach(recipient ->
                            MailOutbox.append(handle, alert, recipient, alert.messageId(recipient, mailDomain)));
        }
        return isNew;
    }

    /** The latest first; only those before the given one. */
    public List<Raised> list(Wanted wanted, int limit, Optional<Long> before) {
        return jdbi.withHandle(handle -> handle
                .createQuery("SELECT seq, raised_at, document FROM alert"
                        + " WHERE (:tenant::text IS NULL OR tenant = :tenant)"
                        + " AND (:kind::text IS NULL OR kind = :kind)"
                        + " AND (:subject::text IS NULL OR subject = :subject)"
                        + " AND (:before::bigint IS NULL OR seq < :before::bigint) ORDER BY seq DESC LIMIT :limit")
                .bind("tenant", wanted.tenant().orElse(null))
                .bind("kind", wanted.kind().orElse(null))
                .bind("subject", wanted.subject().orElse(null))
                .bind("before", before.orElse(null))
                .bind("limit", limit)
                .map((row, context) -> raised(row))
                .list()
                .stream()
                .map(raised -> new Raised(
                        raised.seq(),
                        raised.head(),
                        raised.raisedAt(),
                        letters(handle, raised.head().id())))
                .toList());
    }

    private static List<Letter> letters(Handle handle, String alert) {
        return handle.createQuery("SELECT recipient, state, attempts, last_error FROM mail WHERE alert_id = :alert"
                        + " ORDER BY recipient COLLATE \"C\"")
                .bind("alert", alert)
                .map((row, context) -> new Letter(
                        row.getString("recipient"),
                        row.getString("state"),
                        row.getInt("attempts"),
                        Optional.ofNullable(row.getString("last_error"))))
                .list();
    }

    private static Raised raised(ResultSet row) throws SQLException {
        return new Raised(
                row.getLong("seq"),
                CanonicalJson.read(row.getString("document"), Event.AlertHead.class),
                row.getObject("raised_at", OffsetDateTime.class).toInstant(),
                List.of());
    }

    private static EventType type(Cause cause) {
        if (cause instanceof Cause.ThresholdCrossed) {
            return EventType.BUDGET_THRESHOLD_CROSSED;
        }
        if (cause instanceof Cause.BreachForecast) {
            return EventType.BUDGET_BREACH_FORECAST;
        }
        return cause instanceof Cause.CurrencyDiffers ? EventType.BUDGET_CURRENCY_DIFFERS : EventType.ANOMALY_DETECTED;
    }
}
