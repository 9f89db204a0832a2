package io.tollgate.ingest.edge;

import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.tollgate.ingest.cloudevents.CloudEventWriter;
import io.tollgate.ingest.http.InFlight;
import io.tollgate.ingest.otlp.OtlpMapping;
import io.tollgate.ingest.rejected.Original;
import io.tollgate.ingest.rejected.Place;
import io.tollgate.ingest.rejected.Rejection;
import io.tollgate.ingest.rejected.Rejections;
import io.tollgate.ingest.rejected.Retry;
import io.tollgate.service.Caller;
import io.tollgate.service.Problem;
import io.tollgate.service.ProblemException;
import io.tollgate.service.Role;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code /v1/rejected-events}: what was kept out, to be looked at and sent again. They are of all tenants and sources. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.Names.ADMIN)
public final class RejectedEventsResource {

    private static final String EVENTS = "/rejected-events";
    private static final String PLACE = "partition and offset in the topic of rejected events, such as `0@123`";
    private static final String NOT_FOUND =
            "`rejection_not_found`: there is none at that place, or not for a second or two";
    private static final String NO_ARCHIVE = CorrectionsResource.NO_ARCHIVE;
    private static final String FULL = CorrectionsResource.FULL;
    private static final String UNREAD = CorrectionsResource.UNREAD;
    private static final String AWAY = CorrectionsResource.AWAY;
    /** As bytes, in base64 and as text, and all of it as JSON. */
    private static final int TIMES_ORIGINAL = 4;

    private final EventsDoor door;
    private final Rejections rejections;
    private final Retry retry;
    private final Set<Role> mayBackfill;
    private final OtlpMapping mapping;
    private final InstantSource clock;

    RejectedEventsResource(
            EventsDoor door, Rejections rejections, Retry retry, IngestConfig config, InstantSource clock) {
        this.door = door;
        this.rejections = rejections;
        this.retry = retry;
        this.mayBackfill = config.mayBackfill();
        this.mapping = config.otlp();
        this.clock = clock;
    }

    /** One that was kept out. */
    @Schema(name = "RejectedEvent", description = "An event that was kept out")
    public record Kept(
            @Schema(description = "partition and offset in the topic of rejected events")
            String place,

            @Schema(description = "when it was kept out") Instant rejectedAt,

            @Schema(description = "who kept it out: `edge`, `replay` or `aggregator`; empty when nobody knows")
            String stage,

            @Schema(description = "stable code") String reason,

            @Schema(description = "what is wrong and what to do")
            String detail,

            @Schema(description = "where it stood") String origin,

            @Schema(description = "who it is, if that could be read")
            Optional<EventSchema.Identity> identity,

            @Schema(
                    description = "whether an event of that identity is counted: this one sent again or, of a conflict,"
                            + " the other")
            boolean counted,

            @Schema(description = "how many bytes came") long originalBytes) {

        static Kept of(Rejection rejection) {
            return new Kept(
                    rejection.place().toString(),
                    rejection.at(),
                    rejection.stage(),
                    rejection.reason(),
                    rejection.detail(),
                    rejection.origin(),
                    rejection.id().isEmpty()
                            ? Optional.empty()
                            : Optional.of(new EventSchema.Identity(rejection.source(), rejection.id())),
                    rejection.counted(),
                    rejection.originalBytes());
        }
    }

    /** A page of them. */
    @Schema(name = "RejectedEvents", description = "Events that were kept out, the newest first")
    public record Page(
            List<Kept> events,

            @Schema(description = "what asks for the next page; absent on the last")
            Optional<String> nextCursor) {}

    /** One with its bytes. */
    @Schema(name = "RejectedEventWithOriginal", description = "An event that was kept out, with its bytes")
    public record Whole(
            Kept rejected,

            @Schema(
                    description = "what the bytes are",
                    allowableValues = {"usage_message", "cloud_event", "trace_line", "bytes"})
            String originalKind,

            @Schema(description = "the bytes as they came", format = "byte")
            String originalBase64,

            @Schema(description = "the same, if they are UTF-8")
            Optional<String> originalText,

            @Schema(description = "of a `usage_message`: the event as a CloudEvent in JSON")
            Optional<String> originalAsCloudEvent) {}

