package io.tollgate.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A service whose names are anybody's, such as the sources of events. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class AnyNameInPathsTest {

    private HttpService service;

    @BeforeAll
    void start() {
        service = HttpService.named("names")
                .tokens(TestService.TOKENS)
                .resource(new ThingsResource())
                .anyNameInPaths()
                .start();
    }

    @AfterAll
    void stop() {
        service.close();
    }

    @ParameterizedTest
    @CsvSource({
        "a%2Fb, a/b",
        "a%5Cb, a\\\\b",
        "100%25, 100%",
        "a%252Fb, a%2Fb",
        "a%20b, a b",
        "a+b, a+b",
        "a%3Bb=c, a;b=c",
        "a;b=c, a;b=c",
        "https%3A%2F%2Fa.example%2Fb%3Fc, https://a.example/b?c",
        "a:mend, a:mend",
        "a%3Amend, a:mend",
        "mend, mend",
        "%E2%82%AC, €",
        "..%2F..%2Fb, ../../b"
    })
    void aNameArrivesAsItIs(String encoded, String name) {
        assertThat(post("/v1/things/" + encoded + ":mend?with=it", "the-platform"))
                .startsWith("HTTP/1.1 200")
                .contains("{\"role\":\"" + name + " with it\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/things/%2e%2e/a:mend", "/v1/things/%FF:mend", "/v1/things/%00:mend", "/%zz"})
    void whatIsNoNameIsRefusedAsEver(String path) {
        assertThat(post(path, "the-platform")).startsWith("HTTP/1.1 400").contains("\"code\":\"bad_request\"");
    }

    @Test
    void aSemicolonHidesNothing() {
        for (String path : new String[] {"/v1/things/a:mend;x", "/v1/things;x/a:mend", "/v1;x/things/a:mend"}) {
            assertThat(post(path, "the-platform")).as(path).matches("(?s)HTTP/1.1 40[45] .*");
        }
    }

    @Test
    void noSpellingOfAPathGetsAroundTheToken() {
        for (String path : new String[] {
            "/v1/things/a%2Fb:mend", "/v1%2Fthings/a:mend", "/%76%31/things/a:mend", "/x/../v1/things/a:mend"
        }) {
            assertThat(post(path, "nobody")).as(path).startsWith("HTTP/1.1 401");
        }
        // The slash is part of a name here, so this is below another path than /v1, where there is nothing.
        assertThat(post("/x%2F..%2Fv1/things/a:mend", "nobody")).startsWith("HTTP/1.1 404");
    }

    private String post(String path, String token) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
            socket.getOutputStream()
                    .write(("POST " + path + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + token
                                    + "\r\nContent-Type: application/json\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
