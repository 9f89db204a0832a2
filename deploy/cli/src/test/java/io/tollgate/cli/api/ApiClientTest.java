package io.tollgate.cli.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.tollgate.cli.ExitCode;
import io.tollgate.cli.UserException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ApiClientTest {

    @Test
    void everyReasonOfAProblemIsTold() throws IOException {
        UserException problem = problem("{\"code\":\"period_open\",\"detail\":\"Still open.\",\"errors\":["
                + "{\"code\":\"period_open\",\"detail\":\"Still open.\"},"
                + "{\"code\":\"unpriced_usage\",\"detail\":\"No price for x.\"},"
                + "{\"code\":\"unpriced_usage\",\"detail\":\"No price for y.\"}]}");
        assertThat(problem).hasMessage("""
                3 reasons:
                  period_open: Still open.
                  unpriced_usage: No price for x.
                  unpriced_usage: No price for y.""");
        assertThat(problem.exitCode()).isEqualTo(ExitCode.REFUSED);
    }

    @Test
    void oneReasonIsOneSentence() throws IOException {
        UserException problem = problem("{\"code\":\"period_open\",\"detail\":\"Still open.\",\"errors\":["
                + "{\"code\":\"period_open\",\"detail\":\"Still open.\"}]}");
        assertThat(problem).hasMessage("Still open.");
        assertThat(problem.hint()).isEqualTo("code: period_open");
    }

    @Test
    void nobodyThereIsToldWithoutAClassName() {
        assertThatThrownBy(() -> new ApiClient("http://127.0.0.1:1", "t").get("/"))
                .hasMessage("nothing answers at http://127.0.0.1:1: the connection was refused");
    }

    private static UserException problem(String answer) throws IOException {
        byte[] body = answer.getBytes(StandardCharsets.UTF_8);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(409, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try {
            new ApiClient("http://127.0.0.1:" + server.getAddress().getPort(), "t").get("/");
        } catch (UserException e) {
            return e;
        } finally {
            server.stop(0);
        }
        throw new AssertionError("no problem");
    }
}
