package io.tollgate.aggregator.clickhouse;

import com.clickhouse.client.api.data_formats.RowBinaryFormatWriter;
import com.clickhouse.client.api.insert.InsertSettings;
import com.clickhouse.client.api.metadata.TableSchema;
import com.clickhouse.data.ClickHouseFormat;
import io.tollgate.events.EventIdentity;
import io.tollgate.events.RejectedEvent;
import io.tollgate.schemas.Codec;
import io.tollgate.schemas.MalformedMessageException;
import io.tollgate.schemas.Topics;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** From the topic usage-events-rejected to the table {@code rejected_events}, by its place in that topic. */
final class RejectedArchive implements Sink {

    private static final List<String> COLUMNS = List.of(
            "rejected_shard",
            "rejected_offset",
            "rejected_at",
            "stage",
            "reason",
            "detail",
            "origin",
            "shard",
            "offset",
            "source",
            "id",
            "original");

    /** What the columns shard and rejected_at hold. A row that ClickHouse can never take would stop its writer for ever. */
    private static final int LAST_SHARD = 0xFFFF;

    private static final Instant FIRST_TIME = Instant.EPOCH;
    private static final Instant LAST_TIME = Instant.parse("2199-12-31T23:59:59.999Z");

    private final ClickHouse clickhouse;
    private final TableSchema schema;
    private final List<Row> pending = new ArrayList<>();
    private long bytes;

    RejectedArchive(ClickHouse clickhouse) {
        this.clickhouse = clickhouse;
        this.schema = clickhouse.schemaOf("rejected_events");
    }

    private record Row(int shard, long offset, RejectedEvent event) {}

    /** A place in the topic usage-events. */
    record Place(int shard, long offset) {

        private static final Pattern FORM =
                Pattern.compile(Pattern.quote(Topics.USAGE_EVENTS) + "-(\\d{1,5})@(\\d{1,18})");

        /** The place of an event that the aggregator rejected; others were never there. */
        static Optional<Place> of(String stage, String origin) {
            Matcher matcher = FORM.matcher(origin);
            return stage.equals("aggregator") && matcher.matches()
                    ? Optional.of(new Place(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2))))
                    : Optional.empty();
        }
    }

    @Override
    public void add(ConsumerRecord<byte[], byte[]> entry) {
        byte[] message = entry.value() == null ? new byte[0] : entry.value();
        pending.add(new Row(entry.partition(), entry.offset(), rejected(message, entry)));
        bytes += message.length;
    }

    /** A record that is no rejection is kept like one: nothing that came may vanish. */
    private static RejectedEvent rejected(byte[] message, ConsumerRecord<byte[], byte[]> entry) {
        try {
            RejectedEvent event = Codec.REJECTED_EVENT.decode(message);
            return problem(event)
                    .map(problem -> unreadable(message, entry, problem))
                    .orElse(event);
        } catch (MalformedMessageException e) {
            return unreadable(message, entry, String.valueOf(e.getMessage()));
        }
    }

    /** What of it does not fit the table. */
    private static Optional<String> problem(RejectedEvent event) {
        if (event.getRejectedAt().isBefore(FIRST_TIME) || event.getRejectedAt().isAfter(LAST_TIME)) {
            return Optional.of("rejected at %s, not %s to %s".formatted(event.getRejectedAt(), FIRST_TIME, LAST_TIME));
        }
        return Place.of(event.getStage(), event.getOrigin())
                .filter(place -> place.shard() > LAST_SHARD)
                .map(place -> "partition %d, not 0 to %d".formatted(place.shard(), LAST_SHARD));
    }

    private static RejectedEvent unreadable(byte[] message, ConsumerRecord<byte[], byte[]> entry, String problem) {
        Instant written = Instant.ofEpochMilli(entry.timestamp());
        Instant notTooEarly = written.isBefore(FIRST_TIME) ? FIRST_TIME : written;
        return RejectedEvent.newBuilder()
                .setReason("unreadable_rejection")
                .setDetail("a record of %s that is no rejected event: %s".formatted(entry.topic(), problem))
                .setStage("")
                .setOrigin("%s-%d@%d".formatted(entry.topic(), entry.partition(), entry.offset()))
                .setRejectedAt(notTooEarly.isAfter(LAST_TIME) ? LAST_TIME : notTooEarly)
                .setOriginal(ByteBuffer.wrap(message))
                .build();
    }

    @Override
    public int rows() {
        return pending.size();
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public void write() {
        InsertSettings settings = new InsertSettings().serverSetting("max_partitions_per_insert_block", "0");
        clickhouse.insert("rejected_events", COLUMNS, this::writeRows, ClickHouseFormat.RowBinary, settings);
    }

    @Override
    public void clear() {
        pending.clear();
        bytes = 0;
    }

    private void writeRows(OutputStream out) throws IOException {
        RowBinaryFormatWriter row = new RowBinaryFormatWriter(out, schema, ClickHouseFormat.RowBinary);
        for (Row rejected : pending) {
            RejectedEvent event = rejected.event();
            Optional<Place> place = Place.of(event.getStage(), event.getOrigin());
            Optional<EventIdentity> identity = Optional.ofNullable(event.getIdentity());
            ByteBuffer original = event.getOriginal().duplicate();
            byte[] originalBytes = new byte[original.remaining()];
            original.get(originalBytes);
            row.setInteger("rejected_shard", rejected.shard());
            row.setLong("rejected_offset", rejected.offset());
            row.setDateTime("rejected_at", event.getRejectedAt().atZone(ZoneOffset.UTC));
            row.setString("stage", event.getStage());
            row.setString("reason", event.getReason());
            row.setString("detail", event.getDetail());
            row.setString("origin", event.getOrigin());
            row.setValue("shard", place.map(Place::shard).orElse(null));
            row.setValue("offset", place.map(Place::offset).orElse(null));
            row.setString("source", identity.map(EventIdentity::getSource).orElse(""));
            row.setString("id", identity.map(EventIdentity::getId).orElse(""));
            row.setValue("original", originalBytes);
            row.commitRow();
        }
    }
}
