package io.tollgate.service;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpStatus;

/**
 * Problem details of an HTTP API (RFC 9457).
 *
 * @param type {@code urn:tollgate:problem:<code>}, which never changes
 * @param title the kind of problem, the same for every occurrence
 * @param status the HTTP status, 400 to 599
 * @param detail a sentence: what is wrong, where, what to do
 * @param instance the path that was called; filled in on the way out when empty
 * @param code stable, snake_case
 * @param extensions further members, JSON values, named as they stand in the document
 */
@JsonPropertyOrder({"type", "title", "status", "code", "detail", "instance"})
public record Problem(
        URI type,
        String title,
        int status,
        String detail,
        Optional<String> instance,
        String code,
        @JsonAnyGetter Map<String, Object> extensions) {

    /** {@code application/problem+json}. */
    public static final MediaType MEDIA_TYPE = new MediaType("application", "problem+json");

    private static final Pattern CODE = Pattern.compile("[a-z][a-z0-9_]*");
    private static final int STATUS_MIN = 400;
    private static final int STATUS_MAX = 599;

    public Problem {
        if (!CODE.matcher(code).matches()) {
            throw new IllegalArgumentException("code " + code + " is not snake_case");
        }
        if (status < STATUS_MIN || status > STATUS_MAX) {
            throw new IllegalArgumentException("status " + status + " is not an error");
        }
        extensions = Collections.unmodifiableMap(new LinkedHashMap<>(extensions));
    }

    /** A problem without extension members; its type and title follow from the code and the status. */
    public static Problem of(int status, String code, String detail) {
        return new Problem(
                URI.create("urn:tollgate:problem:" + code),
                HttpStatus.getMessage(status),
                status,
                detail,
                Optional.empty(),
                code,
                Map.of());
    }

    /** What can be said when nothing but the status is known; the code is its reason phrase in snake_case. */
    static Problem of(int status) {
        String phrase = HttpStatus.getMessage(status);
        String code = phrase.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_");
        return of(status, CODE.matcher(code).matches() ? code : "error_" + status, phrase + ".");
    }

    /** Like {@link #of(int, String, String)}. */
    public static Problem of(Response.Status status, String code, String detail) {
        return of(status.getStatusCode(), code, detail);
    }

    /** The same with one more extension member; the value must be something that the service's JSON can write. */
    public Problem with(String member, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(extensions);
        more.put(member, value);
        return new Problem(type, title, status, detail, instance, code, more);
    }

    /** The same, about the given path. */
    public Problem at(String path) {
        return new Problem(type, title, status, detail, Optional.of(path), code, extensions);
    }
}
