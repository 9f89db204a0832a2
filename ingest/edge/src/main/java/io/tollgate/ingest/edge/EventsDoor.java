package io.tollgate.ingest.edge;

import com.codahale.metrics.MetricRegistry;
import io.tollgate.ingest.cloudevents.BinaryEvent;
import io.tollgate.ingest.cloudevents.EventBatch;
import io.tollgate.ingest.http.IdempotencyKeys;
import io.tollgate.ingest.http.InFlight;
import io.tollgate.service.Problem;
import io.tollgate.service.ProblemException;
import io.tollgate.service.Role;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.zip.ZipException;
import org.eclipse.jetty.http.BadMessageException;
import org.eclipse.jetty.io.EofException;

/** What stands between a request and the intake: room, who may what, and whether it was answered before. */
final class EventsDoor {

    private static final String CLOUD_EVENTS = "application/cloudevents";
    /** The server closes a connection with a body that was not read to its end, and must say so: others reuse it. */
    private static final String CONNECTION = "Connection";

    private static final String CLOSE = "close";
    private static final String SOON_SECONDS = "1";
    private static final int KEYS_MAX = 10_000;
    /** Errors of all kept answers together; each takes about half a kilobyte. */
    private static final long KEPT_ERRORS_MAX = 50_000;

    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");

    private final EventIntake intake;
    private final Set<Role> mayBackfill;
    private final InFlight inFlight;
    private final IdempotencyKeys<Intake> answers;
    private final MetricRegistry metrics;

    EventsDoor(EventIntake intake, IngestConfig config, InstantSource clock, MetricRegistry metrics) {
        this.intake = intake;
        this.mayBackfill = config.mayBackfill();
        this.inFlight = new InFlight(config.inFlight());
        this.answers = new IdempotencyKeys<>(KEYS_MAX, KEPT_ERRORS_MAX, clock);
        this.metrics = metrics;
    }

    /**
     * A request, its body not read yet.
     *
     * @param headers by name
     * @param contentType of the body
     * @param form how events stand in the body, unless the headers hold one in binary mode
     * @param backfill whether it says that it holds old usage on purpose
     * @param key the sender's name for this request
     */
    record Visit(
            String requestId,
            Role role,
            Map<String, List<String>> headers,
            String contentType,
            EventBatch.Form form,
            boolean backfill,
            Optional<String> key) {

        /** CloudEvents' own types are never data of another event: HTTP binding 1.0.2, section 1.3. */
        boolean isBinary() {
            return !contentType.regionMatches(true, 0, CLOUD_EVENTS, 0, CLOUD_EVENTS.length())
                    && BinaryEvent.isIn(headers.keySet());
        }
    }

    /** Lets a request in, or ends it with a problem. Reads the body to its end and closes it. */
    Intake enter(Visit visit, InputStream body) throws IOException {
        return enter(
                visit.role(),
                visit.backfill(),
                1,
                body,
                bytes -> visit.key().isEmpty()
                        ? take(visit, bytes)
                        : once(visit, visit.key().get(), bytes));
    }

    /**
     * The same for a request of which the caller knows what to do with its body.
     *
     * @param times how many times the body's size working on it takes, as far as that counts against the limit
     */
    Intake enter(Role role, boolean backfill, int times, InputStream body, Function<byte[], Intake> work)
            throws IOException {
        try (InputStream opened = body;
                InFlight.Place place = inFlight.enter().orElseThrow(EventsDoor::full)) {
            if (backfill && !mayBackfill.contains(role)) {
                throw new ProblemException(Problem.of(
                                403,
                                "backfill_forbidden",
                                "The token may send usage, but no backfills. Leave Tollgate-Backfill out, or use a token that"
                                        + " may."))
                        .withHeader(CONNECTION, CLOSE);
            }
            byte[] bytes = read(opened, place);
            if (!place.take(bytes.length * (times - 1))) {
                throw full();
            }
            return work.apply(bytes);
        } catch (ProblemException refused) {
            metrics.counter("ingest.requests.refused." + refused.problem().code())
                    .inc();
            throw refused;
        }
    }

