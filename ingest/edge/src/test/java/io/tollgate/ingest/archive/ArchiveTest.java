package io.tollgate.ingest.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.sun.net.httpserver.HttpServer;
import io.tollgate.service.ProblemException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** How a ClickHouse is spoken to that wants a login; the one of the other tests lets anybody in. */
class ArchiveTest {

    private final List<String> logins = new CopyOnWriteArrayList<>();

    /** What the archive says to a server that answers with an error of this code. */
    private ProblemException asked(String userInfo, int code) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            logins.add(exchange.getRequestHeaders().entrySet().toString());
            byte[] text = ("Code: " + code + ". DB::Exception: as a test wants it, " + logins.size())
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("X-ClickHouse-Exception-Code", "" + code);
            exchange.sendResponseHeaders(code == 516 ? 401 : 500, text.length);
            exchange.getResponseBody().write(text);
            exchange.close();
        });
        server.start();
        String url = "http://" + userInfo + "@127.0.0.1:" + server.getAddress().getPort() + "/usage";
        try (Archive archive = Archive.of(Optional.of(url))) {
            archive.state();
            return catchThrowableOfType(ProblemException.class, () -> archive.rows("SELECT 1", Map.of()));
        } finally {
            server.stop(0);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "516, archive_misconfigured",
        "60, archive_misconfigured",
        "81, archive_misconfigured",
        "497, archive_misconfigured",
        "241, archive_unavailable",
        "202, archive_unavailable"
    })
    void whatOnlyAnOperatorCanMendIsNoReasonToSendAgain(int code, String expected) throws IOException {
        ProblemException problem = asked("u:p", code);
        assertThat(problem.problem().status()).isEqualTo(503);
        assertThat(problem.problem().code()).isEqualTo(expected);
        assertThat(problem.headers().containsKey("Retry-After")).isEqualTo(expected.equals("archive_unavailable"));
    }

    @Test
    void theLogSaysACauseOnce() throws IOException {
        Logger logger = (Logger) LoggerFactory.getLogger(Archive.class);
        ListAppender<ILoggingEvent> said = new ListAppender<>();
        said.start();
        logger.addAppender(said);
        try {
            asked("u:p", 60);
        } finally {
            logger.detachAppender(said);
        }
        assertThat(logins).hasSize(2);
        assertThat(said.list).hasSize(1);
    }

    @Test
    void aPasswordMayHaveColons() throws IOException {
        asked("u:p:q%3Ar+s", 60);
        String basic = Base64.getEncoder().encodeToString("u:p:q:r+s".getBytes(StandardCharsets.UTF_8));
        assertThat(logins.get(0)).contains("Basic " + basic);
    }
}
