package io.tollgate.ingest.edge;

import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.tollgate.ingest.cloudevents.EventBatch;
import io.tollgate.service.Caller;
import io.tollgate.service.Problem;
import io.tollgate.service.ProblemException;
import io.tollgate.service.RequestId;
import io.tollgate.service.Role;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/events}: usage events in. */
@Path("/v1/events")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.Names.PLATFORM)
public final class EventsResource {

    static final long BODY_BYTES_MAX = 16L << 20;

    private static final String CLOUD_EVENT = "application/cloudevents+json";
    private static final String CLOUD_EVENT_BATCH = "application/cloudevents-batch+json";
    private static final String JSON_LINES = "application/x-ndjson";
    private static final String JSON_LINES_TOO = "application/jsonl";
    private static final String EXAMPLE = """
            {"specversion":"1.0","type":"io.tollgate.usage.v1","source":"gateway-eu-1","id":"42",
             "time":"2026-11-16T18:17:03.979960Z","data":{"tenant":"acme","provider":"openai","model":"gpt-4o",
             "acceleratorType":"nvidia-h100","quantities":{"input_tokens":4808,"output_tokens":10}}}""";

    private static final String EXAMPLE_LINE = """
            {"specversion":"1.0","type":"io.tollgate.usage.v1","source":"gateway-eu-1","id":"42",\
            "time":"2026-11-16T18:17:03Z","data":{"tenant":"acme","provider":"openai","model":"gpt-4o",\
            "quantities":{"input_tokens":4808}}}""";

    static final String BACKFILL = "Tollgate-Backfill";
    private static final String BINARY_MODE = "in binary mode alone; percent-encoded";

    private final EventsDoor door;

    EventsResource(EventsDoor door) {
        this.door = door;
    }

    /**
     * What became of the events.
     *
     * @param accepted how many are safe
     * @param spooled how many of them are on the edge's disk, because Kafka does not answer
     * @param rejected how many were kept out
     * @param errors one for each that was kept out, in the request's order
     */
    @Schema(name = "EventsAnswer", description = "What became of the events")
    public record Answer(
            @Schema(description = "how many are safe: in Kafka, or on the edge's disk")
            int accepted,

            @Schema(
                    description =
                            "how many of the accepted are on the edge's disk, and will be sent when Kafka is back")
            int spooled,

            @Schema(description = "how many were kept out") int rejected,

            @ArraySchema(arraySchema = @Schema(description = "one for each that was kept out, in the request's order"))
            List<Intake.EventError> errors) {}

