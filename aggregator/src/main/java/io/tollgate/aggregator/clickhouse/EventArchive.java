package io.tollgate.aggregator.clickhouse;

import com.clickhouse.client.api.insert.InsertSettings;
import com.clickhouse.data.ClickHouseFormat;
import com.codahale.metrics.Counter;
import io.tollgate.aggregator.rollup.EventFacts;
import io.tollgate.aggregator.wire.EventBytes;
import io.tollgate.schemas.Codec;
import io.tollgate.schemas.MalformedMessageException;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * From the topic usage-events to the table {@code events}: every readable event by its place, duplicates and rejected ones
 * included. What cannot be read is in {@code rejected_events}, since the job rejects it.
 */
final class EventArchive implements Sink {

    /**
     * What ClickHouse reads the file as. Plain texts, which the SELECT then turns into LowCardinality by the block: read
     * into the table's own types one by one they take twice the time.
     */
    private static final String STRUCTURE = """
            shard UInt16, offset UInt64, arrived DateTime64(3), window_start DateTime, context_band UInt32,\
             digest UInt128, source String, id String, time DateTime64(6), tenant String, project String,\
             tags Map(String, String), provider String, model String, requested_model String,\
             accelerator_type String, region String, operation String, service_tier String, outcome String,\
             context_tokens Int64, quantities Map(String, Int64), reversed_source String, reversed_id String""";

    private static final String COLUMNS = String.join(", ", EventRows.columns());
    /** What stands between INSERT INTO and FORMAT. */
    private static final String INTO = "events (%s) SELECT %s FROM input('%s')".formatted(COLUMNS, COLUMNS, STRUCTURE);

    private final ClickHouse clickhouse;
    private final Counter unreadable;
    private final EventBytes event = new EventBytes();
    private final EventFacts facts = new EventFacts();
    private final EventRows pending = new EventRows();

    /** @param unreadable counts what was left to {@code rejected_events} */
    EventArchive(ClickHouse clickhouse, Counter unreadable) {
        this.clickhouse = clickhouse;
        this.unreadable = unreadable;
    }

    @Override
    public void add(ConsumerRecord<byte[], byte[]> entry) {
        byte[] message = entry.value();
        try {
            event.read(message == null ? new byte[0] : message);
            // Dimensions that are new are read with Avro, which may yet find fault with the message.
            facts.read(event);
            if (!facts.hasCanonicalDimensions(event)) {
                event.read(Codec.USAGE_EVENT.encode(Codec.USAGE_EVENT.decode(event.bytes())));
            }
        } catch (MalformedMessageException e) {
            unreadable.inc();
            return;
        }
        pending.add(entry.partition(), entry.offset(), entry.timestamp(), event, facts);
    }

    @Override
    public int rows() {
        return pending.rows();
    }

    @Override
    public long bytes() {
        return pending.bytes();
    }

    @Override
    public void write() {
        InsertSettings settings = new InsertSettings()
                // A backfill may touch more months at once than ClickHouse thinks wise (100).
                .serverSetting("max_partitions_per_insert_block", "0")
                // Each place is there once: collapsing the batch before it is written would double the work.
                .serverSetting("optimize_on_insert", "0");
        clickhouse.insert(INTO, List.of(), pending::writeTo, ClickHouseFormat.Avro, settings);
    }

    @Override
    public void clear() {
        pending.clear();
    }
}
