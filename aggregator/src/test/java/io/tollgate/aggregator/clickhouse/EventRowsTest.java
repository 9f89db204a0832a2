package io.tollgate.aggregator.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.aggregator.Events;
import io.tollgate.aggregator.rollup.EventFacts;
import io.tollgate.aggregator.wire.EventBytes;
import io.tollgate.events.EventIdentity;
import io.tollgate.events.UsageEvent;
import io.tollgate.schemas.Codec;
import io.tollgate.schemas.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

class EventRowsTest {

    private final EventRows rows = new EventRows();
    private final EventBytes bytes = new EventBytes();
    private final EventFacts facts = new EventFacts();

    @Test
    void avroReadsTheFileAndFindsTheEvents() throws IOException {
        UsageEvent plain = Events.event("a", 200_001, 3);
        plain.getDimensions().setTags(Map.of("team", "x".repeat(300)));
        UsageEvent reversal = Events.event("größer", Events.NOON, Map.of("output_tokens", Long.MIN_VALUE));
        reversal.setReverses(new EventIdentity("", "a"));
        List<UsageEvent> events = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            events.add(i % 7 == 0 ? reversal : plain);
        }
        events.forEach(this::add);

        List<GenericRecord> read = read();
        assertThat(read).hasSize(events.size());
        for (int i = 0; i < read.size(); i++) {
            GenericRecord row = read.get(i);
            UsageEvent event = events.get(i);
            EventIdentity reverses = event.getReverses();
            assertThat(row.get("shard")).isEqualTo(7);
            assertThat(row.get("offset")).isEqualTo(5_000_000_000L);
            assertThat(row.get("id")).hasToString(event.getId());
            assertThat(row.get("tenant")).hasToString("acme");
            assertThat(row.get("outcome")).hasToString("success");
            assertThat(row.get("context_tokens")).isEqualTo(event.getContextTokens());
            assertThat(row.get("quantities"))
                    .asString()
                    .hasSameSizeAs(event.getQuantities().toString());
            assertThat(row.get("reversed_id")).hasToString(reverses == null ? "" : reverses.getId());
            assertThat(digest(row)).isEqualTo(Digest.of(event));
        }
    }

    @Test
    void afterItWasClearedTheFileIsEmpty() throws IOException {
        add(Events.event("a", 1, 1));
        assertThat(rows.bytes()).isPositive();
        rows.clear();
        assertThat(rows.rows()).isZero();
        assertThat(rows.bytes()).isZero();
        add(Events.event("b", 1, 1));
        assertThat(read()).extracting(row -> row.get("id").toString()).containsExactly("b");
    }

    private void add(UsageEvent event) {
        bytes.read(Codec.USAGE_EVENT.encode(event));
        facts.read(bytes);
        rows.add(7, 5_000_000_000L, 1_700_000_000_000L, bytes, facts);
    }

    private List<GenericRecord> read() throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        rows.writeTo(file);
        List<GenericRecord> records = new ArrayList<>();
        try (DataFileStream<GenericRecord> stream = new DataFileStream<>(
                new ByteArrayInputStream(file.toByteArray()), new GenericDatumReader<GenericRecord>())) {
            stream.forEach(records::add);
        }
        return records;
    }

    private static Digest digest(GenericRecord row) {
        ByteBuffer fixed =
                ByteBuffer.wrap(((GenericFixed) row.get("digest")).bytes()).order(ByteOrder.LITTLE_ENDIAN);
        long low = fixed.getLong();
        return new Digest(fixed.getLong(), low);
    }
}
