package io.tollgate.invoicing.delivery;

import static io.tollgate.invoicing.Fixtures.AFTER;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.invoicing.Receiver;
import io.tollgate.invoicing.Receiver.Behaviour;
import io.tollgate.invoicing.postgres.Outbox.State;
import io.tollgate.invoicing.webhook.Endpoint;
import io.tollgate.invoicing.webhook.EventType;
import io.tollgate.invoicing.webhook.Secret;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What endpoints may wish for, and what they must not do to us. */
class EndpointsIT extends DeliverySite {

    @Test
    void whatWasMissedFailedOrDeliveredIsSentAgainInItsOrder() {
        AtomicInteger status = new AtomicInteger(500);
        Receiver receiver = receiver((got, exchange) -> exchange.sendResponseHeaders(status.get(), -1));
        publish("b", 1);
        String endpoint = endpoint(receiver.url(), Set.of(), Set.of());
        clock.pass(LEASE);
        publish("b", 2);
        for (int attempt = 1; attempt <= 5; attempt++) {
            deliverAll();
            clock.pass(LEASE);
        }
        status.set(200);
        publish("b", 3);
        deliverAll();
        assertThat(receiver.what()).endsWith("b2", "b3").doesNotContain("b1");
        int before = receiver.all().size();

        assertThat(replay(endpoint, Optional.empty(), Optional.empty(), Optional.empty(), true))
                .isEqualTo(1);
        deliverAll();
        assertThat(replay(endpoint, Optional.empty(), Optional.of(AFTER), Optional.empty(), false))
                .isEqualTo(3);
        deliverAll();
        assertThat(replay(endpoint, Optional.empty(), Optional.of(AFTER), Optional.of(AFTER.plus(LEASE)), false))
                .isEqualTo(1);
        deliverAll();
        String id = receiver.all().get(before).id();
        assertThat(replay(endpoint, Optional.of(id), Optional.empty(), Optional.empty(), false))
                .isEqualTo(1);
        deliverAll();
        assertThat(replay(endpoint, Optional.empty(), Optional.empty(), Optional.empty(), true))
                .isZero();

        assertThat(receiver.what().subList(before, receiver.all().size()))
                .containsExactly("b2", "b1", "b2", "b3", "b1", "b2");
        String others = endpoint(receiver.url(), Set.of(), Set.of("acme"));
        assertThat(replay(others, Optional.of(id), Optional.empty(), Optional.empty(), false))
                .isZero();
    }

    @Test
    void whileASecretIsReplacedBothSign() {
        Receiver receiver = receiver(Behaviour.status(200));
        String endpoint = endpoint(receiver.url());
        String former =
                endpoints.find(endpoint).orElseThrow().endpoint().secret().text();
        Secret next = Secret.draw(new Random(99));

        finalise("before");
        deliverAll();
        endpoints.rotate(endpoint, next, clock.instant().plus(LEASE));
        finalise("during");
        deliverAll();
        clock.pass(LEASE);
        finalise("after");
        deliverAll();

        assertThat(receiver.all())
                .extracting(got -> got.isSignedWith(former) + " " + got.isSignedWith(next.text()))
                .containsExactly("true false", "true true", "false true");
    }

    @Test
    void whoIsGoneIsNotCalledAgainUntilSomebodyWantsIt() {
        AtomicInteger status = new AtomicInteger(410);
        Receiver receiver = receiver((got, exchange) -> exchange.sendResponseHeaders(status.get(), -1));
        String endpoint = endpoint(receiver.url());
        publish("b", 1);
        publish("b", 2);

        deliverAll();
        publish("b", 3);
        clock.pass(LEASE);
        deliverAll();
        assertThat(receiver.what()).containsExactly("b1");
        Endpoint gone = endpoints.find(endpoint).orElseThrow().endpoint();
        assertThat(gone.wish().enabled()).isFalse();
        assertThat(gone.disabledBecause()).contains("answered 410");

        status.set(200);
        endpoints.update(endpoint, wish(receiver.url(), Set.of(), Set.of()));
        deliverAll();
        assertThat(receiver.what()).containsExactly("b1", "b2");
        assertThat(endpoints.find(endpoint).orElseThrow().endpoint().disabledBecause())
                .isEmpty();
    }

