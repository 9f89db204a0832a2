package io.tollgate.aggregator.clickhouse;

import com.clickhouse.client.api.Client;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

/**
 * Where a ClickHouse server's HTTP interface is: {@code http://[user[:password]@]host[:port][/database]}.
 *
 * @param endpoint scheme, host and port
 * @param database {@code tollgate} when the URL names none
 */
public record ClickHouseUrl(String endpoint, String user, String password, String database) {

    private static final int DEFAULT_PORT = 8123;
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(5);
    /** Between any two bytes of an answer. An insert of the largest batch takes a second or two. */
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);

    /** @throws IllegalArgumentException when the text is not such a URL; the message says what is wrong */
    public static ClickHouseUrl parse(String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("not a ClickHouse URL: " + e.getReason(), e);
        }
        String scheme = uri.getScheme();
        if (uri.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
            throw new IllegalArgumentException("a ClickHouse URL looks like http://user:password@host:8123/database");
        }
        String path = uri.getPath() == null ? "" : uri.getPath().replaceFirst("^/", "");
        String[] login = uri.getRawUserInfo() == null
                ? new String[] {"default", ""}
                : (uri.getRawUserInfo() + ":").split(":", 3);
        return new ClickHouseUrl(
                "%s://%s:%d".formatted(scheme, uri.getHost(), uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort()),
                decode(login[0]),
                decode(login[1]),
                path.isEmpty() ? "tollgate" : path);
    }

    /**
     * A client of that server and database. It works in the calling thread, so these timeouts are all that ends a request
     * to a server that has gone silent; it does not try again, because its callers do, and they count.
     */
    Client connect() {
        return new Client.Builder()
                .addEndpoint(endpoint)
                .setUsername(user)
                .setPassword(password)
                .setDefaultDatabase(database)
                .setConnectTimeout(CONNECT_WITHIN.toMillis(), ChronoUnit.MILLIS)
                .setConnectionRequestTimeout(CONNECT_WITHIN.toMillis(), ChronoUnit.MILLIS)
                .setSocketTimeout(ANSWER_WITHIN.toMillis(), ChronoUnit.MILLIS)
                .setMaxRetries(0)
                // Our writers make batches themselves. Recent servers (26.7) would collect inserts once more, and
                // answer
                // when they have flushed them: 0.2 s later, or after 120 s when they do not come to it.
                .serverSetting("async_insert", "0")
                .build();
    }

    /** The same server, another database. */
    ClickHouseUrl withDatabase(String other) {
        return new ClickHouseUrl(endpoint, user, password, other);
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return endpoint + "/" + database;
    }
}
