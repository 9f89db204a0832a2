package io.tollgate.ingest.archive;

import com.clickhouse.client.api.query.GenericRecord;
import io.tollgate.events.Dimensions;
import io.tollgate.events.EventIdentity;
import io.tollgate.events.UsageEvent;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The events that are in rollups: the view {@code accepted_events}. What was sent is there some seconds later. */
public final class CountedEvents {

    private static final int SAME_IDENTITY_MAX = 10;

    private static final String FIND = """
            SELECT source, id, toUnixTimestamp64Micro(time) AS micros, tenant, project, tags, provider, model,
                   requested_model, accelerator_type, region, operation, service_tier, outcome, context_tokens,
                   CAST(quantities, 'Map(String, Int64)') AS amounts, reversed_source, reversed_id
            FROM accepted_events
            WHERE source = {source:String} AND id = {id:String} AND ({tenant:String} = '' OR tenant = {tenant:String})
            LIMIT {limit:UInt32}
            """;

    /**
     * Through the raw events, so that no more than the reversals are grouped, though the window may be a busy one; but what
     * counts under such an identity may be another event.
     */
    private static final String REVERSALS = """
            SELECT source, id
            FROM accepted_events
            WHERE tenant = {tenant:String} AND window_start = toStartOfFifteenMinutes(toDateTime({time:UInt32}, 'UTC'))
              AND reversed_source = {source:String} AND reversed_id = {id:String}
              AND (toString(source), id) IN
                  (SELECT toString(source), id FROM events
                   WHERE tenant = {tenant:String}
                     AND window_start = toStartOfFifteenMinutes(toDateTime({time:UInt32}, 'UTC'))
                     AND reversed_source = {source:String} AND reversed_id = {id:String})
            """;

    private final Archive archive;

    public CountedEvents(Archive archive) {
        this.archive = archive;
    }

    /**
     * The events of an identity. More than one are those of different tenants, or of one tenant from before and after
     * its partitions or the horizon of duplicates: the job keeps out all others.
     *
     * @param tenant whose; if absent, anybody's
     */
    public List<UsageEvent> find(EventIdentity identity, Optional<String> tenant) {
        Map<String, Object> parameters = parameters(identity);
        parameters.put("tenant", tenant.orElse(""));
        parameters.put("limit", SAME_IDENTITY_MAX);
        return archive.rows(FIND, parameters).stream().map(CountedEvents::event).toList();
    }

    /** Who takes back this event, among its tenant's events of the same quarter of an hour. */
    public List<EventIdentity> reversalsOf(UsageEvent event) {
        Map<String, Object> parameters = parameters(new EventIdentity(event.getSource(), event.getId()));
        parameters.put("tenant", event.getDimensions().getTenant());
        parameters.put("time", event.getTime().getEpochSecond());
        return archive.rows(REVERSALS, parameters).stream()
                .map(row -> new EventIdentity(row.getString("source"), row.getString("id")))
                .toList();
    }

    private static Map<String, Object> parameters(EventIdentity identity) {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("source", identity.getSource());
        parameters.put("id", identity.getId());
        return parameters;
    }

    private static UsageEvent event(GenericRecord row) {
        Map<String, String> tags = new TreeMap<>();
        map(row, "tags").forEach((name, value) -> tags.put(name.toString(), value.toString()));
        Map<String, Long> quantities = new TreeMap<>();
        map(row, "amounts").forEach((meter, amount) -> quantities.put(meter.toString(), ((Number) amount).longValue()));
        String reversedId = row.getString("reversed_id");
        return new UsageEvent(
                row.getString("source"),
                row.getString("id"),
                Instant.EPOCH.plus(row.getLong("micros"), ChronoUnit.MICROS),
                new Dimensions(
                        row.getString("tenant"),
                        row.getString("project"),
                        tags,
                        row.getString("provider"),
                        row.getString("model"),
                        row.getString("requested_model"),
                        row.getString("accelerator_type"),
                        row.getString("region"),
                        row.getString("operation"),
                        row.getString("service_tier"),
                        row.getString("outcome")),
                row.getLong("context_tokens"),
                quantities,
                reversedId.isEmpty() ? null : new EventIdentity(row.getString("reversed_source"), reversedId));
    }

    private static Map<?, ?> map(GenericRecord row, String column) {
        return (Map<?, ?>) row.getObject(column);
    }
}
