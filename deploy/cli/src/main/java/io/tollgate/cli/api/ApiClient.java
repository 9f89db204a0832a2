package io.tollgate.cli.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tollgate.cli.ExitCode;
import io.tollgate.cli.UserException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Asks the API of a running instance; a problem that it answers with becomes a {@link UserException}. */
public final class ApiClient {

    /** Decimals stay exact: the API writes them as strings, and a number would not become binary. */
    public static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final String baseUrl;
    private final String token;

    public ApiClient(String baseUrl, String token) {
        this.baseUrl = baseUrl;
        this.token = token;
    }

    /** @param path path and query, beginning with a slash, encoded */
    public JsonNode get(String path) {
        return json(send(request(path).GET()));
    }

    /** The answer as the server wrote it. */
    public String getText(String path) {
        return send(request(path).GET());
    }

    /** Sends nothing but the wish. */
    public String post(String path) {
        return send(request(path).POST(BodyPublishers.noBody()));
    }

    public JsonNode post(String path, JsonNode body) {
        return json(send(request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.toString()))));
    }

    /** A value as it may stand in a path or query. */
    public static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Reads an answer's text. */
    public static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the API's answer is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(baseUrl + path))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + token)
                .header("Accept", "application/json");
    }

    private String send(HttpRequest.Builder request) {
        HttpResponse<String> answer;
        try {
            answer = http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UserException(
                    ExitCode.UNAVAILABLE,
                    "nothing answers at %s (%s)".formatted(baseUrl, e.getClass().getSimpleName()),
                    "see whether the instance still runs, or start one with 'tollgate up'");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserException(ExitCode.UNAVAILABLE, "interrupted while waiting for " + baseUrl, "");
        }
        if (answer.statusCode() >= 400) {
            throw problem(answer);
        }
        return answer.body();
    }

    /** RFC 9457: the detail is the sentence for people, the code the word for programs. */
    private static UserException problem(HttpResponse<String> answer) {
        String detail = "HTTP status " + answer.statusCode();
        String code = "";
        try {
            JsonNode problem = JSON.readTree(answer.body());
            detail = problem.path("detail").asText(problem.path("title").asText(detail));
            code = problem.path("code").asText("");
        } catch (JsonProcessingException e) {
            // Not a problem document: the status must do.
        }
        return new UserException(
                answer.statusCode() >= 500 ? ExitCode.UNAVAILABLE : ExitCode.REFUSED,
                detail,
                code.isEmpty() ? "" : "code: " + code);
    }
}
