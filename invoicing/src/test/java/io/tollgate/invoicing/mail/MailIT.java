package io.tollgate.invoicing.mail;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import io.tollgate.invoicing.MovingClock;
import io.tollgate.invoicing.alert.Alert;
import io.tollgate.invoicing.alert.Cause;
import io.tollgate.invoicing.connection.ConnectionUrl;
import io.tollgate.invoicing.mail.MailConfig.Login;
import io.tollgate.invoicing.mail.MailConfig.Security;
import io.tollgate.invoicing.mail.Postbox.Behaviour;
import io.tollgate.invoicing.mail.Postbox.Got;
import io.tollgate.invoicing.postgres.Alerts;
import io.tollgate.invoicing.postgres.Alerts.Letter;
import io.tollgate.invoicing.postgres.Database;
import io.tollgate.invoicing.postgres.MailOutbox;
import io.tollgate.invoicing.webhook.RetrySchedule;
import io.tollgate.parts.TestParts;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.subethamail.smtp.RejectException;
import org.subethamail.smtp.server.SMTPServer;

/** Letters from a real outbox to a real SMTP server. */
class MailIT {

    private static final Duration LEASE = Duration.ofMinutes(5);
    private static final Behaviour TAKE = letter -> {};

    @TempDir
    private Path directory = Path.of("");

    private final String postgres = TestParts.freshPostgresDatabase();
    private final Database database = Database.open(ConnectionUrl.postgres(postgres));
    private final Alerts alerts = new Alerts(database, "tollgate.example");
    private final MovingClock clock = new MovingClock(Instant.parse("2023-11-16T20:15:00Z"));
    private SSLContext usual;

    static MailConfig config(int port, Security security) {
        return new MailConfig(
                "127.0.0.1",
                port,
                security,
                Optional.empty(),
                "billing@tollgate.example",
                new RetrySchedule(Duration.ofSeconds(10), Duration.ofSeconds(90), 5),
                Duration.ofSeconds(10),
                LEASE,
                Duration.ofMillis(20));
    }

    private static MailConfig with(MailConfig config, String password) {
        return new MailConfig(
                config.host(),
                config.port(),
                config.security(),
                Optional.of(new Login("tollgate", password)),
                config.from(),
                config.schedule(),
                config.timeout(),
                config.lease(),
                config.pollInterval());
    }

    @BeforeEach
    void remember() throws Exception {
        usual = SSLContext.getDefault();
        alerts.raise(new Alert(
                "acme",
                new Cause.Anomaly("a1", "Usage is not as usual", new TreeMap<>(), "/v1/anomalies/a1"),
                clock.instant(),
                new TreeSet<>(Set.of("team@acme.example"))));
    }

    @AfterEach
    void close() {
        SSLContext.setDefault(usual);
        database.close();
    }

    private void send(MailConfig config) {
        try (MailCourier courier =
                new MailCourier(new MailOutbox(database), config, clock, new Random(1), new MetricRegistry())) {
            boolean more = true;
            while (more) {
                more = courier.sendNext();
            }
        }
    }

    private Letter letter() {
        return alerts.list(new Alerts.Wanted(Optional.empty(), Optional.empty(), Optional.empty()), 1, Optional.empty())
                .get(0)
                .letters()
                .get(0);
    }

    private void assertPending(String obstacle) {
        assertThat(letter().state()).isEqualTo("pending");
        assertThat(letter().lastError().orElseThrow()).startsWith(obstacle + ": ");
    }

    private static UnaryOperator<SMTPServer.Builder> startTls(SSLContext context) {
        return server -> server.enableTLS().requireTLS().requireAuth().startTlsSocketFactory(context);
    }

    private static UnaryOperator<SMTPServer.Builder> tls(SSLContext context) {
        return server -> server.requireAuth().serverSocketFactory(context);
    }

