package io.tollgate.invoicing.http;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.tollgate.invoicing.delivery.HttpSender;
import io.tollgate.invoicing.http.WebhookDocuments.Endpoints;
import io.tollgate.invoicing.http.WebhookDocuments.Request;
import io.tollgate.invoicing.http.WebhookDocuments.Rotation;
import io.tollgate.invoicing.http.WebhookDocuments.Shown;
import io.tollgate.invoicing.postgres.EndpointStore;
import io.tollgate.invoicing.postgres.EndpointStore.Counted;
import io.tollgate.invoicing.usage.Whose;
import io.tollgate.invoicing.webhook.Endpoint;
import io.tollgate.invoicing.webhook.Endpoint.Wish;
import io.tollgate.invoicing.webhook.EventType;
import io.tollgate.invoicing.webhook.Secret;
import io.tollgate.service.ProblemException;
import io.tollgate.service.Role;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where events are sent to. */
@Path("/v1/webhook-endpoints")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.Names.FINANCE)
public final class WebhookEndpointsResource {

    static final String NO_ENDPOINT = "`no_webhook_endpoint`: it is no endpoint's id";

    private static final String INVALID = "`invalid_body`, `invalid_webhook_endpoint`, `unknown_event_type`,"
            + " `invalid_tenant`, `invalid_url`: it must be HTTPS, and lead to a public address, unless the service is"
            + " told otherwise";
    private static final int DESCRIPTION_LENGTH_MAX = 512;
    private static final int TENANTS_MAX = 1000;
    private static final Duration OVERLAP = Duration.ofDays(1);
    private static final Duration OVERLAP_MAX = Duration.ofDays(30);

    private final EndpointStore endpoints;
    private final HttpSender sender;
    private final SecureRandom random;
    private final Clock clock;

    public WebhookEndpointsResource(EndpointStore endpoints, HttpSender sender, SecureRandom random, Clock clock) {
        this.endpoints = endpoints;
        this.sender = sender;
        this.random = random;
        this.clock = clock;
    }

    @POST
    @Operation(
            operationId = "createWebhookEndpoint",
            summary = "Have events sent to an endpoint",
            description = "It gets what happens from now on. Its secret is in this answer, and never again.")
    @ApiResponse(
            responseCode = "201",
            description = "the endpoint with its secret",
            content = @Content(schema = @Schema(implementation = Shown.class)))
    @ApiResponse(responseCode = "422", description = INVALID)
    public Response create(
            @RequestBody(
                            description = "the endpoint",
                            required = true,
                            content = @Content(schema = @Schema(implementation = Request.class)))
                    @Nullable Request request) {
        Instant now = now();
        Endpoint endpoint = new Endpoint(
                UUID.randomUUID().toString(),
                wish(request),
                Secret.draw(random),
                Optional.empty(),
                Optional.empty(),
                now);
        endpoints.create(endpoint);
        return Response.created(URI.create("/v1/webhook-endpoints/" + endpoint.id()))
                .entity(Shown.withSecret(new Counted(endpoint, 0, 0), now))
                .build();
    }

    @GET
    @Operation(operationId = "listWebhookEndpoints", summary = "List all endpoints")
    @ApiResponse(responseCode = "200", description = "the endpoints, without secrets", useReturnTypeSchema = true)
    public Endpoints list() {
        Instant now = now();
        return new Endpoints(
                endpoints.list().stream().map(counted -> Shown.of(counted, now)).toList());
    }

    @GET
    @Path("/{id}")
    @Operation(operationId = "getWebhookEndpoint", summary = "Get an endpoint and how it fares")
    @ApiResponse(responseCode = "200", description = "the endpoint, without its secret", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "404", description = NO_ENDPOINT)
    public Shown get(@Parameter(description = "of the endpoint") @PathParam("id") String id) {
        return Shown.of(find(endpoints, id), now());
    }

    @PUT
    @Path("/{id}")
    @Operation(
            operationId = "replaceWebhookEndpoint",
            summary = "Say anew what is wanted of an endpoint",
            description =
                    "What is left out gets its default. While it is disabled nothing new is queued for it, and what"
                            + " is queued waits; `:replay` fetches what it missed. What is queued already goes to the new URL.")
    @ApiResponse(responseCode = "200", description = "the endpoint, without its secret", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "404", description = NO_ENDPOINT)
    @ApiResponse(responseCode = "422", description = INVALID)
    public Shown replace(
            @Parameter(description = "of the endpoint") @PathParam("id") String id,
            @RequestBody(
                            description = "the endpoint",
                            required = true,
                            content = @Content(schema = @Schema(implementation = Request.class)))
                    @Nullable Request request) {
        find(endpoints, id);
        return Shown.of(endpoints.update(id, wish(request)).orElseThrow(() -> noEndpoint(id)), now());
    }

