package io.tollgate.cli.instance;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.tollgate.cli.ExitCode;
import io.tollgate.cli.UserException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProbeTest {

    @Test
    void whatDoesNotAnswerIsToldInASentence() {
        String nobody = "127.0.0.1:1";
        refused(
                new InstanceOptions(Optional.of(nobody), none(), none(), any()),
                "Kafka at " + nobody,
                "no answer in time");
        refused(
                new InstanceOptions(none(), Optional.of("http://u:hush@" + nobody), none(), any()),
                "ClickHouse at http://" + nobody,
                "refused");
        refused(
                new InstanceOptions(none(), none(), Optional.of("postgresql://u:hush@" + nobody + "/db"), any()),
                "PostgreSQL at postgresql://u:***@" + nobody + "/db",
                "refused");
    }

    @Test
    void somethingElseIsNotAClickHouse() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        });
        server.start();
        try {
            String url = "http://127.0.0.1:" + server.getAddress().getPort();
            refused(new InstanceOptions(none(), Optional.of(url), none(), any()), "something else answers", "404");
        } finally {
            server.stop(0);
        }
    }

    private static void refused(InstanceOptions options, String... expected) {
        assertThatThrownBy(() -> Probe.externalParts(options))
                .isInstanceOfSatisfying(
                        UserException.class,
                        problem -> org.assertj.core.api.Assertions.assertThat(problem.exitCode())
                                .isEqualTo(ExitCode.UNAVAILABLE))
                .message()
                .contains(expected)
                .doesNotContain("hush", "Exception")
                .hasLineCount(1);
    }

    private static Optional<String> none() {
        return Optional.empty();
    }

    private static InstanceOptions.WantedPorts any() {
        return InstanceOptions.WantedPorts.ANY;
    }
}
