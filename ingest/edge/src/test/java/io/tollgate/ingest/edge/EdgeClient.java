package io.tollgate.ingest.edge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tollgate.service.Tokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Talks to an edge. */
final class EdgeClient {

    static final Tokens TOKENS = new Tokens("the-admin", "the-platform", "the-finance");
    /** Shortly after the time of {@link #event}. */
    static final Instant ARRIVAL = Instant.parse("2023-11-17T00:00:00Z");

    static final String BATCH = "application/cloudevents-batch+json";
    static final String SINGLE = "application/cloudevents+json";

    private final IngestService service;
    private final HttpClient http = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();

    EdgeClient(IngestService service) {
        this.service = service;
    }

    static String event(String id, String amount) {
        return """
               {"specversion":"1.0","type":"io.tollgate.usage.v1","source":"edge-it","id":"%s",\
               "time":"2023-11-16T18:17:03.979960Z","data":{"tenant":"acme","provider":"openai","model":"gpt-4o",\
               "quantities":{"input_tokens":%s}}}""".formatted(id, amount);
    }

    HttpRequest.Builder request(String contentType, byte[] body) {
        return request("", contentType, body);
    }

    /** @param query what stands behind the path, with its question mark */
    HttpRequest.Builder request(String query, String contentType, byte[] body) {
        return to("/v1/events" + query, contentType, body);
    }

    HttpRequest.Builder to(String path, String contentType, byte[] body) {
        return HttpRequest.newBuilder(URI.create(service.applicationUri() + path))
                .header("Authorization", "Bearer the-platform")
                .header("Content-Type", contentType)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    }

    HttpResponse<String> post(String contentType, String body) {
        return send(request(contentType, body.getBytes(StandardCharsets.UTF_8)));
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
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

    HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(URI.create(service.applicationUri() + path)));
    }

    JsonNode json(HttpResponse<String> response) {
        try {
            return json.readTree(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(response.body(), e);
        }
    }
}
