package io.tollgate.aggregator.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import com.clickhouse.client.api.query.GenericRecord;
import com.codahale.metrics.Counter;
import io.tollgate.aggregator.Events;
import io.tollgate.connection.ClickHouseUrl;
import io.tollgate.events.EventIdentity;
import io.tollgate.events.RejectedEvent;
import io.tollgate.events.UsageEvent;
import io.tollgate.parts.TestParts;
import io.tollgate.schemas.Codec;
import io.tollgate.schemas.Digest;
import io.tollgate.schemas.Topics;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventArchiveIT {

    private static final Instant ARRIVED = Instant.parse("2026-03-01T10:00:00.123Z");

    private final ClickHouseUrl url = ClickHouseUrl.parse(TestParts.freshClickHouseDatabase());
    private final ClickHouse clickhouse = migrated();
    private final Counter unreadable = new Counter();
    private final EventArchive archive = new EventArchive(clickhouse, unreadable);

    private ClickHouse migrated() {
        ClickHouseSchema.migrate(url);
        return ClickHouse.connect(url);
    }

    @AfterEach
    void close() {
        clickhouse.close();
    }

    @Test
    void anEventStandsInTheArchiveAsItWasSent() {
        UsageEvent event = Events.event(
                "ü'\\\n",
                Instant.parse("2023-11-16T12:14:59.999999Z"),
                Map.of("input_tokens", 300_000L, "images", -2L));
        event.getDimensions().setTenant("täna\u0000nt");
        event.getDimensions().setProject("p");
        event.getDimensions().setTags(Map.of("team", "a'b\\c", "cost_centre", "ü"));
        event.getDimensions().setRequestedModel("gpt-5");
        event.getDimensions().setRegion("eu");
        event.setReverses(new EventIdentity("other", "id-0"));
        archive.add(entry(3, 42, Codec.USAGE_EVENT.encode(event)));
        archive.write();

        GenericRecord row = one("""
                SELECT *, toString(digest) AS sum, toString(time) AS at, toString(arrived) AS came,
                       toString(window_start) AS window, tags['team'] AS team, tags['cost_centre'] AS cost_centre,
                       length(tags) AS n_tags, quantities['input_tokens'] AS input, quantities['images'] AS images,
                       length(quantities) AS n_quantities
                FROM events""");
        assertThat(row.getInteger("shard")).isEqualTo(3);
        assertThat(row.getLong("offset")).isEqualTo(42);
        assertThat(row.getString("came")).isEqualTo("2026-03-01 10:00:00.123");
        assertThat(row.getString("window")).isEqualTo("2023-11-16 12:00:00");
        assertThat(row.getString("at")).isEqualTo("2023-11-16 12:14:59.999999");
        assertThat(row.getString("source")).isEqualTo("test");
        assertThat(row.getString("id")).isEqualTo("ü'\\\n");
        assertThat(row.getString("tenant")).isEqualTo("täna\u0000nt");
        assertThat(row.getString("project")).isEqualTo("p");
        assertThat(row.getString("team")).isEqualTo("a'b\\c");
        assertThat(row.getString("cost_centre")).isEqualTo("ü");
        assertThat(row.getLong("n_tags")).isEqualTo(2);
        assertThat(row.getString("provider")).isEqualTo("openai");
        assertThat(row.getString("model")).isEqualTo("gpt-4o");
        assertThat(row.getString("requested_model")).isEqualTo("gpt-5");
        assertThat(row.getString("accelerator_type")).isEqualTo("nvidia-h100");
        assertThat(row.getString("region")).isEqualTo("eu");
        assertThat(row.getString("operation")).isEqualTo("chat");
        assertThat(row.getString("service_tier")).isEqualTo("standard");
        assertThat(row.getString("outcome")).isEqualTo("success");
        assertThat(row.getLong("context_tokens")).isEqualTo(300_000);
        assertThat(row.getLong("context_band")).isEqualTo(272_000);
        assertThat(row.getLong("input")).isEqualTo(300_000);
        assertThat(row.getLong("images")).isEqualTo(-2);
        assertThat(row.getLong("n_quantities")).isEqualTo(2);
        assertThat(row.getString("reversed_source")).isEqualTo("other");
        assertThat(row.getString("reversed_id")).isEqualTo("id-0");
        assertThat(row.getString("sum"))
                .isEqualTo(new BigInteger(1, Digest.of(event).toBytes()).toString());
    }

    @Test
    void whatIsWrittenTwiceIsThereOnceForReadersAlsoWhilePartsAreUnmerged() {
        clickhouse.execute("SYSTEM STOP MERGES events");
        for (int copy = 0; copy < 3; copy++) {
            for (int i = 0; i < 1_000; i++) {
                archive.add(entry(1, i, event("event-" + i, Events.NOON)));
            }
            archive.write();
            archive.write();
            archive.clear();
        }
        assertThat(number("SELECT toInt64(count()) AS n FROM events")).isEqualTo(6_000);
        assertThat(number("SELECT toInt64(count()) AS n FROM events FINAL")).isEqualTo(1_000);
        assertThat(number("SELECT toInt64(count()) AS n FROM accepted_events")).isEqualTo(1_000);
    }

    /** As a producer that is not ours may write: a tag twice, and the reversal's branch in two bytes. */
    @Test
    void whatAvroReadsButWouldNotWriteIsArchivedAsAvroReadsIt() {
        UsageEvent event = Events.event("a", Events.NOON, Map.of("input_tokens", 1L));
        event.getDimensions().setTags(Map.of("team", "1", "tear", "2"));
        event.setReverses(new EventIdentity("s", "i"));
        String bytes = new String(Codec.USAGE_EVENT.encode(event), StandardCharsets.ISO_8859_1);
        byte[] odd = bytes.replace("tear", "team")
                .replace("\u0002\u0002s\u0002i", "\u0082\u0000\u0002s\u0002i")
                .getBytes(StandardCharsets.ISO_8859_1);
        archive.add(entry(0, 0, odd));
        archive.add(entry(0, 1, event("b", Events.NOON)));
        archive.write();

        Map<String, String> tags = Codec.USAGE_EVENT.decode(odd).getDimensions().getTags();
        assertThat(tags).hasSize(1);
        assertThat(one("SELECT tags['team'] AS team FROM events WHERE length(tags) = 1")
                        .getString("team"))
                .isEqualTo(tags.get("team"));
        assertThat(number("SELECT toInt64(count()) AS n FROM events WHERE reversed_source = 's' AND reversed_id = 'i'"))
                .isEqualTo(1);
        assertThat(number("SELECT toInt64(count()) AS n FROM events")).isEqualTo(2);
    }

    @Test
    void aTimeBeyondReasonDoesNotStopTheArchive() {
        archive.add(entry(0, 0, event("a", Instant.parse("0001-01-01T00:00:00Z"))));
        archive.add(entry(0, 1, event("b", Instant.parse("9999-12-31T23:59:59Z"))));
        archive.add(entry(0, 2, event("c", Instant.parse("2106-02-07T06:15:00Z"))));
        archive.add(entry(0, 3, null));
        archive.add(entry(0, 4, "poison".getBytes(StandardCharsets.UTF_8)));
        archive.write();
        assertThat(unreadable.getCount()).isEqualTo(2);
        assertThat(number("SELECT toInt64(count()) AS n FROM events WHERE window_start = toDateTime(0, 'UTC')"))
                .isEqualTo(2);
        assertThat(number("SELECT toInt64(count()) AS n FROM events")).isEqualTo(3);
    }

    @Test
    void aLookUpByIdentityReadsFewOfTheEvents() {
        for (int i = 0; i < 100_000; i++) {
            archive.add(entry(0, i, event("event-" + i, Events.NOON.plusSeconds(i % 3_600))));
        }
        archive.write();
        String query = "SELECT toInt64(count()) AS n FROM accepted_events WHERE source = 'test' AND id = 'event-77777'";
        assertThat(number(query)).isEqualTo(1);
        List<String> plan = clickhouse.rows("EXPLAIN indexes = 1 " + query).stream()
                .map(line -> line.getString(1).strip())
                .filter(line -> line.startsWith("Granules:"))
                .toList();
        String[] read =
                plan.get(plan.size() - 1).replace("Granules:", "").strip().split("/");
        assertThat(Integer.parseInt(read[0])).as(plan.toString()).isLessThan(Integer.parseInt(read[1]) / 2);
    }

    @Test
    void aRejectedEventStandsBesideWithItsBytesAndItsPlace() {
        byte[] original = {0, 1, (byte) 0xC3, (byte) 0xFF};
        RejectedArchive rejected = new RejectedArchive(clickhouse);
        rejected.add(entry(
                0,
                5,
                Codec.REJECTED_EVENT.encode(RejectedEvent.newBuilder()
                        .setReason("undecodable")
                        .setDetail("not a usage event")
                        .setStage("aggregator")
                        .setOrigin("usage-events-3@42")
                        .setRejectedAt(ARRIVED)
                        .setIdentity(new EventIdentity("s", "i"))
                        .setOriginal(ByteBuffer.wrap(original))
                        .build())));
        rejected.add(entry(
                0,
                6,
                Codec.REJECTED_EVENT.encode(RejectedEvent.newBuilder()
                        .setReason("time_too_old")
                        .setDetail("older than 35 days")
                        .setStage("edge")
                        .setOrigin("usage-events-3@43")
                        .setRejectedAt(ARRIVED)
                        .setOriginal(ByteBuffer.wrap(original))
                        .build())));
        rejected.add(entry(0, 7, original));
        assertThat(rejected.rows()).isEqualTo(3);
        rejected.write();
        rejected.write();

        GenericRecord row = one("""
                SELECT stage, reason, detail, origin, toInt64(shard) AS shard, toInt64(offset) AS offset, source, id,
                       hex(original) AS bytes, toString(rejected_at) AS at, toInt64(rejected_offset) AS position
                FROM rejected_events FINAL WHERE stage = 'aggregator'""");
        assertThat(row.getString("reason")).isEqualTo("undecodable");
        assertThat(row.getString("detail")).isEqualTo("not a usage event");
        assertThat(row.getString("origin")).isEqualTo("usage-events-3@42");
        assertThat(row.getLong("shard")).isEqualTo(3);
        assertThat(row.getLong("offset")).isEqualTo(42);
        assertThat(row.getString("source")).isEqualTo("s");
        assertThat(row.getString("id")).isEqualTo("i");
        assertThat(row.getString("bytes")).isEqualTo("0001C3FF");
        assertThat(row.getString("at")).isEqualTo("2026-03-01 10:00:00.123");
        assertThat(row.getLong("position")).isEqualTo(5);
        assertThat(number("SELECT toInt64(count()) AS n FROM rejected_events FINAL WHERE shard IS NULL"))
                .isEqualTo(2);
        assertThat(one("SELECT reason, hex(original) AS bytes FROM rejected_events FINAL WHERE stage = ''")
                        .getString("reason"))
                .isEqualTo("unreadable_rejection");
    }

    @Test
    void aRejectionThatDoesNotFitTheTableDoesNotStopTheArchive() {
        RejectedArchive rejected = new RejectedArchive(clickhouse);
        rejected.add(entry(0, 1, rejection("usage-events-65536@1", ARRIVED)));
        rejected.add(entry(0, 2, rejection("usage-events-99999@1", ARRIVED)));
        rejected.add(entry(0, 3, rejection("usage-events-65535@1", ARRIVED)));
        rejected.add(entry(0, 4, rejection("usage-events-0@1", Instant.ofEpochMilli(1L << 60))));
        rejected.add(entry(0, 5, rejection("usage-events-0@1", Instant.ofEpochMilli(-1L << 60))));
        rejected.add(entry(0, 6, Instant.ofEpochMilli(1L << 60), new byte[0]));
        rejected.add(entry(0, 7, Instant.ofEpochMilli(-1), new byte[0]));
        rejected.write();

        assertThat(clickhouse
                        .rows("SELECT concat(toString(rejected_offset), ' ', reason, ' ', toString(shard)) AS s"
                                + " FROM rejected_events FINAL WHERE shard IS NOT NULL")
                        .get(0)
                        .getString("s"))
                .isEqualTo("3 undecodable 65535");
        assertThat(number("SELECT toInt64(count()) AS n FROM rejected_events FINAL"
                        + " WHERE reason = 'unreadable_rejection' AND shard IS NULL"))
                .isEqualTo(6);
        assertThat(number("SELECT toInt64(count()) AS n FROM rejected_events FINAL WHERE length(original) > 0"))
                .isEqualTo(5);
    }

    /** As after the topic was deleted and made again. */
    @Test
    void whatWasRejectedAtAPlaceKeepsOutNothingThatStoodThereBefore() {
        Instant later = ARRIVED.plusSeconds(86_400);
        archive.add(entry(0, 7, event("a", Events.NOON)));
        archive.add(entry(0, 7, later, event("b", Events.NOON)));
        archive.write();
        RejectedArchive rejected = new RejectedArchive(clickhouse);
        rejected.add(entry(0, 0, rejection("usage-events-0@7", later)));
        rejected.write();

        assertThat(one("SELECT id FROM accepted_events").getString("id")).isEqualTo("a");
    }

    private static byte[] rejection(String origin, Instant at) {
        return Codec.REJECTED_EVENT.encode(RejectedEvent.newBuilder()
                .setReason("undecodable")
                .setDetail("not a usage event")
                .setStage("aggregator")
                .setOrigin(origin)
                .setRejectedAt(at)
                .setOriginal(ByteBuffer.wrap(new byte[] {1}))
                .build());
    }

    @Test
    void onlyWhatTheAggregatorRejectedHasAPlaceAmongTheEvents() {
        assertThat(RejectedArchive.Place.of("aggregator", "usage-events-3@42"))
                .isEqualTo(Optional.of(new RejectedArchive.Place(3, 42)));
        assertThat(RejectedArchive.Place.of("replay", "usage-events-3@42")).isEmpty();
        assertThat(RejectedArchive.Place.of("aggregator", "usage-events-x@42")).isEmpty();
        assertThat(RejectedArchive.Place.of("aggregator", "other-3@42")).isEmpty();
    }

    private static byte[] event(String id, Instant time) {
        return Codec.USAGE_EVENT.encode(Events.event(id, time, Map.of("input_tokens", 1L)));
    }

    private static ConsumerRecord<byte[], byte[]> entry(int partition, long offset, byte @Nullable [] value) {
        return entry(partition, offset, ARRIVED, value);
    }

    private static ConsumerRecord<byte[], byte[]> entry(
            int partition, long offset, Instant arrived, byte @Nullable [] value) {
        return new ConsumerRecord<>(
                Topics.USAGE_EVENTS,
                partition,
                offset,
                arrived.toEpochMilli(),
                TimestampType.LOG_APPEND_TIME,
                0,
                0,
                new byte[0],
                value,
                new RecordHeaders(),
                Optional.empty());
    }

    private long number(String query) {
        return one(query).getLong("n");
    }

    private GenericRecord one(String query) {
        List<GenericRecord> rows = clickhouse.rows(query);
        assertThat(rows).hasSize(1);
        return rows.get(0);
    }
}
