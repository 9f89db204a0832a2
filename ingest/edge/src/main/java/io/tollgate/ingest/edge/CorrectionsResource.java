package io.tollgate.ingest.edge;

import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.tollgate.emitter.rules.Fault;
import io.tollgate.events.EventIdentity;
import io.tollgate.events.UsageEvent;
import io.tollgate.ingest.cloudevents.CloudEventParser;
import io.tollgate.ingest.cloudevents.EventDefaults;
import io.tollgate.ingest.cloudevents.Parsed;
import io.tollgate.ingest.corrections.Corrections;
import io.tollgate.ingest.policy.EventPolicy;
import io.tollgate.service.Caller;
import io.tollgate.service.Problem;
import io.tollgate.service.ProblemException;
import io.tollgate.service.Role;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/events/{source}/{id}:reverse} and {@code :amend}: what was counted, taken back. */
@Path("/v1/events/{source}")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.Names.PLATFORM)
public final class CorrectionsResource {

    private static final int BODY_BYTES_MAX = 1 << 20;
    private static final int UNPROCESSABLE = 422;
    private static final String CONNECTION = "Connection";
    private static final String CLOSE = "close";
    private static final String CLOUD_EVENT = "application/cloudevents+json";
    private static final String SOURCE = "of the event, percent-encoded as one segment: `https:%2F%2Fgw.example%2Feu`";
    private static final String ID = "of the event, percent-encoded as one segment; it may hold colons";
    private static final String TENANT = "whose event it is, where several tenants' events share source and id";
    private static final String NOT_FOUND =
            "`event_not_found`: nothing of that source and id was counted, or not some seconds ago";
    private static final String CONFLICT =
            "`event_is_reversal`: it takes back another; `event_ambiguous`: several of that source and id were counted;"
                    + " `event_already_reversed`: it was taken back otherwise";
    private static final String NO_ARCHIVE = "`no_archive`: this edge cannot look events up";
    private static final String AWAY =
            "`archive_unavailable`, `kafka_unavailable`: send the same request again after" + " Retry-After seconds";

    private final Corrections corrections;
    private final EventPolicy policy;
    private final Set<Role> mayBackfill;
    private final InstantSource clock;
    private final UnknownFieldCounters unknownFields;

    CorrectionsResource(
            Corrections corrections, IngestConfig config, InstantSource clock, UnknownFieldCounters unknownFields) {
        this.corrections = corrections;
        this.policy = config.policy();
        this.mayBackfill = config.mayBackfill();
        this.clock = clock;
        this.unknownFields = unknownFields;
    }

    /**
     * What was done.
     *
     * @param event that was taken back
     * @param reversal that takes it back
     * @param amendment that is in its place
     * @param repeated whether all of it was counted before
     */
    @Schema(name = "Correction", description = "What was done")
    public record Answer(
            @Schema(description = "that was taken back") EventSchema.Identity event,

            @Schema(description = "that takes it back; the same whenever the event is taken back")
            EventSchema.Identity reversal,

            @Schema(description = "that is in its place, if there is one")
            Optional<EventSchema.Identity> amendment,

            @Schema(
                    description = "whether all of it was counted before, so that nothing was sent; a repetition within"
                            + " some seconds is sent again, and dropped")
            boolean repeated) {}

    @POST
    @Path("/{id}:reverse")
    @Operation(operationId = "reverseEvent", summary = "Take an event back", description = """
                    Sends an event with the same dimensions, time and context size and the negated amounts. Its identity \
                    follows from the event's, so that reversing twice reverses once.""")
    @ApiResponse(responseCode = "200", description = "the reversal is safe in Kafka", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "404", description = NOT_FOUND)
    @ApiResponse(responseCode = "409", description = CONFLICT)
    @ApiResponse(responseCode = "501", description = NO_ARCHIVE)
    @ApiResponse(responseCode = "503", description = AWAY)
    public Answer reverse(
            @Parameter(description = SOURCE) @PathParam("source") String source,
            @Parameter(description = ID) @PathParam("id") String id,
            @Parameter(description = TENANT) @QueryParam("tenant") @Nullable String tenant) {
        Corrections.Target target = target(source, id, tenant);
        return answer(target, corrections.reverse(corrections.find(target)), Optional.empty());
    }

