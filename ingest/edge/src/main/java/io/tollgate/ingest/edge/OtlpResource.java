package io.tollgate.ingest.edge;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import com.google.protobuf.Message;
import io.dropwizard.auth.Auth;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsPartialSuccess;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.tollgate.emitter.rules.Fault;
import io.tollgate.emitter.rules.RejectionReason;
import io.tollgate.ingest.cloudevents.Parsed;
import io.tollgate.ingest.otlp.Metrics;
import io.tollgate.ingest.otlp.OtlpEncoding;
import io.tollgate.ingest.otlp.OtlpEvents;
import io.tollgate.ingest.otlp.OtlpEvents.PassedOver;
import io.tollgate.ingest.otlp.OtlpMapping;
import io.tollgate.ingest.otlp.Traces;
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
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** OTLP over HTTP: what exporters send whose endpoint is this service's {@code /otlp}. */
@Path("/" + OtlpResource.BASE + "/v1")
@RolesAllowed(Role.Names.PLATFORM)
public final class OtlpResource {

    static final String BASE = "otlp";

    private static final String PROTOBUF = "application/x-protobuf";
    private static final String JSON = "application/json";
    private static final String TRACES = "An ExportTraceServiceRequest of OTLP";
    private static final String METRICS = "An ExportMetricsServiceRequest of OTLP";
    private static final String TAKEN = "Taken; `partialSuccess` tells how many were kept out, and why";
    private static final String FULL = "`too_much_in_flight`: send it again after Retry-After seconds";
    private static final String AWAY = "`kafka_unavailable`: send it again after Retry-After seconds";
    private static final String ERRORS =
            "Errors are a `google.rpc.Status` in the request's encoding; its message begins"
                    + " with the problem's code. Gzip or zstd, up to 16 MiB unpacked. Sending the same again doubles nothing.";
    /** JSON is held as bytes, as text, as a tree and as a message at once. */
    private static final int TIMES_JSON = 4;

    private static final int TIMES_PROTOBUF = 2;

    private final EventsDoor door;
    private final EventIntake intake;
    private final OtlpMapping mapping;
    private final InstantSource clock;
    private final MetricRegistry metrics;

    OtlpResource(
            EventsDoor door, EventIntake intake, OtlpMapping mapping, InstantSource clock, MetricRegistry metrics) {
        this.door = door;
        this.intake = intake;
        this.mapping = mapping;
        this.clock = clock;
        this.metrics = metrics;
        for (PassedOver why : PassedOver.values()) {
            counter(why);
        }
    }

    /** Takes spans. */
    @POST
    @Path("traces")
    @Consumes({PROTOBUF, JSON})
    @Operation(
            operationId = "sendSpans",
            summary = "Send spans of OpenTelemetry",
            description =
                    "Spans with `gen_ai.usage.*` become usage events; all others are taken and passed over. " + ERRORS)
    @ApiResponse(
            responseCode = "200",
            description = TAKEN,
            content = {
                @Content(mediaType = PROTOBUF, schema = @Schema(type = "object")),
                @Content(mediaType = JSON, schema = @Schema(type = "object"))
            })
    @ApiResponse(responseCode = "429", description = FULL)
    @ApiResponse(responseCode = "502", description = CorrectionsResource.REFUSES)
    @ApiResponse(responseCode = "503", description = AWAY)
    public Response traces(
            @RequestBody(
                            required = true,
                            description = TRACES,
                            content = {
                                @Content(mediaType = PROTOBUF, schema = @Schema(type = "object", description = TRACES)),
                                @Content(mediaType = JSON, schema = @Schema(type = "object", description = TRACES))
                            })
                    InputStream body,
            @Parameter(description = "`true` if usage older than 35 days is sent on purpose")
                    @HeaderParam(EventsResource.BACKFILL)
                    @Nullable String backfill,
            @Parameter(hidden = true) @Auth Caller caller,
            @Parameter(hidden = true) @Context ContainerRequestContext request)
            throws IOException {
        ExportTraceServiceRequest.Builder message = ExportTraceServiceRequest.newBuilder();
        Visit visit = visit(caller, backfill, request);
        Intake.Done done = enter(visit, body, message, arrival -> Traces.read(message.build(), mapping, arrival));
        ExportTraceServiceResponse.Builder answer = ExportTraceServiceResponse.newBuilder();
        if (!done.errors().isEmpty()) {
            answer.setPartialSuccess(ExportTracePartialSuccess.newBuilder()
                    .setRejectedSpans(done.errors().size())
                    .setErrorMessage(explained(done)));
        }
        return answer(visit, answer.build());
    }

