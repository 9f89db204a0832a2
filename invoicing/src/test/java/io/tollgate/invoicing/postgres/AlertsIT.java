package io.tollgate.invoicing.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.invoicing.alert.Alert;
import io.tollgate.invoicing.alert.Cause;
import io.tollgate.invoicing.connection.ConnectionUrl;
import io.tollgate.invoicing.postgres.Alerts.Raised;
import io.tollgate.invoicing.webhook.Endpoint;
import io.tollgate.invoicing.webhook.Secret;
import io.tollgate.parts.TestParts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Alerts in a real database, found by several processes at once. */
class AlertsIT {

    private static final Instant NOW = Instant.parse("2023-11-16T20:15:00Z");
    private static final int CAUSES = 20;
    private static final long SEED = 7;

    @Test
    void whatManyFindAtOnceIsOneAlertOneEventAndOneLetterEach() throws Exception {
        String postgres = TestParts.freshPostgresDatabase();
        try (Database one = Database.open(ConnectionUrl.postgres(postgres));
                Database other = Database.open(ConnectionUrl.postgres(postgres))) {
            new EndpointStore(one)
                    .create(new Endpoint(
                            "endpoint",
                            new Endpoint.Wish("https://example.com/", new TreeSet<>(), new TreeSet<>(), true, ""),
                            Secret.draw(new Random(SEED)),
                            Optional.empty(),
                            Optional.empty(),
                            NOW));
            List<Callable<Integer>> finders = IntStream.range(0, 8)
                    .<Callable<Integer>>mapToObj(finder ->
                            () -> raiseAll(new Alerts(finder % 2 == 0 ? one : other, "example.com"), finder))
                    .toList();
            ExecutorService threads = Executors.newFixedThreadPool(finders.size());
            int raised = 0;
            try {
                for (Future<Integer> each : threads.invokeAll(finders)) {
                    raised += each.get();
                }
            } finally {
                threads.shutdown();
            }

            assertThat(raised).isEqualTo(CAUSES);
            List<Raised> all = new Alerts(one, "example.com")
                    .list(
                            new Alerts.Wanted(Optional.empty(), Optional.empty(), Optional.empty()),
                            100,
                            Optional.empty());
            assertThat(all)
                    .hasSize(CAUSES)
                    .allSatisfy(alert -> assertThat(alert.letters()).hasSize(2));
            assertThat(new Outbox(one).backlog().deliveries()).isEqualTo(CAUSES);
        }
    }

    /** In an order of its own; how many it was the first to raise. */
    private static int raiseAll(Alerts alerts, int finder) {
        List<Integer> order = new ArrayList<>(IntStream.range(0, CAUSES).boxed().toList());
        Collections.shuffle(order, new Random(SEED + finder));
        return (int) order.stream()
                .filter(cause -> alerts.raise(new Alert(
                        "acme",
                        new Cause.Anomaly("anomaly" + cause, "Usage is not as usual", new TreeMap<>(), "/v1/anomalies"),
                        NOW.plusSeconds(finder),
                        new TreeSet<>(Set.of("a@acme.example", "b@acme.example")))))
                .count();
    }
}
