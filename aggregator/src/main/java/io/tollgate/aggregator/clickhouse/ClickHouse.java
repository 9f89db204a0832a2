package io.tollgate.aggregator.clickhouse;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.DataStreamWriter;
import com.clickhouse.client.api.insert.InsertSettings;
import com.clickhouse.client.api.metadata.TableSchema;
import com.clickhouse.client.api.query.GenericRecord;
import com.clickhouse.data.ClickHouseFormat;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * A connection to one database. Whatever goes wrong is a {@link ClickHouseUnavailableException}. Safe for use by many
 * threads.
 */
final class ClickHouse implements AutoCloseable {

    private final Client client;

    private ClickHouse(Client client) {
        this.client = client;
    }

    /** Does not talk to the server yet. */
    static ClickHouse connect(ClickHouseUrl url) {
        return new ClickHouse(url.connect());
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
