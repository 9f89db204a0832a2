package io.tollgate.ingest.rejected;

import com.clickhouse.client.api.query.GenericRecord;
import io.tollgate.ingest.archive.Archive;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The archive's table {@code rejected_events}. What was kept out is there a second or two later. */
public final class Rejections {

    /** The columns' own limits, beyond which no rejection is. */
    private static final Instant LAST = Instant.parse("2199-12-31T23:59:59.999Z");

    private static final long LAST_PLACE = 1L << 62;

    /**
     * Of an identity that is there more than once only one row says whether it is counted, so this is no join. The
     * identities are those of the rejections, so that not all that was ever counted is gone through.
     */
    private static final String COLUMNS = """
            SELECT rejected_shard, rejected_offset, toUnixTimestamp64Milli(rejected_at) AS at, stage, reason, detail,
                   origin, source, id, length(original) AS original_bytes,
                   id != '' AND (source, id) IN
                       (SELECT toString(source), id FROM accepted_events
                        WHERE id IN (SELECT id FROM rejected_events WHERE id != '')) AS counted
            FROM rejected_events FINAL
            """;

    private static final String NEWEST = COLUMNS + """
            WHERE ({reason:String} = '' OR reason = {reason:String})
              AND ({stage:String} = '' OR stage = {stage:String})
              AND rejected_at >= fromUnixTimestamp64Milli({since:Int64})
              AND rejected_at < fromUnixTimestamp64Milli({until:Int64})
              AND ({counted:String} = '' OR toString(counted) = {counted:String})
              AND (toUnixTimestamp64Milli(rejected_at), rejected_shard, rejected_offset)
                  < ({at:Int64}, {partition:Int64}, {offset:Int64})
            ORDER BY rejected_at DESC, rejected_shard DESC, rejected_offset DESC
            LIMIT {limit:UInt32}
            """;

    private final Archive archive;

    public Rejections(Archive archive) {
        this.archive = archive;
    }

    /**
     * Which rejections; all that is absent does not matter.
     *
     * @param reason code
     * @param since kept out then or later
     * @param until kept out before
     * @param counted whether an event of their identity is counted by now
     * @param after only those behind this position, which are older
     */
    public record Filter(
            Optional<String> reason,
            Optional<String> stage,
            Optional<Instant> since,
            Optional<Instant> until,
            Optional<Boolean> counted,
            Optional<Rejection.Cursor> after) {}

    /** The newest of them, newest first. */
    public List<Rejection> newest(Filter filter, int limit) {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("reason", filter.reason().orElse(""));
        parameters.put("stage", filter.stage().orElse(""));
        parameters.put("since", millis(filter.since().orElse(Instant.EPOCH)));
        parameters.put(
                "until", millis(filter.until().orElse(LAST)) + (filter.until().isEmpty() ? 1 : 0));
        parameters.put(
                "counted", filter.counted().map(counted -> counted ? "1" : "0").orElse(""));
        Rejection.Cursor after = filter.after().orElse(new Rejection.Cursor(LAST, new Place(1 << 16, LAST_PLACE)));
        parameters.put("at", after.at().toEpochMilli());
        parameters.put("partition", after.place().partition());
        parameters.put("offset", after.place().offset());
        parameters.put("limit", limit);
        return archive.rows(NEWEST, parameters).stream()
                .map(Rejections::rejection)
                .toList();
    }

    /** Those of these that are there, in no order. */
    public List<Rejection> at(Collection<Place> places) {
        return places.isEmpty()
                ? List.of()
                : archive.rows(COLUMNS + where(places), Map.of()).stream()
                        .map(Rejections::rejection)
                        .toList();
    }

    /** The bytes of those of these that are there. */
    public Map<Place, byte[]> originals(Collection<Place> places) {
        if (places.isEmpty()) {
            return Map.of();
        }
        String query = "SELECT rejected_shard, rejected_offset, base64Encode(original) AS original"
                + " FROM rejected_events FINAL " + where(places);
        return archive.rows(query, Map.of()).stream()
                .collect(Collectors.toMap(
                        Rejections::place, row -> Base64.getDecoder().decode(row.getString("original"))));
    }

    /** Two numbers each, so they can stand in the question. */
    private static String where(Collection<Place> places) {
        return places.stream()
                .map(place -> "(%d, %d)".formatted(place.partition(), place.offset()))
                .collect(Collectors.joining(", ", "WHERE (rejected_shard, rejected_offset) IN (", ")"));
    }

    private static long millis(Instant instant) {
        Instant notTooEarly = instant.isBefore(Instant.EPOCH) ? Instant.EPOCH : instant;
        return (notTooEarly.isAfter(LAST) ? LAST : notTooEarly).toEpochMilli();
    }

    private static Place place(GenericRecord row) {
        return new Place(row.getInteger("rejected_shard"), row.getLong("rejected_offset"));
    }

    private static Rejection rejection(GenericRecord row) {
        return new Rejection(
                place(row),
                Instant.ofEpochMilli(row.getLong("at")),
                row.getString("stage"),
                row.getString("reason"),
                row.getString("detail"),
                row.getString("origin"),
                row.getString("source"),
                row.getString("id"),
                row.getBoolean("counted"),
                row.getLong("original_bytes"));
    }
}