    /** One that was not sent again. */
    @Schema(name = "NotRetried", description = "A rejected event that was not sent again, and why")
    public record Left(
            String place,

            @Schema(
                    description = "stable: a reason for rejection, `not_an_event`, `already_counted` or"
                            + " `rejection_not_found`")
            String code,

            @Schema(description = "what it is, what is wrong and what to do")
            String detail) {}

    /** What became of them. */
    @Schema(name = "Retried", description = "What became of the events")
    public record Retried(
            @Schema(description = "places of those that are " + CorrectionsResource.SAFE)
            List<String> sent,

            @Schema(description = "those that would be kept out again")
            List<Left> refused,

            @Schema(description = "those of whose identity an event is counted")
            List<Left> skipped,

            @Schema(description = "what goes on behind them; absent when there are no more")
            Optional<String> nextCursor) {}

    @GET
    @Path(EVENTS)
    @Operation(
            operationId = "listRejectedEvents",
            summary = "List events that were kept out",
            description = "The newest first, without their bytes. Wants the admin's token.")
    @ApiResponse(responseCode = "200", description = "a page of the list", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "429", description = FULL)
    @ApiResponse(responseCode = "501", description = NO_ARCHIVE)
    @ApiResponse(responseCode = "503", description = UNREAD)
    public Page list(
            @BeanParam RejectedEventsQuery query,
            @Parameter(
                            description =
                                    "`false`: only those of whose identity no event is counted; `true`: only others",
                            schema = @Schema(allowableValues = {"true", "false"}))
                    @QueryParam("counted")
                    @Nullable String counted,
            @Parameter(hidden = true) @Auth Caller caller)
            throws IOException {
        return door.enter(caller.role(), InputStream.nullInputStream(), (none, place) -> page(query, flag(counted)));
    }

    private Page page(RejectedEventsQuery query, Optional<Boolean> counted) {
        List<Place> named = query.named();
        if (!named.isEmpty()) {
            return new Page(rejections.at(named).stream().map(Kept::of).toList(), Optional.empty());
        }
        List<Rejection> found = rejections.newest(query.filter(counted), query.limit());
        return new Page(found.stream().map(Kept::of).toList(), next(found, query.limit()));
    }

    @GET
    @Path(EVENTS + "/{place}")
    @Operation(operationId = "getRejectedEvent", summary = "Get an event that was kept out, with its bytes")
    @ApiResponse(responseCode = "200", description = "the event", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "404", description = NOT_FOUND)
    @ApiResponse(responseCode = "429", description = FULL)
    @ApiResponse(responseCode = "501", description = NO_ARCHIVE)
    @ApiResponse(responseCode = "503", description = UNREAD)
    public Whole get(
            @Parameter(description = PLACE) @PathParam("place") String text,
            @Parameter(hidden = true) @Auth Caller caller)
            throws IOException {
        return door.enter(caller.role(), InputStream.nullInputStream(), (none, place) -> {
            Rejection rejection = at(RejectedEventsQuery.place(text));
            EventsDoor.takeMemory(place, TIMES_ORIGINAL * rejection.originalBytes());
            return whole(rejection);
        });
    }

    private Whole whole(Rejection rejection) {
        byte[] bytes = rejections.originals(List.of(rejection.place())).getOrDefault(rejection.place(), new byte[0]);
        Original original = Original.of(bytes, rejection.stage(), mapping, clock.instant());
        return new Whole(
                Kept.of(rejection),
                original.kind().code(),
                Base64.getEncoder().encodeToString(bytes),
                text(bytes),
                original.message().map(CloudEventWriter::write));
    }

