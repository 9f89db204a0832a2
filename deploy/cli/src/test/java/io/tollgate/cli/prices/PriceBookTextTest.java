package io.tollgate.cli.prices;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.tollgate.cli.api.ApiClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What finance writes is what is published, quoted or not. */
class PriceBookTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.12345678901234567890123",
                "0.00000015",
                "2.50",
                "100000000000000000000000.5",
                "0.1",
                "3",
                "123456789012345678901234567890"
            })
    void everyDigitIsSent(String amount) throws IOException {
        assertThat(sent("amount: " + amount)).isEqualTo("{\"amount\":" + amount + "}");
    }

    @Test
    void quotedAmountsStayText() throws IOException {
        assertThat(sent("amount: \"2.50\"")).isEqualTo("{\"amount\":\"2.50\"}");
    }

    private static String sent(String yaml) throws IOException {
        JsonNode book = PriceBookText.read(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)));
        List<String> bodies = new CopyOnWriteArrayList<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write("{}".getBytes(StandardCharsets.UTF_8));
            exchange.close();
        });
        server.start();
        try {
            new ApiClient("http://127.0.0.1:" + server.getAddress().getPort(), "t").post("/v1/price-books", book);
        } finally {
            server.stop(0);
        }
        return bodies.get(0);
    }
}