    @Test
    void aLetterIsSentAfterStartTlsAndLogin() throws Exception {
        TestCertificate certificate = new TestCertificate(directory, "ip:127.0.0.1");
        SSLContext.setDefault(certificate.trusting());
        try (Postbox postbox = new Postbox(startTls(certificate.server()), TAKE).withPassword("right")) {
            send(with(config(postbox.port(), Security.STARTTLS), "right"));
            assertThat(letter()).isEqualTo(new Letter("team@acme.example", "delivered", 1, Optional.empty()));
            assertThat(postbox.all()).singleElement().satisfies(letter -> {
                assertThat(letter.to()).isEqualTo("team@acme.example");
                assertThat(letter.subject()).isEqualTo("Usage is not as usual");
                assertThat(letter.whole()).contains("/v1/anomalies/a1");
            });
            assertThat(postbox.logins()).containsExactly("tollgate");
        }
    }

    @Test
    void aLetterIsSentWithinTlsFromTheFirstByte() throws Exception {
        TestCertificate certificate = new TestCertificate(directory, "ip:127.0.0.1");
        SSLContext.setDefault(certificate.trusting());
        try (Postbox postbox = new Postbox(tls(certificate.server()), TAKE).withPassword("right")) {
            send(with(config(postbox.port(), Security.TLS), "right"));
            assertThat(letter().state()).isEqualTo("delivered");
            assertThat(postbox.all()).hasSize(1);
        }
    }

    @Test
    void aServerThatOffersNoStartTlsGetsNeitherLetterNorPassword() {
        try (Postbox postbox = Postbox.inClear().withPassword("right")) {
            send(with(config(postbox.port(), Security.STARTTLS), "right"));
            assertPending("no_starttls");
            assertThat(postbox.all()).isEmpty();
            assertThat(postbox.logins()).isEmpty();
        }
    }

    @Test
    void aWrongPasswordIsSaidAndTheLetterWaitsForTheRightOne() throws Exception {
        TestCertificate certificate = new TestCertificate(directory, "ip:127.0.0.1");
        SSLContext.setDefault(certificate.trusting());
        try (Postbox postbox = new Postbox(startTls(certificate.server()), TAKE).withPassword("right")) {
            MailConfig wrong = with(config(postbox.port(), Security.STARTTLS), "wrong");
            send(wrong);
            assertPending("login_refused");
            assertThat(letter().lastError().orElseThrow()).contains("535").doesNotContain("wrong");
            // It is not tried at once, and so does not lock us out.
            send(wrong);
            assertThat(letter().attempts()).isEqualTo(1);
            clock.pass(Duration.ofMinutes(2));
            send(with(wrong, "right"));
            assertThat(letter().state()).isEqualTo("delivered");
            assertThat(letter().attempts()).isEqualTo(2);
            assertThat(postbox.all()).hasSize(1);
        }
    }

    @Test
    void aCertificateThatIsNotTrustedOrAnothersGetsNothing() throws Exception {
        TestCertificate others = new TestCertificate(directory, "dns:mail.elsewhere.example");
        TestCertificate unknown = new TestCertificate(directory, "ip:127.0.0.1");
        SSLContext.setDefault(others.trusting());
        for (TestCertificate certificate : new TestCertificate[] {others, unknown}) {
            try (Postbox late = new Postbox(startTls(certificate.server()), TAKE);
                    Postbox early = new Postbox(tls(certificate.server()), TAKE)) {
                send(with(config(late.port(), Security.STARTTLS), "right"));
                assertPending("tls_failed");
                clock.pass(Duration.ofMinutes(2));
                send(with(config(early.port(), Security.TLS), "right"));
                assertPending("tls_failed");
                clock.pass(Duration.ofMinutes(2));
                assertThat(late.logins()).isEmpty();
                assertThat(late.all()).isEmpty();
                assertThat(early.logins()).isEmpty();
                assertThat(early.all()).isEmpty();
            }
        }
        assertThat(letter().attempts()).isEqualTo(4);
    }

