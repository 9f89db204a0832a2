package io.tollgate.invoicing.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import io.tollgate.invoicing.postgres.EndpointStore.Counted;
import io.tollgate.invoicing.postgres.Outbox.Delivery;
import io.tollgate.invoicing.webhook.Endpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What goes in and out about webhooks. */
final class WebhookDocuments {

    private WebhookDocuments() {}

    /**
     * What somebody wants of an endpoint.
     *
     * @param eventTypes only these; all if absent or empty
     * @param tenants only events that concern one of these; all if absent or empty
     * @param enabled yes if absent
     */
    @Schema(name = "WebhookEndpointRequest")
    record Request(
            @JsonProperty(required = true) String url,
            Optional<List<String>> eventTypes,
            Optional<List<String>> tenants,
            Optional<Boolean> enabled,
            Optional<String> description) {}

    /**
     * An endpoint.
     *
     * @param secret shown when it is made or replaced, and never again
     * @param formerSecretUntil until then messages are signed with the former secret, too
     * @param disabledBecause why we disabled it
     * @param pendingCount deliveries still to come
     * @param failedCount deliveries that were given up
     */
    @Schema(name = "WebhookEndpoint")
    record Shown(
            String id,
            String url,
            List<String> eventTypes,
            List<String> tenants,
            boolean enabled,
            String description,
            Optional<String> secret,
            Optional<Instant> formerSecretUntil,
            Optional<String> disabledBecause,
            long pendingCount,
            long failedCount,
            Instant createdAt) {

        static Shown of(Counted counted, Instant now) {
            return of(counted, Optional.empty(), now);
        }

        static Shown withSecret(Counted counted, Instant now) {
            return of(counted, Optional.of(counted.endpoint().secret().text()), now);
        }

        private static Shown of(Counted counted, Optional<String> secret, Instant now) {
            Endpoint endpoint = counted.endpoint();
            return new Shown(
                    endpoint.id(),
                    endpoint.wish().url(),
                    List.copyOf(endpoint.wish().eventTypes()),
                    List.copyOf(endpoint.wish().tenants()),
                    endpoint.wish().enabled(),
                    endpoint.wish().description(),
                    secret,
                    endpoint.former().map(Endpoint.Former::until).filter(now::isBefore),
                    endpoint.disabledBecause(),
                    counted.pending(),
                    counted.failed(),
                    endpoint.createdAt());
        }
    }

    /** All endpoints. */
    @Schema(name = "WebhookEndpoints")
    record Endpoints(List<Shown> webhookEndpoints) {}

    /**
     * How a secret is to be replaced.
     *
     * @param overlap how long the former one is signed with, too; as in ISO 8601, up to 30 days; a day if absent
     */
    @Schema(name = "WebhookSecretRotation")
    record Rotation(
            @Schema(type = "string", format = "duration", example = "PT24H")
            Optional<Duration> overlap) {}

    /**
     * Which events are to be sent again: one by its id, those of a time, those that were given up, or of these what fits
     * all that is said. One of eventId, since and onlyFailed must be said.
     *
     * @param since events from then on
     * @param until events before then
     * @param onlyFailed only those that were given up
     */
    @Schema(name = "WebhookReplay")
    record ReplayRequest(
            Optional<String> eventId, Optional<Instant> since, Optional<Instant> until, Optional<Boolean> onlyFailed) {}

    /** How many events are sent again. */
    @Schema(name = "WebhookReplayed")
    record Replayed(int queued) {}

    /**
     * What came of a test.
     *
     * @param status of HTTP; absent if there was no answer
     * @param error why it failed
     */
    @Schema(name = "WebhookTestResult")
    record TestResult(boolean delivered, Optional<Integer> status, Optional<String> error) {}

    /**
     * An event on its way to an endpoint.
     *
     * @param state {@code pending}, {@code delivered} or {@code failed}
     * @param nextAttemptAt of a pending one
     */
    @Schema(name = "WebhookDelivery")
    record ShownDelivery(
            String eventId,
            String type,
            String subject,
            Instant occurredAt,
            String state,
            int attempts,
            Optional<Instant> nextAttemptAt,
            Optional<Instant> lastAttemptAt,
            Optional<Integer> lastStatus,
            Optional<String> lastError) {

        static ShownDelivery of(Delivery delivery) {
            return new ShownDelivery(
                    delivery.eventId(),
                    delivery.type(),
                    delivery.subject(),
                    delivery.occurredAt(),
                    delivery.state().label(),
                    delivery.attempts(),
                    delivery.nextAttemptAt(),
                    delivery.lastAttemptAt(),
                    delivery.lastStatus(),
                    delivery.lastError());
        }
    }

    /**
     * A page of an endpoint's deliveries.
     *
     * @param nextCursor what asks for the next page; absent on the last
     */
    @Schema(name = "WebhookDeliveryPage")
    record DeliveryPage(List<ShownDelivery> deliveries, Optional<String> nextCursor) {}
}
