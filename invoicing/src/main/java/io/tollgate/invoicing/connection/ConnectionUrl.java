package io.tollgate.invoicing.connection;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Where a database is and who calls it.
 *
 * @param jdbcUrl without user or password
 */
public record ConnectionUrl(String jdbcUrl, Optional<String> user, Optional<String> password) {

    private static final String POSTGRES_FORM = "postgresql://user[:password]@host:port/database";
    private static final String CLICKHOUSE_FORM = "http://[user:password@]host:port[/database]";

    /**
     * Reads {@code postgresql://user[:password]@host:port/database}, or the same as {@code jdbc:postgresql://...}.
     *
     * @throws IllegalArgumentException if it is something else; the message does not repeat the password
     */
    public static ConnectionUrl postgres(String url) {
        URI uri = uri(url.startsWith("jdbc:") ? url.substring("jdbc:".length()) : url, "PostgreSQL", POSTGRES_FORM);
        if (!"postgresql".equals(uri.getScheme()) && !"postgres".equals(uri.getScheme())) {
            throw malformed("PostgreSQL", POSTGRES_FORM);
        }
        if (uri.getPath() == null || uri.getPath().length() < 2) {
            throw malformed("PostgreSQL", POSTGRES_FORM);
        }
        return of("jdbc:postgresql://" + address(uri) + uri.getRawPath() + query(uri), uri);
    }

    /**
     * Reads {@code http://[user:password@]host:port[/database]}, or the same with https; the database is
     * {@code tollgate} unless named.
     *
     * @throws IllegalArgumentException if it is something else; the message does not repeat the password
     */
    public static ConnectionUrl clickHouse(String url) {
        URI uri = uri(url, "ClickHouse", CLICKHOUSE_FORM);
        if (!"http".equals(uri.getScheme()) && !"https".equals(uri.getScheme())) {
            throw malformed("ClickHouse", CLICKHOUSE_FORM);
        }
        String path = uri.getRawPath() == null || uri.getRawPath().length() < 2 ? "/tollgate" : uri.getRawPath();
        return of("jdbc:ch:" + uri.getScheme() + "://" + address(uri) + path + query(uri), uri);
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

    private static URI uri(String url, String what, String form) {
        try {
            URI uri = new URI(url);
            if (uri.getHost() == null) {
                throw malformed(what, form);
            }
            return uri;
        } catch (URISyntaxException e) {
            // Not as the cause: its message repeats the URL, and with it the password.
            throw malformed(what, form);
        }
    }

    private static IllegalArgumentException malformed(String what, String form) {
        return new IllegalArgumentException("the " + what + " URL must have the form " + form);
    }

    private static String address(URI uri) {
        return uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
    }

    private static String query(URI uri) {
        return uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    }
}
