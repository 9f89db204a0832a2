package io.tollgate.ingest.archive;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.ServerException;
import com.clickhouse.client.api.query.GenericRecord;
import io.tollgate.connection.ClickHouseUrl;
import io.tollgate.service.Problem;
import io.tollgate.service.ProblemException;
import jakarta.ws.rs.core.HttpHeaders;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection to the archive's database, or the lack of one. Safe for use by many threads. */
public final class Archive implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Archive.class);
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(5);
    /** Between any two bytes of an answer. */
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);

    /** Reads nothing, but needs all that reading needs. */
    private static final String TOUCH = "SELECT 1 FROM accepted_events LIMIT 0";

    private static final String RETRY_AFTER_SECONDS = "5";

    /**
     * Of ClickHouse (ErrorCodes.cpp), what only an operator can mend: unknown identifier, table, database, user; wrong or
     * missing password; rights that were not granted; and authentication that failed.
     */
    private static final Set<Integer> MISCONFIGURED = Set.of(47, 60, 81, 192, 193, 194, 497, 516);

    private final Optional<Client> client;
    /** What kept the archive from being read the last time, if anything did; so that the log says each cause once. */
    private final AtomicReference<String> fault = new AtomicReference<>("");

    private Archive(Optional<Client> client) {
        this.client = client;
    }

    /**
     * Does not talk to the server yet.
     *
     * @param url see {@link ClickHouseUrl}; without one nothing can be asked
     * @throws IllegalArgumentException if it is something else; the message does not repeat the password
     */
    public static Archive of(Optional<String> url) {
        return new Archive(url.map(ClickHouseUrl::parse).map(Archive::connect));
    }

    /**
     * All rows of a query.
     *
     * @param parameters by their names, as they stand in the query as {@code {name:Type}}: the server puts them in
     * @throws ProblemException 503 when ClickHouse does not answer, or not to us, 501 when there is none
     */
    public List<GenericRecord> rows(String query, Map<String, Object> parameters) {
        Client asked = client.orElseThrow(() -> new ProblemException(Problem.of(
                501,
                "no_archive",
                "This edge was started without a ClickHouse, so it cannot look events up. Ask one that was started with"
                        + " it.")));
        Map<String, Object> sent = new HashMap<>();
        parameters.forEach((name, value) -> sent.put(name, value instanceof String text ? escaped(text) : value));
        try {
            List<GenericRecord> rows = asked.queryAll(query, sent);
            fault.set("");
            return rows;
        } catch (RuntimeException e) {
            Throwable root = root(e);
            Optional<Integer> code = code(e);
            // Not its words: there is a query's id in them.
            String kind = root.getClass().getName() + code.orElse(0);
            if (!fault.getAndSet(kind).equals(kind)) {
                LOG.warn("the archive cannot be read: {}", root.toString());
            }
            if (code.filter(MISCONFIGURED::contains).isPresent()) {
                throw new ProblemException(Problem.of(
                        503,
                        "archive_misconfigured",
                        "ClickHouse answers, but does not let this edge in, or has not the archive's tables; nothing was"
                                + " sent. The edge's log says why; its operator has to mend it."));
            }
            throw new ProblemException(Problem.of(
                            503,
                            "archive_unavailable",
                            "The archive in ClickHouse cannot be read now, and nothing was sent. Send the same request"
                                    + " again after Retry-After seconds."))
                    .withHeader(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
    }

    /** What the archive's state is, in a sentence: asks it. */
    public String state() {
        if (client.isEmpty()) {
            return "There is none: events cannot be looked up, and so not be corrected.";
        }
        try {
            rows(TOUCH, Map.of());
            return "ClickHouse answers, and has the archive's tables.";
        } catch (ProblemException e) {
            return e.problem().code() + ": " + e.problem().detail();
        }
    }

    /** ClickHouse's own, if it answered. */
    private static Optional<Integer> code(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof ServerException answer) {
                return Optional.of(answer.getCode());
            }
        }
        return Optional.empty();
    }

    /** The client's own words are that a query failed. */
    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    @Override
    public void close() {
        client.ifPresent(Client::close);
    }

    /** ClickHouse reads the values of parameters in its format Escaped. */
    private static String escaped(String text) {
        return text.replace("\\", "\\\\")
                .replace("\t", "\\t")
                .replace("\n", "\\n")
                .replace("\r", "\\r")
                .replace("\0", "\\0")
                .replace("\b", "\\b")
                .replace("\f", "\\f");
    }

    private static Client connect(ClickHouseUrl url) {
        return new Client.Builder()
                .addEndpoint(url.endpoint())
                .setUsername(url.user())
                .setPassword(url.password())
                .setDefaultDatabase(url.database())
                .setConnectTimeout(CONNECT_WITHIN.toMillis(), ChronoUnit.MILLIS)
                .setConnectionRequestTimeout(CONNECT_WITHIN.toMillis(), ChronoUnit.MILLIS)
                .setSocketTimeout(ANSWER_WITHIN.toMillis(), ChronoUnit.MILLIS)
                .setMaxRetries(0)
                .build();
    }
}
