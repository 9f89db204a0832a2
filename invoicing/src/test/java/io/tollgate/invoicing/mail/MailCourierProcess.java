package io.tollgate.invoicing.mail;

import com.codahale.metrics.MetricRegistry;
import io.tollgate.invoicing.connection.ConnectionUrl;
import io.tollgate.invoicing.postgres.Database;
import io.tollgate.invoicing.postgres.MailOutbox;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;

/** A courier of letters in a process of its own, that ends with its parent. */
public final class MailCourierProcess {

    private MailCourierProcess() {}

    /** Arguments: PostgreSQL, port of the SMTP server, the time. */
    public static void main(String[] arguments) throws IOException {
        Clock clock = Clock.fixed(Instant.parse(arguments[2]), ZoneOffset.UTC);
        try (Database database = Database.open(ConnectionUrl.postgres(arguments[0]));
                MailCourier courier = new MailCourier(
                        new MailOutbox(database),
                        MailIT.config(Integer.parseInt(arguments[1]), MailConfig.Security.NONE),
                        clock,
                        new Random(1),
                        new MetricRegistry())) {
            courier.start();
            while (System.in.read() >= 0) {
                // Only the end of the pipe counts.
            }
        }
    }

    static Process start(String postgres, int smtpPort, Instant now) throws IOException {
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        MailCourierProcess.class.getName(),
                        postgres,
                        Integer.toString(smtpPort),
                        now.toString()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
