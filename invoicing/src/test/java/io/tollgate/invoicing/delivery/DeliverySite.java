package io.tollgate.invoicing.delivery;

import static io.tollgate.invoicing.Fixtures.AFTER;
import static io.tollgate.invoicing.Fixtures.BEGINNING;
import static io.tollgate.invoicing.Fixtures.NOVEMBER;
import static io.tollgate.invoicing.Fixtures.USD;
import static io.tollgate.invoicing.Fixtures.book;
import static io.tollgate.invoicing.Fixtures.card;
import static io.tollgate.invoicing.Fixtures.gpt4o;
import static io.tollgate.invoicing.Fixtures.gpt4oCard;
import static io.tollgate.invoicing.Fixtures.history;
import static io.tollgate.invoicing.Fixtures.match;
import static io.tollgate.invoicing.Fixtures.usage;

import com.codahale.metrics.MetricRegistry;
import io.tollgate.invoicing.Receiver;
import io.tollgate.invoicing.Receiver.Behaviour;
import io.tollgate.invoicing.connection.ConnectionUrl;
import io.tollgate.invoicing.invoice.BillingPeriod;
import io.tollgate.invoicing.invoice.BillingTerms;
import io.tollgate.invoicing.invoice.Invoice;
import io.tollgate.invoicing.invoice.InvoiceCalculator;
import io.tollgate.invoicing.invoice.InvoiceStatus;
import io.tollgate.invoicing.postgres.Database;
import io.tollgate.invoicing.postgres.EndpointStore;
import io.tollgate.invoicing.postgres.InvoiceStore;
import io.tollgate.invoicing.postgres.Outbox;
import io.tollgate.invoicing.postgres.Outbox.Delivery;
import io.tollgate.invoicing.postgres.Outbox.Replay;
import io.tollgate.invoicing.postgres.PriceBookStore;
import io.tollgate.invoicing.pricing.PriceBookDraft;
import io.tollgate.invoicing.pricing.UnitPrice;
import io.tollgate.invoicing.webhook.Endpoint;
import io.tollgate.invoicing.webhook.Endpoint.Wish;
import io.tollgate.invoicing.webhook.RetrySchedule;
import io.tollgate.invoicing.webhook.Secret;
import io.tollgate.parts.TestParts;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** An outbox in a real database with couriers; time passes only when a law says so. */
abstract class DeliverySite {

    static final Duration LEASE = Duration.ofMinutes(2);

    /** Two minutes are longer than any delay, jitter included. */
    static final WebhookConfig CONFIG = new WebhookConfig(
            true,
            true,
            new RetrySchedule(Duration.ofSeconds(10), Duration.ofSeconds(90), 5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(15),
            LEASE,
            Duration.ofMillis(20),
            4,
            2);

    final List<AutoCloseable> open = new ArrayList<>();
    final TestClock clock = new TestClock();
    String postgres = "";
    Database database;
    InvoiceStore invoices;
    PriceBookStore books;
    EndpointStore endpoints;
    Outbox outbox;
    Courier courier;

    static final class TestClock extends Clock {
        volatile Instant now = AFTER;

        void pass(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @BeforeEach
    void open() {
        postgres = TestParts.freshPostgresDatabase();
        database = closing(Database.open(ConnectionUrl.postgres(postgres)));
        invoices = new InvoiceStore(database, BillingTerms.USUAL);
        books = new PriceBookStore(database);
        endpoints = new EndpointStore(database);
        outbox = new Outbox(database);
        courier = courier(CONFIG);
    }

    @AfterEach
    void close() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    Delivery only(String endpoint) {
        return outbox.deliveries(endpoint, Optional.empty(), 2, Optional.empty())
                .get(0);
    }

    int replay(
            String endpoint,
            Optional<String> id,
            Optional<Instant> since,
            Optional<Instant> until,
            boolean onlyFailed) {
        return outbox.replay(endpoint, new Replay(id, since, until, onlyFailed), clock.instant());
    }

    void deliverAll() {
        boolean more = true;
        while (more) {
            more = courier.deliverNext();
        }
    }

    Courier courier(WebhookConfig config) {
        return closing(new Courier(outbox, new HttpSender(config), config, clock, new Random(1), new MetricRegistry()));
    }

    Receiver receiver(Behaviour behaviour) {
        return closing(new Receiver(behaviour));
    }

    <T extends AutoCloseable> T closing(T opened) {
        open.add(opened);
        return opened;
    }

    String endpoint(String url) {
        return endpoint(url, Set.of(), Set.of());
    }

    String endpoint(String url, Set<String> types, Set<String> tenants) {
        String id = "endpoint-" + endpoints.list().size();
        endpoints.create(new Endpoint(
                id,
                wish(url, types, tenants),
                Secret.draw(new Random(id.hashCode())),
                Optional.empty(),
                Optional.empty(),
                clock.instant()));
        return id;
    }

    static Wish wish(String url, Set<String> types, Set<String> tenants) {
        return new Wish(url, new TreeSet<>(types), new TreeSet<>(tenants), true, "");
    }

    void publish(String name, int version) {
        PriceBookDraft draft = new PriceBookDraft(
                name, USD, BEGINNING, List.of(card(match(), Map.of("images", UnitPrice.of("" + version, 1)))));
        books.publish(draft, clock.instant());
    }

    void finalise(String tenant) {
        invoices.save(invoice(tenant, clock.instant()));
    }

    static Invoice invoice(String tenant, Instant finalisedAt) {
        return InvoiceCalculator.draft(
                        tenant,
                        BillingPeriod.of(YearMonth.of(2023, 11)),
                        List.of(usage(NOVEMBER, tenant, gpt4o(), Map.of("input_tokens", 1_000_000L))),
                        history(book(gpt4oCard())),
                        finalisedAt)
                .as(new InvoiceStatus.Final(finalisedAt));
    }

    interface Turn<T> {
        T take(int number) throws Exception;
    }

    static <T> void atOnce(int count, Turn<T> turn) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(count);
        try {
            List<Callable<T>> turns = IntStream.range(0, count)
                    .<Callable<T>>mapToObj(number -> () -> turn.take(number))
                    .toList();
            for (Future<T> each : threads.invokeAll(turns)) {
                each.get();
            }
        } finally {
            threads.shutdown();
        }
    }
}