    /** Takes metrics. */
    @POST
    @Path("metrics")
    @Consumes({PROTOBUF, JSON})
    @Operation(
            operationId = "sendMetrics",
            summary = "Send metrics of OpenTelemetry",
            description = "Data points of `gen_ai.client.token.usage` become usage events where the operator wants them"
                    + " to; by default they are taken and passed over, because spans tell the same. " + ERRORS)
    @ApiResponse(
            responseCode = "200",
            description = TAKEN,
            content = {
                @Content(mediaType = PROTOBUF, schema = @Schema(type = "object")),
                @Content(mediaType = JSON, schema = @Schema(type = "object"))
            })
    @ApiResponse(responseCode = "429", description = FULL)
    @ApiResponse(responseCode = "502", description = CorrectionsResource.REFUSES)
    @ApiResponse(responseCode = "503", description = AWAY)
    public Response metrics(
            @RequestBody(
                            required = true,
                            description = METRICS,
                            content = {
                                @Content(
                                        mediaType = PROTOBUF,
                                        schema = @Schema(type = "object", description = METRICS)),
                                @Content(mediaType = JSON, schema = @Schema(type = "object", description = METRICS))
                            })
                    InputStream body,
            @Parameter(description = "`true` if usage older than 35 days is sent on purpose")
                    @HeaderParam(EventsResource.BACKFILL)
                    @Nullable String backfill,
            @Parameter(hidden = true) @Auth Caller caller,
            @Parameter(hidden = true) @Context ContainerRequestContext request)
            throws IOException {
        ExportMetricsServiceRequest.Builder message = ExportMetricsServiceRequest.newBuilder();
        Visit visit = visit(caller, backfill, request);
        Intake.Done done = enter(visit, body, message, arrival -> Metrics.read(message.build(), mapping, arrival));
        ExportMetricsServiceResponse.Builder answer = ExportMetricsServiceResponse.newBuilder();
        if (!done.errors().isEmpty()) {
            answer.setPartialSuccess(ExportMetricsPartialSuccess.newBuilder()
                    .setRejectedDataPoints(done.errors().size())
                    .setErrorMessage(explained(done)));
        }
        return answer(visit, answer.build());
    }

    /** Who sends, and how. */
    private record Visit(Role role, boolean backfill, OtlpEncoding encoding, String requestId) {}

    private static Visit visit(Caller caller, @Nullable String backfill, ContainerRequestContext request) {
        return new Visit(
                caller.role(),
                EventsResource.flag(EventsResource.BACKFILL, backfill),
                OtlpEncoding.of(request.getHeaderString(HttpHeaders.CONTENT_TYPE)),
                RequestId.of(request));
    }

    /**
     * Takes a request in.
     *
     * @param message takes what stands in the body
     * @param read makes events of it
     */
    private Intake.Done enter(
            Visit visit, InputStream body, Message.Builder message, Function<Instant, OtlpEvents> read)
            throws IOException {
        int times = visit.encoding() == OtlpEncoding.JSON ? TIMES_JSON : TIMES_PROTOBUF;
        Intake outcome = door.enter(visit.role(), visit.backfill(), times, body, bytes -> {
            EventIntake.Sending sending = new EventIntake.Sending(visit.requestId(), visit.backfill());
            Optional<String> fault = visit.encoding().read(bytes, message);
            if (fault.isPresent()) {
                return malformed(fault.get(), bytes, sending);
            }
            OtlpEvents events = read.apply(clock.instant());
            Intake taken = intake.take(events, sending);
            if (taken instanceof Intake.Done) {
                events.passedOver().forEach((why, count) -> counter(why).inc(count));
            }
            return taken;
        });
        if (outcome instanceof Intake.Done done) {
            return done;
        }
        throw Answers.problem(outcome);
    }

    /** An exporter does not send such a body again, and nobody knows what is in it: it is kept. */
    private Intake malformed(String detail, byte[] body, EventIntake.Sending sending) {
        Fault fault = new Fault(RejectionReason.MALFORMED_OTLP, "The body is no OTLP request: " + detail);
        Intake kept = intake.take(
                OtlpEvents.unreadable(body, new Parsed.Rejected(fault.reason(), fault.explanation(), Optional.empty())),
                sending);
        if (kept instanceof Intake.Done) {
            throw new ProblemException(Problem.of(400, fault.reason().code(), fault.explanation()));
        }
        return kept;
    }

    private Counter counter(PassedOver why) {
        return metrics.counter("ingest.otlp.passed_over." + why.code());
    }

    /** Codes and how often, then the first in words: exporters log it. */
    private static String explained(Intake.Done done) {
        List<Intake.EventError> errors = done.errors();
        Intake.EventError first = errors.get(0);
        return "%d of %d with usage were kept out: %s. The first%s: %s"
                .formatted(
                        errors.size(),
                        errors.size() + done.accepted(),
                        Intake.EventError.byCode(errors),
                        first.id().map(id -> ", " + id).orElse(""),
                        first.detail());
    }

    private static Response answer(Visit visit, Message message) {
        return Response.ok(visit.encoding().write(message), visit.encoding().mediaType())
                .build();
    }
}