    @DELETE
    @Path("/{id}")
    @Operation(
            operationId = "deleteWebhookEndpoint",
            summary = "Forget an endpoint and its deliveries",
            description = "The events stay.")
    @ApiResponse(responseCode = "200", description = "the endpoint as it was", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "404", description = NO_ENDPOINT)
    public Shown delete(@Parameter(description = "of the endpoint") @PathParam("id") String id) {
        Counted found = find(endpoints, id);
        endpoints.delete(id);
        return Shown.of(found, now());
    }

    @POST
    @Path("/{id}:rotate-secret")
    @Operation(
            operationId = "rotateWebhookSecret",
            summary = "Replace an endpoint's secret",
            description = "For a while messages are signed with both, so a receiver can change over when it likes. A"
                    + " secret that was replaced before is forgotten at once.")
    @ApiResponse(
            responseCode = "200",
            description = "the endpoint with its new secret",
            content = @Content(schema = @Schema(implementation = Shown.class)))
    @ApiResponse(responseCode = "404", description = NO_ENDPOINT)
    @ApiResponse(responseCode = "422", description = "`invalid_body`; `invalid_overlap`: it is not from 0 to 30 days")
    public Shown rotate(
            @Parameter(description = "of the endpoint") @PathParam("id") String id,
            @RequestBody(
                            description = "for how long both are good",
                            content = @Content(schema = @Schema(implementation = Rotation.class)))
                    @Nullable Rotation rotation) {
        Duration overlap =
                Optional.ofNullable(rotation).flatMap(Rotation::overlap).orElse(OVERLAP);
        if (overlap.isNegative() || overlap.compareTo(OVERLAP_MAX) > 0) {
            throw Refusals.of(Refusals.UNPROCESSABLE, "invalid_overlap", "overlap must be from 0 to 30 days");
        }
        find(endpoints, id);
        Instant now = now();
        Counted rotated =
                endpoints.rotate(id, Secret.draw(random), now.plus(overlap)).orElseThrow(() -> noEndpoint(id));
        return Shown.withSecret(rotated, now);
    }

    /** What can be no id is not looked for: PostgreSQL has no text with a NUL in it. */
    static Counted find(EndpointStore endpoints, String id) {
        return (id.matches("[0-9a-f-]{36}") ? endpoints.find(id) : Optional.<Counted>empty())
                .orElseThrow(() -> noEndpoint(id));
    }

    private static ProblemException noEndpoint(String id) {
        return Refusals.of(
                Refusals.NOT_FOUND, "no_webhook_endpoint", Parameters.shown(id) + " is no webhook endpoint's id");
    }

    private Wish wish(@Nullable Request request) {
        if (request == null || request.url() == null) {
            throw invalid("invalid_webhook_endpoint", "url is missing");
        }
        sender.refusal(request.url()).ifPresent(why -> {
            throw invalid("invalid_url", why);
        });
        SortedSet<String> types = set("eventTypes", request.eventTypes());
        for (String type : types) {
            if (EventType.labelled(type).isEmpty()) {
                throw invalid("unknown_event_type", Parameters.shown(type) + " is no type of event");
            }
        }
        SortedSet<String> tenants = set("tenants", request.tenants());
        for (String tenant : tenants) {
            if (!Whose.isBillable(tenant)) {
                throw invalid("invalid_tenant", Parameters.shown(tenant) + " is no tenant's name");
            }
        }
        String description = request.description().orElse("");
        if (description.length() > DESCRIPTION_LENGTH_MAX || description.chars().anyMatch(Character::isISOControl)) {
            throw invalid(
                    "invalid_webhook_endpoint",
                    "description must have at most " + DESCRIPTION_LENGTH_MAX + " signs, none of control");
        }
        return new Wish(request.url(), types, tenants, request.enabled().orElse(true), description);
    }

    private static SortedSet<String> set(String name, Optional<List<String>> given) {
        SortedSet<String> set = new TreeSet<>();
        for (@Nullable String each : given.orElse(List.of())) {
            if (each == null) {
                throw invalid("invalid_webhook_endpoint", name + " has a null");
            }
            set.add(each);
        }
        if (set.size() > TENANTS_MAX) {
            throw invalid("invalid_webhook_endpoint", name + " has more than " + TENANTS_MAX + " entries");
        }
        return set;
    }

    private static ProblemException invalid(String code, String detail) {
        return Refusals.of(Refusals.UNPROCESSABLE, code, detail);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
