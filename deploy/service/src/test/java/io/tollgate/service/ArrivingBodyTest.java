package io.tollgate.service;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Bodies that do not come as HTTP says, or not at all: a clear answer, and no stack trace. */
class ArrivingBodyTest {

    private static final String CHUNKED = "Transfer-Encoding: chunked";
    private static final String GZIP = "\r\nContent-Encoding: gzip";
    private static final Duration SHORT = Duration.ofMillis(300);

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);

    private final List<LogRecord> jersey = new CopyOnWriteArrayList<>();
    private final Handler jerseysLog = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            jersey.add(entry);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        log.start();
        root.addAppender(log);
        java.util.logging.Logger.getLogger("").addHandler(jerseysLog);
    }

    @AfterEach
    void nothingIsLoggedAsAFaultOfOurs() {
        root.detachAppender(log);
        java.util.logging.Logger.getLogger("").removeHandler(jerseysLog);
        assertThat(jersey).noneMatch(entry -> entry.getThrown() != null);
        assertThat(List.copyOf(log.list))
                .noneMatch(event -> event.getLevel().isGreaterOrEqual(Level.WARN) || event.getThrowableProxy() != null);
    }

    private static TestService usual() {
        return new TestService(ListenOn.anyPort());
    }

    /** @param isLast whether the sender says that nothing more comes, by closing its side */
    private static String answer(TestService test, String headers, String body, boolean isLast) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), test.service.port())) {
            send(socket, headers, body);
            if (isLast) {
                socket.shutdownOutput();
            }
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void send(Socket socket, String headers, String body) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(("POST /v1/things HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer the-admin\r\n"
                        + "Content-Type: application/json\r\n" + headers + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    private static void refused(int status, String code, String answer) {
        assertThat(answer)
                .startsWith("HTTP/1.1 " + status + " ")
                .contains("\"code\":\"" + code + "\"")
                .containsIgnoringCase("connection: close");
    }

    @ParameterizedTest
    @ValueSource(strings = {"zz\r\n{}\r\n", "-1\r\n", "2\r\n{}\r\nzz\r\n", "fffffffffff\r\n{", "\r\n\r\n"})
    void badChunksAreTheSenders(String body) throws IOException {
        try (TestService test = usual()) {
            refused(400, "bad_request", answer(test, CHUNKED, body, false));
            if (!body.startsWith("2")) {
                refused(400, "bad_request", answer(test, CHUNKED + GZIP, body, false));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {CHUNKED, "Content-Length: 100", CHUNKED + GZIP, "Content-Length: 100" + GZIP})
    void whoEndsBeforeTheBodyDoesIsTold(String headers) throws IOException {
        try (TestService test = usual()) {
            refused(400, "bad_request", answer(test, headers, "", true));
        }
    }

    @Test
    void whoHangsUpDisturbsNobody() throws IOException {
        try (TestService test = usual()) {
            for (String body : new String[] {"", "{\"name\":"}) {
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), test.service.port())) {
                    send(socket, "Content-Length: 100", body);
                    socket.setSoLinger(true, 0);
                }
            }
            assertThat(test.send(test.post("{")).statusCode()).isEqualTo(400);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{"})
    void whoFallsSilentIsTold(String body) throws IOException {
        try (TestService test = new TestService(ListenOn.anyPort(), new SlowestBody(SHORT, Duration.ofSeconds(9), 0))) {
            refused(408, "body_too_slow", answer(test, "Content-Length: 100", body, false));
        }
    }

    /** Each byte comes in time, but they are too few. */
    @Test
    void whoSendsDropByDropIsTold() throws IOException {
        SlowestBody slowest = new SlowestBody(Duration.ofSeconds(20), SHORT, 1L << 30);
        try (TestService test = new TestService(ListenOn.anyPort(), slowest);
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), test.service.port())) {
            send(socket, "Content-Length: 1000", " ");
            socket.setSoTimeout(10);
            int first = -1;
            for (int sent = 0; first < 0 && sent < 900; sent++) {
                socket.getOutputStream().write(' ');
                try {
                    first = socket.getInputStream().read();
                } catch (java.net.SocketTimeoutException e) {
                    assertThat(sent).isLessThan(900);
                }
            }
            socket.setSoTimeout(0);
            refused(
                    408,
                    "body_too_slow",
                    "H" + new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void theGraceIsForAnyoneAndTheRateForWhatIsBeyondIt() {
        SlowestBody slowest = SlowestBody.USUAL;
        long second = Duration.ofSeconds(1).toNanos();
        assertThat(slowest.isUnder(0, 10 * second)).isFalse();
        assertThat(slowest.isUnder(16 << 10, 11 * second)).isFalse();
        assertThat(slowest.isUnder((16 << 10) - 1, 11 * second)).isTrue();
        assertThat(slowest.isUnder(16 << 20, 1000 * second)).isFalse();
    }
}
