package io.tollgate.aggregator.clickhouse;

import io.tollgate.events.UsageRollup;
import io.tollgate.schemas.Codec;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.utils.Bytes;

/** From the rollups topic to the table {@code rollups}: of each rollup only its newest pending version is written. */
final class RollupSink implements Sink {

    private final RollupTable table;
    private final Map<Bytes, UsageRollup> pending = new HashMap<>();

    RollupSink(RollupTable table) {
        this.table = table;
    }

    @Override
    public void add(ConsumerRecord<byte[], byte[]> entry) {
        pending.put(Bytes.wrap(entry.key()), Codec.USAGE_ROLLUP.decode(entry.value()));
    }

    @Override
    public int rows() {
        return pending.size();
    }

    @Override
    public long bytes() {
        return 0;
    }

    @Override
    public void write() {
        table.insert(pending.values());
    }

    @Override
    public void clear() {
        pending.clear();
    }
}
