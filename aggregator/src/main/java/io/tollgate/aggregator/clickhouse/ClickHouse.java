package io.tollgate.aggregator.clickhouse;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.DataStreamWriter;
import com.clickhouse.client.api.insert.InsertSettings;
import com.clickhouse.client.api.metadata.TableSchema;
import com.clickhouse.client.api.query.GenericRecord;
import com.clickhouse.data.ClickHouseFormat;
import io.tollgate.connection.ClickHouseUrl;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * A connection to one database. Whatever goes wrong is a {@link ClickHouseUnavailableException}. Safe for use by many
 * threads.
 */
final class ClickHouse implements AutoCloseable {

    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(5);
    /** Between any two bytes of an answer. An insert of the largest batch takes a second or two. */
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);

    private final Client client;

    private ClickHouse(Client client) {
        this.client = client;
    }

    /**
     * Does not talk to the server yet. It works in the calling thread, so these timeouts are all that ends a request to a
     * server that has gone silent; it does not try again, because its callers do, and they count.
     */
    static ClickHouse connect(ClickHouseUrl url) {
        return new ClickHouse(new Client.Builder()
                .addEndpoint(url.endpoint())
                .setUsername(url.user())
                .setPassword(url.password())
                .setDefaultDatabase(url.database())
                .setConnectTimeout(CONNECT_WITHIN.toMillis(), ChronoUnit.MILLIS)
                .setConnectionRequestTimeout(CONNECT_WITHIN.toMillis(), ChronoUnit.MILLIS)
                .setSocketTimeout(ANSWER_WITHIN.toMillis(), ChronoUnit.MILLIS)
                .setMaxRetries(0)
                // Our writers make batches themselves. Recent servers (26.7) would collect inserts once more, and
                // answer when they have flushed them: 0.2 s later, or after 120 s when they do not come to it.
                .serverSetting("async_insert", "0")
                .build());
    }

    /** Runs a statement that returns nothing. */
    void execute(String statement) {
        ask(firstWords(statement), () -> {
            await(client.query(statement)).close();
            return true;
        });
    }

    /** All rows of a query. */
    List<GenericRecord> rows(String query) {
        return ask(firstWords(query), () -> client.queryAll(query));
    }

    TableSchema schemaOf(String table) {
        return ask("the schema of " + table, () -> client.getTableSchema(table));
    }

    /**
     * Inserts what the writer writes; when it returns, ClickHouse has it.
     *
     * @param into a table, or anything that stands between INSERT INTO and FORMAT; columns are then empty
     */
    void insert(
            String into,
            List<String> columns,
            DataStreamWriter writer,
            ClickHouseFormat format,
            InsertSettings settings) {
        ask("insert into " + firstWords(into), () -> {
            await(client.insert(into, columns, writer, format, settings)).close();
            return true;
        });
    }

    @Override
    public void close() {
        client.close();
    }

    private static String firstWords(String statement) {
        String line = statement
                .lines()
                .filter(words -> !words.isBlank() && !words.startsWith("--"))
                .findFirst()
                .orElse("");
        return line.length() <= 60 ? line : line.substring(0, 60) + "…";
    }

    private interface Request<T> {
        T send() throws Exception;
    }

    /** The client fails in one way or another, as it likes; here it is always the same exception. */
    private static <T> T ask(String what, Request<T> request) {
        try {
            return request.send();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClickHouseUnavailableException(what + ": interrupted", e);
        } catch (ExecutionException e) {
            throw new ClickHouseUnavailableException(what + ": " + e.getCause(), e);
        } catch (Exception e) {
            throw new ClickHouseUnavailableException(what + ": " + e.getMessage(), e);
        }
    }

    /** It is done when it comes: the client works in our thread, within its own timeouts. */
    private static <T> T await(Future<T> answer) throws InterruptedException, ExecutionException {
        return answer.get();
    }
}