    @POST
    @Consumes({CLOUD_EVENT, CLOUD_EVENT_BATCH, MediaType.APPLICATION_JSON, JSON_LINES, JSON_LINES_TOO})
    @Operation(operationId = "sendEvents", summary = "Send usage events", description = """
                    Takes up to 10,000 events and 16 MiB a request, unpacked, in gzip or zstd if you like, as CloudEvents \
                    1.0 in JSON: one object, an array, or one object a line; or one event in binary mode, its attributes \
                    in `ce-` headers and its data as the body. The answer comes when Kafka has them all, or, while it is \
                    away, the edge's disk. One bad event \
                    never keeps out the others: it is named in `errors` and kept, with its bytes, among the rejected. \
                    Sending the same request again is always safe: duplicates are dropped by (source, id). With an \
                    `Idempotency-Key` it also gets the same answer.""")
    @Parameter(name = "ce-specversion", in = ParameterIn.HEADER, description = BINARY_MODE)
    @Parameter(name = "ce-type", in = ParameterIn.HEADER, description = BINARY_MODE)
    @Parameter(name = "ce-source", in = ParameterIn.HEADER, description = BINARY_MODE)
    @Parameter(name = "ce-id", in = ParameterIn.HEADER, description = BINARY_MODE)
    @Parameter(name = "ce-time", in = ParameterIn.HEADER, description = BINARY_MODE)
    @Parameter(name = "ce-subject", in = ParameterIn.HEADER, description = BINARY_MODE)
    @Parameter(
            name = "Content-Encoding",
            in = ParameterIn.HEADER,
            description = "how the body is packed",
            schema = @Schema(allowableValues = {"gzip", "zstd", "identity"}))
    @ApiResponse(
            responseCode = "200",
            description = "At least one event was accepted, or there was none",
            useReturnTypeSchema = true)
    @ApiResponse(
            responseCode = "400",
            description = "`malformed_json`, `invalid_gzip`, `invalid_zstd`: the body cannot be read;"
                    + " `invalid_idempotency_key`, `invalid_parameter`: a header or parameter cannot")
    @ApiResponse(
            responseCode = "403",
            description = "`forbidden`: the token may not send; `backfill_forbidden`: it may, but no backfills")
    @ApiResponse(
            responseCode = "409",
            description = "`request_in_progress`: the same request is being worked on; send it again in a second")
    @ApiResponse(
            responseCode = "413",
            description = "`too_many_events` or `body_too_large`, and nothing was taken: send less at once")
    @ApiResponse(
            responseCode = "415",
            description = "`unsupported_media_type`: the body's Content-Type is not one of those listed;"
                    + " `unsupported_content_encoding`: it is packed in a way that is not known")
    @ApiResponse(
            responseCode = "422",
            description = "`all_events_rejected`: no event was accepted; `errors` names the reasons;"
                    + " `idempotency_key_reused`: another request had this key")
    @ApiResponse(
            responseCode = "429",
            description = "`too_much_in_flight`, and nothing was taken: send it again after Retry-After seconds")
    @ApiResponse(
            responseCode = "502",
            description = "`kafka_refuses`: Kafka would never take an event of the request; its operator has to act")
    @ApiResponse(
            responseCode = "503",
            description =
                    "`kafka_unavailable`, `spool_full`, `spool_failed`: Kafka is away, and the edge's disk does not"
                            + " help; `emitter_busy`, `stopping`: send the same request again after Retry-After seconds")
    public Answer send(
            @RequestBody(
                            description =
                                    "One event, an array of up to 10,000, or one a line; in binary mode the event's"
                                            + " `data`. At most 16 MiB, unpacked",
                            required = true,
                            content = {
                                @Content(
                                        mediaType = CLOUD_EVENT,
                                        schema = @Schema(implementation = EventSchema.class),
                                        examples = @ExampleObject(EXAMPLE)),
                                @Content(
                                        mediaType = CLOUD_EVENT_BATCH,
                                        array =
                                                @ArraySchema(
                                                        schema = @Schema(implementation = EventSchema.class),
                                                        maxItems = EventIntake.EVENTS_MAX),
                                        examples = @ExampleObject("[" + EXAMPLE + "]")),
                                @Content(
                                        mediaType = MediaType.APPLICATION_JSON,
                                        schema =
                                                @Schema(
                                                        oneOf = {
                                                            EventSchema.class,
                                                            EventSchema.Several.class,
                                                            EventSchema.UsageData.class
                                                        }),
                                        examples = @ExampleObject(EXAMPLE)),
                                @Content(
                                        mediaType = JSON_LINES,
                                        schema =
                                                @Schema(
                                                        implementation = EventSchema.class,
                                                        description = "One event a line"),
                                        examples = @ExampleObject(EXAMPLE_LINE)),
                                @Content(
                                        mediaType = JSON_LINES_TOO,
                                        schema =
                                                @Schema(
                                                        implementation = EventSchema.class,
                                                        description = "One event a line"),
                                        examples = @ExampleObject(EXAMPLE_LINE))
                            })
                    InputStream body,
            @Parameter(
                            description =
                                    "your name for this request, 1 to 255 printable ASCII characters: with the same"
                                            + " name and body it gets the same answer, for a day at most")
                    @HeaderParam("Idempotency-Key")
                    @Nullable String key,
            @Parameter(
                            description = "`true` if usage older than 35 days is sent on purpose",
                            schema = @Schema(allowableValues = {"true", "false"}))
                    @HeaderParam(BACKFILL)
                    @Nullable String backfillHeader,
            @Parameter(
                            description = "the same as the header " + BACKFILL,
                            schema = @Schema(allowableValues = {"true", "false"}))
                    @QueryParam("backfill")
                    @Nullable String backfill,
            @Parameter(hidden = true) @Auth Caller caller,
            @Parameter(hidden = true) @Context HttpHeaders headers,
            @Parameter(hidden = true) @Context ContainerRequestContext request)
            throws IOException {
        MediaType type = type(headers);
        EventsDoor.Visit visit = new EventsDoor.Visit(
                RequestId.of(request),
                caller.role(),
                headers.getRequestHeaders(),
                type.toString(),
                form(type),
                flag(BACKFILL, backfillHeader) || flag("backfill", backfill),
                Optional.ofNullable(key));
        return Answers.to(door.enter(visit, body));
    }

    static boolean flag(String name, @Nullable String value) {
        if (value == null || value.equals("false")) {
            return false;
        }
        if (value.equals("true")) {
            return true;
        }
        throw new ProblemException(
                Problem.of(400, "invalid_parameter", "The value of " + name + " is neither true nor false.")
                        .with("parameter", name));
    }

    private static MediaType type(HttpHeaders headers) {
        MediaType type = headers.getMediaType();
        if (type == null) {
            throw new ProblemException(Problem.of(
                    415, "unsupported_media_type", "The request has no Content-Type. Set it to " + CLOUD_EVENT + "."));
        }
        return type;
    }

    private static EventBatch.Form form(MediaType type) {
        return switch (plain(type)) {
            case CLOUD_EVENT -> EventBatch.Form.SINGLE;
            case CLOUD_EVENT_BATCH -> EventBatch.Form.ARRAY;
            case JSON_LINES, JSON_LINES_TOO -> EventBatch.Form.LINES;
            default -> EventBatch.Form.SINGLE_OR_ARRAY;
        };
    }

    private static String plain(MediaType type) {
        return (type.getType() + "/" + type.getSubtype()).toLowerCase(Locale.ROOT);
    }
}
