package io.tollgate.parts;

import java.io.IOException;
import java.net.Authenticator;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * The little of ClickHouse's HTTP interface that starting and stopping it needs. Made of what every JVM has loaded
 * anyway, because the child's heap is small and a driver's start is slow.
 */
final class ClickHouseHttp {

    private static final int TIMEOUT_MILLIS = 10_000;

    private final URI endpoint;

    /** @param endpoint {@code http://[user:password@]host:port} */
    ClickHouseHttp(String endpoint) {
        this.endpoint = URI.create(endpoint + "/");
    }

    /** The answer, tab-separated; empty when there is none or it is an error. */
    Optional<String> query(String sql) {
        try {
            HttpURLConnection connection = (HttpURLConnection) endpoint.toURL().openConnection();
            connection.setAuthenticator(NOBODY);
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(TIMEOUT_MILLIS);
            String user = endpoint.getUserInfo();
            if (user != null) {
                String credentials = Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
                connection.setRequestProperty("Authorization", "Basic " + credentials);
            }
            // An idle connection of ours would hold up the engine's stop.
            connection.setRequestProperty("Connection", "close");
            connection.setDoOutput(true);
            try (var body = connection.getOutputStream()) {
                body.write(sql.getBytes(StandardCharsets.UTF_8));
            }
            if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
                return Optional.empty();
            }
            try (var answer = connection.getInputStream()) {
                return Optional.of(new String(answer.readAllBytes(), StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Keeps a default authenticator of the surrounding program out of this. */
    private static final Authenticator NOBODY = new Authenticator() {};
}