    @Test
    void aLetterThatIsRefusedIsGivenUpAndOneThatIsPutOffIsSentLater() {
        try (Postbox busy = new Postbox(SMTPServer.Builder::hideTLS, letter -> {
                    throw new RejectException(451, "later");
                });
                Postbox never = new Postbox(SMTPServer.Builder::hideTLS, letter -> {
                    throw new RejectException(554, "never");
                })) {
            send(config(busy.port(), Security.NONE));
            assertPending("not_taken");
            clock.pass(Duration.ofMinutes(2));
            send(config(never.port(), Security.NONE));
            assertThat(letter().state()).isEqualTo("failed");
            assertThat(letter().lastError()).contains("letter_refused: 554 never");
        }
    }

    @Test
    void aServerThatWantsALoginFirstIsTriedAgainAsThatMayBeMended() {
        try (Postbox postbox = new Postbox(server -> server.hideTLS().requireAuth(), TAKE).withPassword("right")) {
            send(config(postbox.port(), Security.NONE));
            assertPending("login_refused");
            clock.pass(Duration.ofMinutes(2));
            send(with(config(postbox.port(), Security.NONE), "right"));
            assertThat(letter().state()).isEqualTo("delivered");
        }
    }

    @Test
    void aServerThatIsAwayIsTriedUntilTheScheduleEnds() {
        // Nobody can take that one.
        int port = 1;
        for (int attempt = 1; attempt < 5; attempt++) {
            send(config(port, Security.STARTTLS));
            assertPending("unreachable");
            clock.pass(Duration.ofMinutes(2));
        }
        send(config(port, Security.STARTTLS));
        assertThat(letter().state()).isEqualTo("failed");
    }

    @Test
    void whatAKilledProcessHadSentButNotMarkedComesOnceMoreWithTheSameMessageId() throws Exception {
        CompletableFuture<Connection> holder = new CompletableFuture<>();
        Behaviour holdTheMark = letter -> {
            if (!holder.isDone()) {
                holder.complete(lockedMail());
            }
        };
        try (Postbox postbox = new Postbox(SMTPServer.Builder::hideTLS, holdTheMark)) {
            Process victim = MailCourierProcess.start(postgres, postbox.port(), clock.instant());
            try {
                Got first = postbox.next();
                // The server has said yes, and the process is about to write that down.
                try (Connection lock = holder.join();
                        Connection watching = connect()) {
                    long waiting = marking(watching);
                    victim.destroyForcibly();
                    victim.onExit().join();
                    assertThat(ask(watching, "SELECT pg_terminate_backend(" + waiting + ", 30000)::int"))
                            .isEqualTo(1);
                    lock.rollback();
                }
                assertThat(letter().state()).isEqualTo("pending");

                send(config(postbox.port(), Security.NONE));
                assertThat(postbox.all()).hasSize(1);
                clock.pass(LEASE);
                send(config(postbox.port(), Security.NONE));

                assertThat(letter()).isEqualTo(new Letter("team@acme.example", "delivered", 2, Optional.empty()));
                assertThat(postbox.all())
                        .hasSize(2)
                        .allSatisfy(letter -> assertThat(letter).isEqualTo(first));
                clock.pass(Duration.ofDays(1));
                send(config(postbox.port(), Security.NONE));
                assertThat(postbox.all()).hasSize(2);
            } finally {
                victim.destroyForcibly();
            }
        }
    }

    private Connection lockedMail() {
        try {
            Connection connection = connect();
            connection.setAutoCommit(false);
            ask(connection, "SELECT count(*) FROM (SELECT 1 FROM invoicing.mail FOR UPDATE) AS held");
            return connection;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private Connection connect() throws SQLException {
        ConnectionUrl url = ConnectionUrl.postgres(postgres);
        return DriverManager.getConnection(
                url.jdbcUrl(), url.user().orElse(""), url.password().orElse(""));
    }

    /** The backend that wants to mark the letter as delivered, waiting for it. */
    private static long marking(Connection connection) throws SQLException {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        long found = 0;
        while (found == 0) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            found = ask(
                    connection,
                    "SELECT coalesce(max(pid), 0) FROM pg_stat_activity WHERE datname = current_database()"
                            + " AND wait_event_type = 'Lock' AND query LIKE 'UPDATE mail SET state%'");
        }
        return found;
    }

    private static long ask(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
