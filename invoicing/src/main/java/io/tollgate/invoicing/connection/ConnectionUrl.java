package io.tollgate.invoicing.connection;

import io.tollgate.connection.ClickHouseUrl;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Where a database is and who calls it.
 *
 * @param jdbcUrl without user or password
 */
public record ConnectionUrl(String jdbcUrl, Optional<String> user, Optional<String> password) {

    private static final String FORM = "postgresql://user[:password]@host:port/database";

    /**
     * Reads {@code postgresql://user[:password]@host:port/database}, or the same as {@code jdbc:postgresql://...}.
     *
     * @throws IllegalArgumentException if it is something else; the message does not repeat the password
     */
    public static ConnectionUrl postgres(String url) {
        URI uri = uri(url.startsWith("jdbc:") ? url.substring("jdbc:".length()) : url);
        if (!"postgresql".equals(uri.getScheme()) && !"postgres".equals(uri.getScheme())) {
            throw malformed();
        }
        if (uri.getPath() == null || uri.getPath().length() < 2) {
            throw malformed();
        }
        return of("jdbc:postgresql://" + address(uri) + uri.getRawPath() + query(uri), uri);
    }

    /**
     * Reads what {@link ClickHouseUrl} says.
     *
     * @throws IllegalArgumentException if it is something else; the message does not repeat the password
     */
    public static ConnectionUrl clickHouse(String text) {
        ClickHouseUrl url = ClickHouseUrl.parse(text);
        String database =
                URLEncoder.encode(url.database(), StandardCharsets.UTF_8).replace("+", "%20");
        return new ConnectionUrl(
                "jdbc:ch:" + url.endpoint() + "/" + database,
                Optional.of(url.user()),
                Optional.of(url.password()).filter(password -> !password.isEmpty()));
    }

    /** Without the password: it must not reach a log. */
    @Override
    public String toString() {
        return jdbcUrl;
    }

    private static ConnectionUrl of(String jdbcUrl, URI uri) {
        String userInfo = uri.getRawUserInfo();
        if (userInfo == null || userInfo.isEmpty()) {
            return new ConnectionUrl(jdbcUrl, Optional.empty(), Optional.empty());
        }
        int colon = userInfo.indexOf(':');
        String user = colon < 0 ? userInfo : userInfo.substring(0, colon);
        return new ConnectionUrl(
                jdbcUrl,
                Optional.of(decoded(user)),
                colon < 0 ? Optional.empty() : Optional.of(decoded(userInfo.substring(colon + 1))));
    }

    private static String decoded(String part) {
        // In a URL's user info a plus sign is a plus sign.
        return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static URI uri(String url) {
        try {
            URI uri = new URI(url);
            if (uri.getHost() == null) {
                throw malformed();
            }
            return uri;
        } catch (URISyntaxException e) {
            // Not as the cause: its message repeats the URL, and with it the password.
            throw malformed();
        }
    }

    private static IllegalArgumentException malformed() {
        return new IllegalArgumentException("the PostgreSQL URL must have the form " + FORM);
    }

    private static String address(URI uri) {
        return uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
    }

    private static String query(URI uri) {
        return uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    }
}
