package io.tollgate.aggregator.clickhouse;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.data_formats.RowBinaryFormatWriter;
import com.clickhouse.client.api.insert.InsertSettings;
import com.clickhouse.client.api.metadata.TableSchema;
import com.clickhouse.data.ClickHouseFormat;
import io.tollgate.aggregator.rollup.Deciding;
import io.tollgate.events.Dimensions;
import io.tollgate.events.UsageRollup;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * The table {@code rollups}. Rows replace older versions of themselves, so writing the same rollup twice, or an old
 * version after a new one, is harmless.
 */
public final class RollupTable implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** DDL in order. Each statement does nothing the second time. */
    private static final List<String> MIGRATIONS = List.of("V001__rollups.sql", "V002__observations.sql");

    private static final List<String> COLUMNS = List.of(
            "window_start",
            "tenant",
            "project",
            "tags",
            "provider",
            "model",
            "requested_model",
            "accelerator_type",
            "region",
            "operation",
            "service_tier",
            "outcome",
            "context_band",
            "shard",
            "quantities",
            "observations",
            "event_count",
            "digest",
            "version");

    private final Client client;
    private final TableSchema schema;

    private RollupTable(Client client) {
        this.client = client;
        this.schema =
                ask("schema of rollups", () -> CompletableFuture.completedFuture(client.getTableSchema("rollups")));
    }

    /**
     * Opens the table, after bringing database and table up to date.
     *
     * @throws ClickHouseUnavailableException when the server does not answer or refuses
     */
    public static RollupTable open(ClickHouseUrl url) {
        try (Client server = new ClickHouseUrl(url.endpoint(), url.user(), url.password(), "default").connect()) {
            execute(
                    server,
                    "CREATE DATABASE IF NOT EXISTS `%s`"
                            .formatted(url.database().replace("`", "``")));
        }
        Client client = url.connect();
        try {
            MIGRATIONS.forEach(file -> execute(client, statement(file)));
            return new RollupTable(client);
        } catch (RuntimeException e) {
            client.close();
            throw e;
        }
    }

    /**
     * Writes rollups; when it returns, ClickHouse has them.
     *
     * @throws ClickHouseUnavailableException when it is unknown whether it has: write them again
     */
    public void insert(Collection<UsageRollup> rollups) {
        InsertSettings settings = new InsertSettings()
                // A backfill may touch more months at once than ClickHouse thinks wise (100).
                .serverSetting("max_partitions_per_insert_block", "0");
        ask(
                        "insert into rollups",
                        () -> client.insert(
                                "rollups",
                                COLUMNS,
                                out -> writeRows(rollups, out),
                                ClickHouseFormat.RowBinary,
                                settings))
                .close();
    }

    @Override
    public void close() {
        client.close();
    }

    private void writeRows(Collection<UsageRollup> rollups, OutputStream out) throws IOException {
        RowBinaryFormatWriter row = new RowBinaryFormatWriter(out, schema, ClickHouseFormat.RowBinary);
        for (UsageRollup rollup : rollups) {
            Dimensions dimensions = rollup.getDimensions();
            row.setDateTime("window_start", rollup.getWindowStart().atZone(ZoneOffset.UTC));
            row.setString("tenant", dimensions.getTenant());
            row.setString("project", dimensions.getProject());
            row.setValue("tags", dimensions.getTags());
            row.setString("provider", dimensions.getProvider());
            row.setString("model", dimensions.getModel());
            row.setString("requested_model", dimensions.getRequestedModel());
            row.setString("accelerator_type", dimensions.getAcceleratorType());
            row.setString("region", dimensions.getRegion());
            row.setString("operation", dimensions.getOperation());
            row.setString("service_tier", dimensions.getServiceTier());
            row.setString("outcome", dimensions.getOutcome());
            row.setLong("context_band", rollup.getContextBand());
            row.setInteger("shard", rollup.getShard());
            row.setValue("quantities", rollup.getQuantities());
            row.setValue("observations", observations(rollup));
            row.setLong("event_count", rollup.getEventCount());
            row.setBigInteger("digest", new BigInteger(1, rollup.getDigest().bytes()));
            row.setLong("version", rollup.getVersion());
            row.commitRow();
        }
    }

    /** Tuples as the client takes them. */
    private static List<List<Object>> observations(UsageRollup rollup) {
        return Deciding.of(rollup).stream()
                .map(each -> List.<Object>of(
                        each.meter(),
                        each.aggregation(),
                        Instant.EPOCH.plus(each.timeMicros(), ChronoUnit.MICROS).atZone(ZoneOffset.UTC),
                        each.value()))
                .toList();
    }

    private static void execute(Client client, String statement) {
        try {
            ask("schema of rollups", () -> client.query(statement)).close();
        } catch (ClickHouseUnavailableException e) {
            throw e;
        } catch (Exception e) {
            throw new ClickHouseUnavailableException("schema of rollups: " + e.getMessage(), e);
        }
    }

    /** The client fails in its own thread or in ours, as it likes; here it is always the same exception. */
    private static <T> T ask(String request, Supplier<? extends Future<T>> question) {
        Future<T> answer;
        try {
            answer = question.get();
        } catch (RuntimeException e) {
            throw new ClickHouseUnavailableException(request + ": " + e.getMessage(), e);
        }
        try {
            return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClickHouseUnavailableException(request + ": interrupted", e);
        } catch (ExecutionException e) {
            throw new ClickHouseUnavailableException(request + ": " + e.getCause(), e);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new ClickHouseUnavailableException(request + ": no answer within " + PATIENCE, e);
        }
    }

    private static String statement(String file) {
        try (InputStream in = RollupTable.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("missing resource " + file);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
