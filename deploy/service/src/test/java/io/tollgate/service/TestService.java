package io.tollgate.service;

import com.codahale.metrics.health.HealthCheck;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** The tiny service, and a client for it. */
final class TestService implements AutoCloseable {

    static final Tokens TOKENS = new Tokens("the-admin", "the-platform", "the-finance");

    final OpenResource open = new OpenResource();
    final AtomicBoolean healthy = new AtomicBoolean(true);
    final HttpService service;
    private final HttpClient client = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();

    TestService(ListenOn listenOn) {
        this(listenOn, SlowestBody.USUAL);
    }

    TestService(ListenOn listenOn, SlowestBody slowest) {
        service = HttpService.named("things")
                .api("Things", "1.2.3", "Things to try")
                .listenOn(listenOn)
                .tokens(TOKENS)
                .furtherTokens(TestService::tenants)
                .maxBodyBytes(1000)
                .slowestBody(slowest)
                .problemEverywhere(503, "`away`: try again")
                .resource(new ThingsResource())
                .resource(open)
                .healthCheck("luck", new HealthCheck() {
                    @Override
                    protected Result check() {
                        return healthy.get() ? Result.healthy() : Result.unhealthy("out of luck");
                    }
                })
                .start();
    }

    private static Optional<Caller> tenants(String token) {
        if (token.equals("unsure")) {
            throw new ProblemException(Problem.of(503, "store_unavailable", "Try again."));
        }
        return token.equals("of-acme") ? Optional.of(Caller.of("acme")) : Optional.empty();
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(service.applicationUri() + path));
    }

    HttpRequest.Builder post(String body) {
        return request("/v1/things")
                .header("Authorization", "Bearer the-platform")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    HttpResponse<String> admin(String path) {
        return send(HttpRequest.newBuilder(URI.create(service.adminUri() + path)));
    }

    JsonNode json(HttpResponse<String> response) {
        try {
            return json.readTree(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(response.body(), e);
        }
    }

    @Override
    public void close() {
        open.released.countDown();
        service.close();
    }
}
