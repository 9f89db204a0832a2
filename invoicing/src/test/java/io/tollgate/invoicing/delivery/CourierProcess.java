package io.tollgate.invoicing.delivery;

import com.codahale.metrics.MetricRegistry;
import io.tollgate.invoicing.connection.ConnectionUrl;
import io.tollgate.invoicing.postgres.Database;
import io.tollgate.invoicing.postgres.Outbox;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

/** A courier in a process of its own, that ends with its parent. */
public final class CourierProcess {

    private CourierProcess() {}

    /** Arguments: PostgreSQL, the time. */
    public static void main(String[] arguments) throws IOException {
        WebhookConfig config = WebhookConfig.usual().withinOwnNetwork();
        Clock clock = Clock.fixed(Instant.parse(arguments[1]), ZoneOffset.UTC);
        try (Database database = Database.open(ConnectionUrl.postgres(arguments[0]));
                Courier courier = new Courier(
                        new Outbox(database),
                        new HttpSender(config),
                        config,
                        clock,
                        new SecureRandom(),
                        new MetricRegistry())) {
            courier.start();
            while (System.in.read() >= 0) {
                // Only the end of the pipe counts.
            }
        }
    }

    static Process start(String postgres, Instant now) throws IOException {
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CourierProcess.class.getName(),
                        postgres,
                        now.toString()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
