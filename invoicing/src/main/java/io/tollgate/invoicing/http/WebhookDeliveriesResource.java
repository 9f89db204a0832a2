package io.tollgate.invoicing.http;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.tollgate.invoicing.delivery.HttpSender;
import io.tollgate.invoicing.document.CanonicalJson;
import io.tollgate.invoicing.http.WebhookDocuments.DeliveryPage;
import io.tollgate.invoicing.http.WebhookDocuments.ReplayRequest;
import io.tollgate.invoicing.http.WebhookDocuments.Replayed;
import io.tollgate.invoicing.http.WebhookDocuments.ShownDelivery;
import io.tollgate.invoicing.http.WebhookDocuments.TestResult;
import io.tollgate.invoicing.postgres.EndpointStore;
import io.tollgate.invoicing.postgres.Outbox;
import io.tollgate.invoicing.postgres.Outbox.Delivery;
import io.tollgate.invoicing.postgres.Outbox.Replay;
import io.tollgate.invoicing.postgres.Outbox.State;
import io.tollgate.invoicing.webhook.Answer;
import io.tollgate.invoicing.webhook.Endpoint;
import io.tollgate.invoicing.webhook.Event;
import io.tollgate.service.Role;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What became of the events that are sent to an endpoint. */
@Path("/v1/webhook-endpoints")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.Names.FINANCE)
public final class WebhookDeliveriesResource {

    private static final int LIMIT_MAX = 500;
    private static final int EVENT_ID_LENGTH_MAX = 128;

    private final EndpointStore endpoints;
    private final Outbox outbox;
    private final HttpSender sender;
    private final Clock clock;

    public WebhookDeliveriesResource(EndpointStore endpoints, Outbox outbox, HttpSender sender, Clock clock) {
        this.endpoints = endpoints;
        this.outbox = outbox;
        this.sender = sender;
        this.clock = clock;
    }

    @GET
    @Path("/{id}/deliveries")
    @Operation(
            operationId = "listWebhookDeliveries",
            summary = "List an endpoint's deliveries",
            description = "That of the latest event first.")
    @ApiResponse(responseCode = "200", description = "a page of the list", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "404", description = WebhookEndpointsResource.NO_ENDPOINT)
    public DeliveryPage deliveries(
            @Parameter(description = "of the endpoint") @PathParam("id") String id,
            @Parameter(
                            description = "only those in this state",
                            schema =
                                    @Schema(
                                            type = "string",
                                            allowableValues = {"pending", "delivered", "failed"}))
                    @QueryParam("state")
                    @Nullable String state,
            @Parameter(
                            description = "how many at most",
                            schema =
                                    @Schema(
                                            type = "integer",
                                            format = "int32",
                                            minimum = "1",
                                            maximum = "" + LIMIT_MAX,
                                            defaultValue = "100"))
                    @QueryParam("limit")
                    @DefaultValue("100")
                    int limit,
            @Parameter(description = "`nextCursor` of the page before") @QueryParam("cursor") @Nullable String cursor) {
        WebhookEndpointsResource.find(endpoints, id);
        int wanted = Parameters.limit(limit, LIMIT_MAX);
        List<Delivery> found = outbox.deliveries(id, state(state), wanted + 1, before(cursor));
        List<Delivery> page = found.subList(0, Math.min(wanted, found.size()));
        return new DeliveryPage(
                page.stream().map(ShownDelivery::of).toList(),
                found.size() > wanted
                        ? Optional.of(Long.toString(page.get(page.size() - 1).seq()))
                        : Optional.empty());
    }

    @POST
    @Path("/{id}:replay")
    @Operation(
            operationId = "replayWebhooks",
            summary = "Send events to an endpoint again",
            description =
                    "Also those that happened before it was made or while it was disabled, but only what it wants,"
                            + " in the order in which it happened. An event keeps its id, so a receiver can tell that it had it.")
    @ApiResponse(responseCode = "200", description = "how many are sent", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "404", description = WebhookEndpointsResource.NO_ENDPOINT)
    @ApiResponse(
            responseCode = "422",
            description = "`invalid_body`; `invalid_replay`: nothing says which, or `until` is not after `since`")
    public Replayed replay(
            @Parameter(description = "of the endpoint") @PathParam("id") String id,
            @RequestBody(
                            description = "which events",
                            required = true,
                            content = @Content(schema = @Schema(implementation = ReplayRequest.class)))
                    @Nullable ReplayRequest request) {
        Replay replay = replay(request);
        WebhookEndpointsResource.find(endpoints, id);
        return new Replayed(outbox.replay(id, replay, now()));
    }

    @POST
    @Path("/{id}:test")
    @Operation(
            operationId = "testWebhookEndpoint",
            summary = "Send a ping to an endpoint, once and now",
            description = "Also to one that is disabled.")
    @ApiResponse(responseCode = "200", description = "what came of it", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "404", description = WebhookEndpointsResource.NO_ENDPOINT)
    public TestResult test(@Parameter(description = "of the endpoint") @PathParam("id") String id) {
        Endpoint endpoint = WebhookEndpointsResource.find(endpoints, id).endpoint();
        Instant now = now();
        Event ping = Event.ping(id, now);
        Answer answer = sender.send(endpoint, ping.id(), CanonicalJson.write(ping.document()), now);
        return new TestResult(answer.isSuccess(), answer.status(), answer.error());
    }

    private static Replay replay(@Nullable ReplayRequest request) {
        if (request == null
                || (request.eventId().isEmpty()
                        && request.since().isEmpty()
                        && !request.onlyFailed().orElse(false))) {
            throw invalid("say which: eventId, since or onlyFailed");
        }
        if (request.eventId()
                .filter(id -> !id.matches("[0-9a-f-]{1," + EVENT_ID_LENGTH_MAX + "}"))
                .isPresent()) {
            throw invalid("eventId is no event's id");
        }
        request.since()
                .ifPresent(since -> request.until().ifPresent(until -> {
                    if (!since.isBefore(until)) {
                        throw invalid("since must be before until");
                    }
                }));
        return new Replay(
                request.eventId(),
                request.since(),
                request.until(),
                request.onlyFailed().orElse(false));
    }

    private static RuntimeException invalid(String detail) {
        return Refusals.of(Refusals.UNPROCESSABLE, "invalid_replay", detail);
    }

    private static Optional<State> state(@Nullable String text) {
        return Parameters.given(text).map(label -> {
            for (State state : State.values()) {
                if (state.label().equals(label)) {
                    return state;
                }
            }
            throw Parameters.invalid("state must be pending, delivered or failed");
        });
    }

    private static Optional<Long> before(@Nullable String cursor) {
        return Parameters.given(cursor).map(text -> {
            if (!text.matches("[0-9]{1,18}")) {
                throw Parameters.invalid("cursor is none of ours");
            }
            return Long.parseLong(text);
        });
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