    @POST
    @Path(EVENTS + "/{place}:retry")
    @Operation(operationId = "retryRejectedEvent", summary = "Send an event again that was kept out", description = """
                    Sends it as it came, by the rules as they are now; usage of any age, if the token may backfill. \
                    Whether it is counted then, the list tells some seconds later.""")
    @ApiResponse(responseCode = "200", description = "what became of it", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "404", description = NOT_FOUND)
    @ApiResponse(responseCode = "429", description = FULL)
    @ApiResponse(responseCode = "501", description = NO_ARCHIVE)
    @ApiResponse(responseCode = "502", description = CorrectionsResource.REFUSES)
    @ApiResponse(responseCode = "503", description = AWAY)
    public Retried retry(
            @Parameter(description = PLACE) @PathParam("place") String place,
            @Parameter(hidden = true) @Auth Caller caller)
            throws IOException {
        return door.enter(
                caller.role(),
                InputStream.nullInputStream(),
                (none, room) -> retried(
                        List.of(at(RejectedEventsQuery.place(place))), List.of(), caller, Optional.empty(), room));
    }

    @POST
    @Path(EVENTS + ":retry")
    @Operation(operationId = "retryRejectedEvents", summary = "Send events again that were kept out", description = """
                    Those at the places that are named or, of a reason, stage or time, the newest of whose identity no \
                    event is counted: 1,000 at most, and `nextCursor` goes on with those that are older. \
                    Otherwise as for one.""")
    @ApiResponse(responseCode = "200", description = "what became of them", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "429", description = FULL)
    @ApiResponse(responseCode = "501", description = NO_ARCHIVE)
    @ApiResponse(responseCode = "502", description = CorrectionsResource.REFUSES)
    @ApiResponse(responseCode = "503", description = AWAY)
    public Retried retryAll(@BeanParam RejectedEventsQuery query, @Parameter(hidden = true) @Auth Caller caller)
            throws IOException {
        return door.enter(caller.role(), InputStream.nullInputStream(), (none, room) -> retried(query, caller, room));
    }

    private Retried retried(RejectedEventsQuery query, Caller caller, InFlight.Place room) {
        List<Place> named = query.named();
        if (named.isEmpty()) {
            List<Rejection> found = rejections.newest(query.filter(Optional.of(false)), query.limit());
            return retried(found, List.of(), caller, next(found, query.limit()), room);
        }
        Map<Place, Rejection> found =
                rejections.at(named).stream().collect(Collectors.toMap(Rejection::place, Function.identity()));
        List<Left> missing = named.stream()
                .filter(place -> !found.containsKey(place))
                .map(place -> new Left(place.toString(), "rejection_not_found", "there is no rejection at " + place))
                .toList();
        return retried(
                named.stream().filter(found::containsKey).map(found::get).toList(),
                missing,
                caller,
                Optional.empty(),
                room);
    }

    private Retried retried(
            List<Rejection> chosen,
            List<Left> missing,
            Caller caller,
            Optional<String> nextCursor,
            InFlight.Place room) {
        EventsDoor.takeMemory(room, 2 * Retry.heldBytes(chosen));
        Retry.Result result = retry.send(chosen, clock.instant(), mayBackfill.contains(caller.role()));
        List<Left> refused = new ArrayList<>(missing);
        refused.addAll(left(result.refused()));
        return new Retried(
                result.sent().stream().map(Place::toString).toList(), refused, left(result.skipped()), nextCursor);
    }

    private static List<Left> left(List<Retry.Left> left) {
        return left.stream()
                .map(each -> new Left(each.place().toString(), each.code(), each.detail()))
                .toList();
    }

    private Rejection at(Place place) {
        return rejections.at(List.of(place)).stream()
                .findFirst()
                .orElseThrow(() -> new ProblemException(Problem.of(
                        404,
                        "rejection_not_found",
                        "There is no rejection at " + place + ". A new one is here within a second or two.")));
    }

    private static Optional<String> next(List<Rejection> found, int limit) {
        return found.size() < limit
                ? Optional.empty()
                : Optional.of(found.get(found.size() - 1).cursor().encoded());
    }

    private static Optional<Boolean> flag(@Nullable String counted) {
        if (counted == null || counted.isEmpty()) {
            return Optional.empty();
        }
        if (!counted.equals("true") && !counted.equals("false")) {
            throw RejectedEventsQuery.invalid("counted", "true or false");
        }
        return Optional.of(counted.equals("true"));
    }

    private static Optional<String> text(byte[] bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
