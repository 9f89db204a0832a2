package io.tollgate.aggregator.clickhouse;

import com.clickhouse.client.api.data_formats.RowBinaryFormatWriter;
import com.clickhouse.client.api.insert.InsertSettings;
import com.clickhouse.client.api.metadata.TableSchema;
import com.clickhouse.data.ClickHouseFormat;
import io.tollgate.aggregator.rollup.Deciding;
import io.tollgate.connection.ClickHouseUrl;
import io.tollgate.events.Dimensions;
import io.tollgate.events.UsageRollup;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;

/**
 * The table {@code rollups}. Rows replace older versions of themselves, so writing the same rollup twice, or an old
 * version after a new one, is harmless.
 */
public final class RollupTable implements AutoCloseable {

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

    private final ClickHouse clickhouse;
    private final TableSchema schema;

    RollupTable(ClickHouse clickhouse) {
        this.clickhouse = clickhouse;
        this.schema = clickhouse.schemaOf("rollups");
    }

    /**
     * Opens the table, after bringing database and table up to date.
     *
     * @throws ClickHouseUnavailableException when the server does not answer or refuses
     * @throws IllegalStateException when the database was migrated by another version of Tollgate
     */
    public static RollupTable open(ClickHouseUrl url) {
        ClickHouseSchema.migrate(url);
        ClickHouse clickhouse = ClickHouse.connect(url);
        try {
            return new RollupTable(clickhouse);
        } catch (RuntimeException e) {
            clickhouse.close();
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
        clickhouse.insert("rollups", COLUMNS, out -> writeRows(rollups, out), ClickHouseFormat.RowBinary, settings);
    }

    @Override
    public void close() {
        clickhouse.close();
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
}