    private Intake take(Visit visit, byte[] body) {
        EventIntake.Sending sending = new EventIntake.Sending(visit.requestId(), visit.backfill());
        return visit.isBinary()
                ? intake.take(BinaryEvent.of(visit.headers(), visit.contentType(), body), sending)
                : intake.take(body, visit.form(), sending);
    }

    private Intake once(Visit visit, String key, byte[] body) {
        if (!KEY.matcher(key).matches()) {
            throw new ProblemException(Problem.of(
                    400,
                    "invalid_idempotency_key",
                    "Idempotency-Key is not 1 to 255 printable ASCII characters without a space."));
        }
        // One role's keys are no business of another's.
        String scoped = visit.role().roleName() + " " + key;
        IdempotencyKeys.Claim<Intake> claim = answers.claim(scoped, digest(visit, body));
        if (claim instanceof IdempotencyKeys.Claim.Again<Intake> again) {
            metrics.counter("ingest.requests.repeated").inc();
            return again.answer();
        }
        if (claim instanceof IdempotencyKeys.Claim.OfAnother<Intake>) {
            throw new ProblemException(Problem.of(
                    422,
                    "idempotency_key_reused",
                    "Another request had this Idempotency-Key, and nothing of this one was taken. Send it with a key of"
                            + " its own."));
        }
        if (claim instanceof IdempotencyKeys.Claim.Running<Intake>) {
            throw new ProblemException(Problem.of(
                            409,
                            "request_in_progress",
                            "The same request is still being worked on. Send it again after Retry-After seconds."))
                    .withHeader(HttpHeaders.RETRY_AFTER, SOON_SECONDS);
        }
        try {
            Intake outcome = take(visit, body);
            if (!(outcome instanceof Intake.KafkaAway)) {
                answers.answered(scoped, outcome, weight(outcome));
            }
            return outcome;
        } finally {
            answers.release(scoped);
        }
    }

    private static long weight(Intake outcome) {
        return outcome instanceof Intake.Done done ? 1 + done.errors().size() : 1;
    }

    /** Of all that the answer depends on: in binary mode the headers too. */
    private static String digest(Visit visit, byte[] body) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            String how = visit.isBinary() ? "BINARY" : visit.form().name();
            digest.update((how + " " + visit.backfill() + "\n").getBytes(StandardCharsets.UTF_8));
            byte[] all = visit.isBinary()
                    ? BinaryEvent.of(visit.headers(), visit.contentType(), body).json()
                    : body;
            return HexFormat.of().formatHex(digest.digest(all));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static byte[] read(InputStream body, InFlight.Place place) throws IOException {
        try (InputStream counted = new Counted(body, place)) {
            return counted.readAllBytes();
        } catch (ProblemException e) {
            throw e.withHeader(CONNECTION, CLOSE);
        } catch (EofException e) {
            // The sender hung up, which has an answer of its own.
            throw e;
        } catch (ZipException | EOFException | BadMessageException e) {
            throw new ProblemException(Problem.of(
                            400,
                            "invalid_gzip",
                            "The body is not gzip, or not all of it, though Content-Encoding says so. Pack it, or leave the"
                                    + " header out."))
                    .withHeader(CONNECTION, CLOSE);
        }
    }

    private static ProblemException full() {
        return new ProblemException(Problem.of(
                        429,
                        "too_much_in_flight",
                        "More is being worked on than there is room for, and nothing of this request was taken. Send it"
                                + " again after Retry-After seconds, and fewer at once."))
                .withHeader(HttpHeaders.RETRY_AFTER, SOON_SECONDS)
                .withHeader(CONNECTION, CLOSE);
    }

    /** Takes room as the body grows: how large it is when unpacked is known to nobody before. */
    private static final class Counted extends FilterInputStream {

        private final InFlight.Place place;

        Counted(InputStream body, InFlight.Place place) {
            super(body);
            this.place = place;
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            count(read < 0 ? 0 : 1);
            return read;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            count(Math.max(0, read));
            return read;
        }

        private void count(int read) {
            if (!place.take(read)) {
                throw full();
            }
        }
    }
}