    @Test
    void redirectsAreNotFollowedAndNobodyIsListenedToForEver() {
        WebhookConfig hasty = new WebhookConfig(
                true,
                true,
                CONFIG.schedule(),
                Duration.ofSeconds(5),
                Duration.ofSeconds(3),
                LEASE,
                CONFIG.pollInterval(),
                4,
                2);
        CompletableFuture<Void> never = new CompletableFuture<>();
        open.add(() -> never.complete(null));
        Receiver receiver = receiver((got, exchange) -> {
            switch (got.path()) {
                case "/hook/redirect" -> {
                    exchange.getResponseHeaders().set("Location", "/hook/elsewhere");
                    exchange.sendResponseHeaders(307, -1);
                }
                case "/hook/endless" -> {
                    exchange.sendResponseHeaders(200, 0);
                    byte[] chunk = new byte[1 << 10];
                    while (!never.isDone()) {
                        exchange.getResponseBody().write(chunk);
                    }
                }
                default -> never.join();
            }
        });
        String redirect = endpoint(receiver.url() + "/redirect");
        String endless = endpoint(receiver.url() + "/endless");
        String silent = endpoint(receiver.url() + "/silent");
        finalise("acme");

        Courier courierInHaste = courier(hasty);
        for (int attempt = 0; attempt < 3; attempt++) {
            assertThat(courierInHaste.deliverNext()).isTrue();
        }

        assertThat(receiver.all())
                .extracting(Receiver.Got::path)
                .containsExactlyInAnyOrder("/hook/redirect", "/hook/endless", "/hook/silent");
        assertThat(only(redirect).lastStatus()).contains(307);
        assertThat(only(redirect).state()).isEqualTo(State.PENDING);
        assertThat(only(endless).state()).isEqualTo(State.DELIVERED);
        assertThat(only(silent).lastError()).contains("no answer within PT3S");
    }

    @Test
    void privateAddressesAreNotCalledUnlessSaidSo() {
        Receiver receiver = receiver(Behaviour.status(200));
        String endpoint = endpoint("http://localhost:" + receiver.port() + "/");
        finalise("acme");
        WebhookConfig guarded = new WebhookConfig(
                true,
                false,
                CONFIG.schedule(),
                CONFIG.connectTimeout(),
                CONFIG.timeout(),
                LEASE,
                CONFIG.pollInterval(),
                4,
                2);

        courier(guarded).deliverNext();

        assertThat(receiver.all()).isEmpty();
        assertThat(only(endpoint).lastError().orElseThrow()).contains("no address of the public internet");
    }

    @Test
    void anEndpointThatDoesNotAnswerHoldsUpNobodyElse() {
        CompletableFuture<Integer> stuck = new CompletableFuture<>();
        Receiver silent = receiver((got, exchange) -> {
            stuck.join();
            exchange.sendResponseHeaders(200, -1);
        });
        Receiver other = receiver((got, exchange) -> {
            exchange.sendResponseHeaders(200, -1);
            stuck.complete(silent.all().size());
        });
        endpoint(silent.url(), Set.of(EventType.INVOICE_FINALISED.label()), Set.of());
        endpoint(other.url(), Set.of(EventType.PRICE_BOOK_PUBLISHED.label()), Set.of());
        for (int i = 0; i < 10; i++) {
            finalise("tenant" + i);
        }
        clock.pass(LEASE);
        publish("b", 1);

        courier.start();

        assertThat(other.next().what()).isEqualTo("b1");
        assertThat(stuck.join()).isLessThanOrEqualTo(CONFIG.perEndpoint());
        for (int i = 0; i < 10; i++) {
            silent.next();
        }
    }
}