    @POST
    @Path("/{id}:amend")
    @Consumes({CLOUD_EVENT, MediaType.APPLICATION_JSON})
    @Operation(operationId = "amendEvent", summary = "Put an event in the place of another", description = """
                    Takes the event back as `:reverse` does, and sends the one in the body, which needs an id of its own. \
                    It is checked before anything is sent; one that is refused is not kept among the rejected, because \
                    sent again alone it would be billed beside the first. It may be as old as the event that it amends; \
                    to be older it takes a token that may backfill. The same request again changes nothing.""")
    @ApiResponse(responseCode = "200", description = "both are safe in Kafka", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "404", description = NOT_FOUND)
    @ApiResponse(
            responseCode = "409",
            description =
                    CONFLICT + "; `identity_conflict`: another event of the amendment's source and id was counted")
    @ApiResponse(responseCode = "413", description = "`body_too_large`: an event has at most 1 MiB here")
    @ApiResponse(
            responseCode = "422",
            description = "`amendment_rejected`: `errors` names the reason; `amendment_same_identity`,"
                    + " `amendment_is_reversal`: it cannot be in the place of the event. Nothing was sent")
    @ApiResponse(responseCode = "501", description = NO_ARCHIVE)
    @ApiResponse(responseCode = "503", description = AWAY)
    public Answer amend(
            @Parameter(description = SOURCE) @PathParam("source") String source,
            @Parameter(description = ID) @PathParam("id") String id,
            @Parameter(description = TENANT) @QueryParam("tenant") @Nullable String tenant,
            @RequestBody(
                            description = "The event that comes in its place. At most 1 MiB, unpacked",
                            required = true,
                            content = {
                                @Content(mediaType = CLOUD_EVENT, schema = @Schema(implementation = EventSchema.class)),
                                @Content(
                                        mediaType = MediaType.APPLICATION_JSON,
                                        schema = @Schema(implementation = EventSchema.class))
                            })
                    InputStream body,
            @Parameter(hidden = true) @Auth Caller caller)
            throws IOException {
        Instant arrival = clock.instant();
        Parsed parsed = CloudEventParser.parse(read(body), EventDefaults.NONE, arrival);
        if (parsed instanceof Parsed.Rejected rejected) {
            throw refused(rejected);
        }
        Parsed.Accepted accepted = (Parsed.Accepted) parsed;
        UsageEvent instead = accepted.event();
        Corrections.Target target = target(source, id, tenant);
        UsageEvent event = corrections.find(target);
        boolean mayBeOld =
                mayBackfill.contains(caller.role()) || !instead.getTime().isBefore(event.getTime());
        List<Fault> faults = policy.check(instead, arrival, mayBeOld);
        if (!faults.isEmpty()) {
            throw refused(Parsed.Rejected.of(instead, faults));
        }
        Corrections.Done done = corrections.amend(event, instead);
        accepted.unknown().ifPresent(unknownFields::count);
        return answer(target, done, Optional.of(new EventSchema.Identity(instead.getSource(), instead.getId())));
    }

    private static Corrections.Target target(String source, String id, @Nullable String tenant) {
        return new Corrections.Target(new EventIdentity(source, id), Optional.ofNullable(tenant));
    }

    private static Answer answer(
            Corrections.Target target, Corrections.Done done, Optional<EventSchema.Identity> amendment) {
        return new Answer(identity(target.identity()), identity(done.reversal()), amendment, done.repeated());
    }

    private static EventSchema.Identity identity(EventIdentity identity) {
        return new EventSchema.Identity(identity.getSource(), identity.getId());
    }

    private static ProblemException refused(Parsed.Rejected amendment) {
        Intake.EventError error = new Intake.EventError(
                0,
                amendment.identity().map(EventIdentity::getId),
                amendment.reason().code(),
                amendment.detail());
        return new ProblemException(Problem.of(
                        UNPROCESSABLE,
                        "amendment_rejected",
                        "The amendment is not a good event, and nothing was sent. " + amendment.detail())
                .with("errors", List.of(error)));
    }

    private static byte[] read(InputStream body) throws IOException {
        byte[] bytes = body.readNBytes(BODY_BYTES_MAX + 1);
        if (bytes.length > BODY_BYTES_MAX) {
            throw new ProblemException(Problem.of(
                                    413,
                                    "body_too_large",
                                    "The body is larger than 1 MiB, far more than an event needs.")
                            .with("maxBytes", BODY_BYTES_MAX))
                    .withHeader(CONNECTION, CLOSE);
        }
        return bytes;
    }
}
