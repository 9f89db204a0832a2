package io.tollgate.connection;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Where a ClickHouse server's HTTP interface is, and who calls it: {@code http://[user:password@]host:port[/database]}, or
 * the same with https.
 *
 * @param endpoint scheme, host and port
 * @param user {@code default} when the URL names none
 * @param password empty when the URL names none
 * @param database {@code tollgate} when the URL names none
 */
public record ClickHouseUrl(String endpoint, String user, String password, String database) {

    private static final String FORM = "http://[user:password@]host:port[/database]";
    private static final int DEFAULT_PORT = 8123;

    /** @throws IllegalArgumentException if it is something else; the message does not repeat the password */
    public static ClickHouseUrl parse(String text) {
        URI uri = uri(text);
        String login = Optional.ofNullable(uri.getRawUserInfo()).orElse("default");
        // The first colon ends the user: a password may have more of them.
        int colon = login.indexOf(':');
        String path = Optional.ofNullable(uri.getPath()).orElse("").replaceFirst("^/", "");
        return new ClickHouseUrl(
                "%s://%s:%d"
                        .formatted(uri.getScheme(), uri.getHost(), uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort()),
                decoded(colon < 0 ? login : login.substring(0, colon)),
                colon < 0 ? "" : decoded(login.substring(colon + 1)),
                path.isEmpty() ? "tollgate" : path);
    }

    /** The same server, another database. */
    public ClickHouseUrl withDatabase(String other) {
        return new ClickHouseUrl(endpoint, user, password, other);
    }

    /** Without the password: it must not reach a log. */
    @Override
    public String toString() {
        return endpoint + "/" + database;
    }

    private static URI uri(String text) {
        try {
            URI uri = new URI(text);
            if (uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // Not as the cause: its message repeats the URL, and with it the password.
        }
        throw new IllegalArgumentException("the ClickHouse URL must have the form " + FORM);
    }

    private static String decoded(String part) {
        // In a URL's user info a plus sign is a plus sign.
        return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
