package io.tollgate.invoicing.delivery;

import static io.tollgate.invoicing.Fixtures.AFTER;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.invoicing.Receiver;
import io.tollgate.invoicing.Receiver.Behaviour;
import io.tollgate.invoicing.postgres.EndpointStore;
import io.tollgate.invoicing.postgres.Outbox;
import io.tollgate.invoicing.postgres.Outbox.Delivery;
import io.tollgate.invoicing.postgres.Outbox.State;
import io.tollgate.invoicing.webhook.EventType;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Delivery from a real outbox to a real receiver: in order, at least once, and to nobody for long. */
class CourierIT extends DeliverySite {

    @Test
    void whatConcernsOneSubjectComesInItsOrderAndHoldsUpNobodyElse() {
        AtomicInteger failures = new AtomicInteger(2);
        Receiver receiver = receiver((got, exchange) -> exchange.sendResponseHeaders(
                got.what().equals("b1") && failures.getAndDecrement() > 0 ? 503 : 200, -1));
        String endpoint = endpoint(receiver.url());
        publish("b", 1);
        publish("b", 2);
        finalise("acme");
        publish("b", 3);

        deliverAll();
        assertThat(receiver.what()).containsExactly("b1", "acme.2023-11.1");
        deliverAll();
        assertThat(receiver.what()).hasSize(2);
        clock.pass(LEASE);
        deliverAll();
        assertThat(receiver.what()).containsExactly("b1", "acme.2023-11.1", "b1");
        clock.pass(LEASE);
        deliverAll();
        assertThat(receiver.what()).containsExactly("b1", "acme.2023-11.1", "b1", "b1", "b2", "b3");
        assertThat(outbox.deliveries(endpoint, Optional.empty(), 10, Optional.empty()))
                .allMatch(delivery -> delivery.state() == State.DELIVERED)
                .extracting(Delivery::attempts)
                .containsExactly(1, 1, 1, 3);
    }

    @Test
    void whatIsGivenUpLetsTheNextPass() {
        Receiver receiver = receiver(
                (got, exchange) -> exchange.sendResponseHeaders(got.what().equals("b1") ? 500 : 200, -1));
        String endpoint = endpoint(receiver.url());
        publish("b", 1);
        publish("b", 2);

        for (int attempt = 1; attempt <= 5; attempt++) {
            deliverAll();
            clock.pass(LEASE);
        }

        assertThat(receiver.what()).containsExactly("b1", "b1", "b1", "b1", "b1", "b2");
        Delivery failed = outbox.deliveries(endpoint, Optional.of(State.FAILED), 10, Optional.empty())
                .get(0);
        assertThat(failed.lastStatus()).contains(500);
        assertThat(failed.lastError()).contains("answered 500");
        assertThat(endpoints.find(endpoint).orElseThrow())
                .extracting(EndpointStore.Counted::pending, EndpointStore.Counted::failed)
                .containsExactly(0L, 1L);
    }

    @Test
    void aReceiverThatWasAwayGetsEverythingWhenItIsBack() throws Exception {
        // Bound and not listening: nobody else gets the port meanwhile, and who connects is refused.
        Socket away = closing(new Socket());
        away.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        int port = away.getLocalPort();
        String endpoint = endpoint("http://127.0.0.1:" + port + "/hook");
        Set<String> expected = new TreeSet<>();
        for (int i = 0; i < 5; i++) {
            finalise("tenant" + i);
            expected.add("tenant" + i + ".2023-11.1");
        }
        deliverAll();
        clock.pass(LEASE);
        deliverAll();
        assertThat(outbox.deliveries(endpoint, Optional.of(State.PENDING), 10, Optional.empty()))
                .hasSize(5)
                .allMatch(delivery -> delivery.lastError().orElseThrow().contains("refused"))
                .allMatch(delivery -> delivery.attempts() == 2);
        assertThat(outbox.backlog()).isEqualTo(new Outbox.Backlog(5, Optional.of(AFTER)));

        away.close();
        Receiver receiver = closing(new Receiver(port, Behaviour.status(204)));
        clock.pass(LEASE);
        deliverAll();

        assertThat(receiver.what()).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(outbox.backlog().deliveries()).isZero();
    }

    @Test
    void whatAKilledProcessHadSentButNotMarkedIsSentAgainWhenItsLeaseIsOver() throws Exception {
        CompletableFuture<Process> victim = new CompletableFuture<>();
        AtomicInteger count = new AtomicInteger();
        Receiver receiver = receiver((got, exchange) -> {
            if (count.incrementAndGet() == 1) {
                // It is read whole, and its sender is dead before it learns so.
                Process process = victim.join();
                process.destroyForcibly();
                process.onExit().join();
            }
            exchange.sendResponseHeaders(200, -1);
        });
        String endpoint = endpoint(receiver.url());
        publish("b", 1);
        publish("b", 2);
        Process process = CourierProcess.start(postgres, clock.instant());
        victim.complete(process);
        receiver.next();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();

        deliverAll();
        assertThat(receiver.what()).containsExactly("b1");
        assertThat(outbox.deliveries(endpoint, Optional.of(State.PENDING), 10, Optional.empty()))
                .hasSize(2);
        clock.pass(LEASE);
        deliverAll();

        assertThat(receiver.what()).containsExactly("b1", "b1", "b2");
        assertThat(receiver.all().get(1).id()).isEqualTo(receiver.all().get(0).id());
        assertThat(receiver.all().get(1).body()).isEqualTo(receiver.all().get(0).body());
    }

    @Test
    void aFinalisationIsOneEventHoweverManyWantIt() throws Exception {
        String endpoint = endpoint("http://127.0.0.1:1/");

        atOnce(8, turn -> invoices.save(invoice("race", AFTER.plusSeconds(turn))));

        assertThat(outbox.deliveries(endpoint, Optional.empty(), 10, Optional.empty()))
                .singleElement()
                .extracting(Delivery::subject)
                .isEqualTo("race.2023-11.1");
    }

    @Test
    void couriersBesideEachOtherShareTheWork() throws Exception {
        Receiver receiver = receiver(Behaviour.status(200));
        endpoint(receiver.url());
        IntStream.range(0, 40).forEach(i -> finalise("tenant" + i));
        IntStream.rangeClosed(1, 20).forEach(version -> publish("b", version));
        Courier other = courier(CONFIG);

        atOnce(4, turn -> {
            // One may find nothing it could take while another has it; all is done when nothing is pending.
            while (outbox.backlog().deliveries() > 0) {
                (turn % 2 == 0 ? courier : other).deliverNext();
            }
            return turn;
        });

        assertThat(receiver.all()).hasSize(60).extracting(Receiver.Got::id).doesNotHaveDuplicates();
        assertThat(receiver.what().stream().filter(what -> what.startsWith("b")))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 20).mapToObj(i -> "b" + i).toList());
    }

    @Test
    void anEndpointGetsOnlyWhatItWantsAndFromThenOn() {
        Receiver receiver = receiver(Behaviour.status(200));
        finalise("early");
        endpoint(receiver.url() + "/books", Set.of(EventType.PRICE_BOOK_PUBLISHED.label()), Set.of());
        endpoint(receiver.url() + "/acme", Set.of(), Set.of("acme"));

        finalise("acme");
        finalise("other");
        publish("b", 1);
        deliverAll();

        assertThat(receiver.all())
                .extracting(got -> got.path() + " " + got.what())
                .containsExactlyInAnyOrder("/hook/books b1", "/hook/acme acme.2023-11.1");
    }
}
