package io.tollgate.invoicing.postgres;

import io.tollgate.invoicing.alert.Alert;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Letters that are still to be sent, and what became of the others. */
public final class MailOutbox {

    private static final String CLAIM = "UPDATE mail SET attempts = attempts + 1, lease_until = :until"
            + " WHERE message_id = (SELECT message_id FROM mail WHERE state = 'pending' AND next_attempt_at <= :now"
            + "   AND (lease_until IS NULL OR lease_until <= :now)"
            + "   ORDER BY next_attempt_at, message_id LIMIT 1 FOR UPDATE SKIP LOCKED)"
            + " RETURNING message_id, recipient, subject, body, written_at, attempts";

    private final Jdbi jdbi;

    public MailOutbox(Database database) {
        this.jdbi = database.jdbi();
    }

    /**
     * A letter that is ours to send.
     *
     * @param messageId the same for each attempt
     * @param attempts how many there were, this one included
     * @param until it is ours until then
     */
    public record Claim(
            String messageId,
            String recipient,
            String subject,
            String body,
            Instant writtenAt,
            int attempts,
            Instant until) {}

    /** What came of an attempt. */
    public sealed interface Outcome {

        /** The server has taken it. */
        record Delivered() implements Outcome {}

        record Again(Instant at, String error) implements Outcome {}

        record GivenUp(String error) implements Outcome {}
    }

    static void append(Handle handle, Alert alert, String recipient, String messageId) {
        handle.createUpdate("INSERT INTO mail (message_id, alert_id, recipient, subject, body, written_at, state,"
                        + " attempts, next_attempt_at)"
                        + " VALUES (:id, :alert, :recipient, :subject, :body, :now, 'pending', 0, :now)"
                        + " ON CONFLICT DO NOTHING")
                .bind("id", messageId)
                .bind("alert", alert.id())
                .bind("recipient", recipient)
                .bind("subject", alert.cause().headline())
                .bind("body", alert.text())
                .bind("now", alert.raisedAt().atOffset(ZoneOffset.UTC))
                .execute();
    }

    /**
     * Takes what is due longest.
     *
     * @param until nobody else takes it before then; to the microsecond
     */
    public Optional<Claim> claim(Instant now, Instant until) {
        return jdbi.withHandle(handle -> handle.createQuery(CLAIM)
                .bind("now", now.atOffset(ZoneOffset.UTC))
                .bind("until", until.atOffset(ZoneOffset.UTC))
                .map((row, context) -> new Claim(
                        row.getString("message_id"),
                        row.getString("recipient"),
                        row.getString("subject"),
                        row.getString("body"),
                        row.getObject("written_at", OffsetDateTime.class).toInstant(),
                        row.getInt("attempts"),
                        until))
                .findOne());
    }

    /** Writes down what came of the attempt; nothing, if the letter is no longer ours. */
    public void finish(Claim claim, Outcome outcome, Instant now) {
        String state = "failed";
        Instant next = now;
        String error = null;
        if (outcome instanceof Outcome.Delivered) {
            state = "delivered";
        } else if (outcome instanceof Outcome.Again again) {
            state = "pending";
            next = again.at();
            error = again.error();
        } else if (outcome instanceof Outcome.GivenUp given) {
            error = given.error();
        }
        String why = error;
        String stands = state;
        Instant due = next;
        jdbi.useHandle(handle -> handle.createUpdate("UPDATE mail SET state = :state, next_attempt_at = :next,"
                        + " lease_until = NULL, last_attempt_at = :now, last_error = :error"
                        + " WHERE message_id = :id AND lease_until = :until")
                .bind("state", stands)
                .bind("next", due.atOffset(ZoneOffset.UTC))
                .bind("now", now.atOffset(ZoneOffset.UTC))
                .bind("error", why)
                .bind("id", claim.messageId())
                .bind("until", claim.until().atOffset(ZoneOffset.UTC))
                .execute());
    }
}
