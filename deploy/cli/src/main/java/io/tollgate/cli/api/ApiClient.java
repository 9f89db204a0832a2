package io.tollgate.cli.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tollgate.cli.ExitCode;
import io.tollgate.cli.Sentence;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Asks the API of a running instance; a problem that it answers with becomes a {@link UserException}. */
public final class ApiClient {

    /** Decimals stay exact: the API writes them as strings, and a number would neither become binary nor get an exponent. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
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

    /** Like {@link #get}; empty when there is no such thing. */
    public Optional<JsonNode> find(String path) {
        HttpResponse<String> answer = answer(request(path).GET(), BodyHandlers.ofString());
        return answer.statusCode() == 404 ? Optional.empty() : Optional.of(json(checked(answer)));
    }

    /** The answer as the server wrote it. */
    public String getText(String path) {
        return send(request(path).GET());
    }

    /** The answer's bytes, whatever they are. */
    public byte[] getBytes(String path) {
        HttpResponse<byte[]> answer =
                answer(request(path).setHeader("Accept", "*/*").GET(), BodyHandlers.ofByteArray());
        if (answer.statusCode() >= 400) {
            throw problem(answer.statusCode(), new String(answer.body(), StandardCharsets.UTF_8));
        }
        return answer.body();
    }

    /** Sends nothing but the wish. */
    public String post(String path) {
        return send(request(path).POST(BodyPublishers.noBody()));
    }

    public JsonNode post(String path, JsonNode body) {
        return json(send(
                request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(text(body)))));
    }

    public JsonNode put(String path, JsonNode body) {
        return json(send(
                request(path).header("Content-Type", "application/json").PUT(BodyPublishers.ofString(text(body)))));
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

    /** As it is sent. */
    static String text(JsonNode body) {
        try {
            return JSON.writeValueAsString(body);
        } catch (JsonProcessingException e) {
            throw new UserException(
                    ExitCode.DATA_ERROR,
                    "a number cannot be sent: " + e.getOriginalMessage(),
                    "write it in fewer digits");
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(baseUrl + path))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + token)
                .header("Accept", "application/json");
    }

    private String send(HttpRequest.Builder request) {
        return checked(answer(request, BodyHandlers.ofString()));
    }

    private <T> HttpResponse<T> answer(HttpRequest.Builder request, HttpResponse.BodyHandler<T> body) {
        try {
            return http.send(request.build(), body);
        } catch (IOException e) {
            throw new UserException(
                    ExitCode.UNAVAILABLE,
                    "nothing answers at %s: %s".formatted(baseUrl, Sentence.of(e)),
                    "see whether the instance still runs, or start one with 'tollgate up'");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserException(ExitCode.UNAVAILABLE, "interrupted while waiting for " + baseUrl, "");
        }
    }

    private static String checked(HttpResponse<String> answer) {
        if (answer.statusCode() >= 400) {
            throw problem(answer.statusCode(), answer.body());
        }
        return answer.body();
    }

    /** Each as its sentence and its code. A problem that has several is named after the first of them only. */
    static List<String> reasons(JsonNode errors) {
        List<String> reasons = new ArrayList<>();
        errors.forEach(error -> reasons.add("  %s: %s"
                .formatted(error.path("code").asText(), error.path("detail").asText())));
        return reasons;
    }

    /** RFC 9457: the detail is the sentence for people, the code the word for programs. */
    private static UserException problem(int status, String body) {
        String detail = "HTTP status " + status;
        String code = "";
        List<String> reasons = List.of();
        try {
            JsonNode problem = JSON.readTree(body);
            detail = problem.path("detail").asText(problem.path("title").asText(detail));
            code = problem.path("code").asText("");
            reasons = reasons(problem.path("errors"));
        } catch (JsonProcessingException e) {
            // Not a problem document: the status must do.
        }
        return new UserException(
                status >= 500 ? ExitCode.UNAVAILABLE : ExitCode.REFUSED,
                reasons.size() < 2 ? detail : "%d reasons:%n%s".formatted(reasons.size(), String.join("\n", reasons)),
                reasons.size() > 1 || code.isEmpty() ? "" : "code: " + code);
    }
}
