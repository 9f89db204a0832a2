package io.tollgate.ingest.edge;

import com.codahale.metrics.MetricRegistry;
import io.tollgate.ingest.cloudevents.BinaryEvent;
import io.tollgate.ingest.cloudevents.EventBatch;
import io.tollgate.ingest.http.HeldBody;
import io.tollgate.ingest.http.IdempotencyKeys;
import io.tollgate.ingest.http.InFlight;
import io.tollgate.service.Problem;
import io.tollgate.service.ProblemException;
import io.tollgate.service.Role;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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

/** What stands between a request and the intake: room, who may what, and whether it was answered before. */
final class EventsDoor {

    private static final String CLOUD_EVENTS = "application/cloudevents";
    private static final String SOON_SECONDS = "1";
    private static final int KEYS_MAX = 10_000;
    /** Errors of all kept answers together; each takes about half a kilobyte. */
    private static final long KEPT_ERRORS_MAX = 50_000;

    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");

    private final EventIntake intake;
    private final Path largeBodies;
    private final Set<Role> mayBackfill;
    private final InFlight.Limits inFlightLimits;
    private final InFlight inFlight;
    private final IdempotencyKeys<Intake> answers;
    private final MetricRegistry metrics;

    EventsDoor(EventIntake intake, IngestConfig config, InstantSource clock, MetricRegistry metrics) {
        this.intake = intake;
        this.largeBodies = config.largeBodies();
        this.mayBackfill = config.mayBackfill();
        this.inFlightLimits = config.inFlight();
        this.inFlight = new InFlight(inFlightLimits);
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

    /** What is done with a body that was let in. */
    interface Work<T> {
        T on(HeldBody body, InFlight.Place place) throws IOException;
    }

    /** Lets a request in, or ends it with a problem. Reads the body to its end and closes it. */
    Intake enter(Visit visit, InputStream body) throws IOException {
        Optional<MessageDigest> digest = visit.key().map(key -> digest(visit, key));
        return enter(
                visit.role(),
                visit.backfill(),
                body,
                digest,
                (held, place) -> digest.isEmpty()
                        ? take(visit, held, place)
                        : once(visit, HexFormat.of().formatHex(digest.get().digest()), held, place));
    }

    /**
     * The same for a request whose body is of another kind, and is needed as a whole.
     *
     * @param times how many times the body's size the work takes in memory, about
     */
    Intake enter(Role role, boolean backfill, int times, InputStream body, Function<byte[], Intake> work)
            throws IOException {
        return enter(role, backfill, body, Optional.empty(), (held, place) -> {
            int most = inFlightLimits.memoryBytes() / times;
            if (held.length() > most) {
                // Never would there be room for it; to say "later" would be a lie.
                throw new ProblemException(Problem.of(
                                413,
                                "body_too_large",
                                "There is never room for a body of more than " + most
                                        + " bytes in this form. Send less at once, or in Protobuf; the operator can give"
                                        + " the edge more memory.")
                        .with("maxBytes", most));
            }
            takeMemory(place, (long) times * held.length());
            try (InputStream whole = held.open()) {
                return work.apply(whole.readAllBytes());
            }
        });
    }

    /** The same for a request that is no intake; it takes memory as it learns how much it needs. */
    <T> T enter(Role role, InputStream body, Work<T> work) throws IOException {
        return enter(role, false, body, Optional.empty(), work);
    }

    /** @throws ProblemException 429 when there is not so much */
    static void takeMemory(InFlight.Place place, long bytes) {
        if (bytes > Integer.MAX_VALUE || !place.takeMemory((int) bytes)) {
            throw full();
        }
    }

    private <T> T enter(Role role, boolean backfill, InputStream body, Optional<MessageDigest> digest, Work<T> work)
            throws IOException {
        try (InputStream opened = body;
                InFlight.Place place = inFlight.enter().orElseThrow(EventsDoor::full)) {
            if (backfill && !mayBackfill.contains(role)) {
                throw new ProblemException(Problem.of(
                        403,
                        "backfill_forbidden",
                        "The token may send usage, but no backfills. Leave Tollgate-Backfill out, or use a token that"
                                + " may."));
            }
            try (HeldBody held = read(opened, place, digest)) {
                return work.on(held, place);
            }
        } catch (ProblemException refused) {
            metrics.counter("ingest.requests.refused." + refused.problem().code())
                    .inc();
            throw refused;
        }
    }

    private Intake take(Visit visit, HeldBody body, InFlight.Place place) throws IOException {
        EventIntake.Sending sending = new EventIntake.Sending(visit.requestId(), visit.backfill());
        Intake outcome = visit.isBinary()
                ? intake.take(binary(visit, body), sending, place)
                : intake.take(body, visit.form(), sending, place);
        if (outcome instanceof Intake.NoRoom) {
            throw full();
        }
        return outcome;
    }

    private static BinaryEvent binary(Visit visit, HeldBody body) throws IOException {
        if (body.length() > EventIntake.EVENT_BYTES_MAX) {
            throw new ProblemException(Problem.of(
                            413,
                            "body_too_large",
                            "The event's data is larger than " + EventIntake.EVENT_BYTES_MAX
                                    + " bytes, the most that one event may have.")
                    .with("maxBytes", EventIntake.EVENT_BYTES_MAX));
        }
        try (InputStream data = body.open()) {
            return BinaryEvent.of(visit.headers(), visit.contentType(), data.readAllBytes());
        }
    }

    private Intake once(Visit visit, String digest, HeldBody body, InFlight.Place place) throws IOException {
        // One role's keys are no business of another's.
        String scoped = visit.role().roleName() + " " + visit.key().orElseThrow();
        IdempotencyKeys.Claim<Intake> claim = answers.claim(scoped, digest);
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
            Intake outcome = take(visit, body, place);
            if (!(outcome instanceof Intake.Away)) {
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

    /** Of all that the answer depends on, but the body: in binary mode the headers too. */
    private static MessageDigest digest(Visit visit, String key) {
        if (!KEY.matcher(key).matches()) {
            throw new ProblemException(Problem.of(
                    400,
                    "invalid_idempotency_key",
                    "Idempotency-Key is not 1 to 255 printable ASCII characters without a space."));
        }
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            String how = visit.isBinary() ? "BINARY" : visit.form().name();
            digest.update((how + " " + visit.backfill() + "\n").getBytes(StandardCharsets.UTF_8));
            if (visit.isBinary()) {
                digest.update(BinaryEvent.of(visit.headers(), visit.contentType(), new byte[0])
                        .json());
            }
            return digest;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private HeldBody read(InputStream body, InFlight.Place place, Optional<MessageDigest> digest) throws IOException {
        try {
            return HeldBody.read(body, place, largeBodies, digest);
        } catch (HeldBody.NoRoomException e) {
            throw full();
        }
    }

    private static ProblemException full() {
        return new ProblemException(Problem.of(
                        429,
                        "too_much_in_flight",
                        "More is being worked on than there is room for, and nothing of this request was taken. Send it"
                                + " again after Retry-After seconds, and fewer at once."))
                .withHeader(HttpHeaders.RETRY_AFTER, SOON_SECONDS);
    }
}
