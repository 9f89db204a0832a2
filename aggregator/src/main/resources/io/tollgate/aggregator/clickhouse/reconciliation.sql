-- Both sides under one key, each in columns of its own, then what is not equal. Tags are sorted here on both sides: the
-- job orders names as Java does, which is not ClickHouse's order for all of Unicode. Only sums are the sums of what is in
-- events; of other meters the digests prove that the same events were counted.
WITH
    toDateTime(%1$d, 'UTC') AS since,
    toDateTime(%2$d, 'UTC') AS until,
    CAST([%4$s], 'Array(String)') AS other_than_sums
SELECT
    window_start, tenant, project, tags_text, provider, model, requested_model, accelerator_type, region, operation,
    service_tier, outcome, context_band, shard,
    toInt64(sum(rolled_count))   AS rolled_up,
    toInt64(sum(archived_count)) AS archived
FROM
(
    SELECT
        window_start, tenant, project, toString(mapSort(tags)) AS tags_text, provider, model, requested_model,
        accelerator_type, region, operation, service_tier, outcome, context_band, shard,
        event_count                                AS rolled_count,
        toInt64(0)                                 AS archived_count,
        digest                                     AS rolled_digest,
        toUInt128(0)                               AS archived_digest,
        mapFilter((meter, total) -> NOT has(other_than_sums, meter), CAST(quantities, 'Map(String, Int64)'))
                                                   AS rolled_quantities,
        CAST(map(), 'Map(String, Int64)')          AS archived_quantities
    FROM rollups FINAL
    WHERE window_start >= since AND window_start < until
    UNION ALL
    SELECT
        window_start, tenant, project, toString(mapSort(tags)) AS tags_text, provider, model, requested_model,
        accelerator_type, region, operation, service_tier, outcome, context_band, shard,
        toInt64(0),
        toInt64(1),
        toUInt128(0),
        digest,
        CAST(map(), 'Map(String, Int64)'),
        mapFilter((meter, amount) -> NOT has(other_than_sums, meter), CAST(quantities, 'Map(String, Int64)'))
    FROM accepted_events
    WHERE window_start >= since AND window_start < until
)
GROUP BY
    window_start, tenant, project, tags_text, provider, model, requested_model, accelerator_type, region, operation,
    service_tier, outcome, context_band, shard
HAVING rolled_up != archived
    OR sum(rolled_digest) != sum(archived_digest)
    OR toString(sumMap(rolled_quantities)) != toString(sumMap(archived_quantities))
ORDER BY window_start, tenant
LIMIT %3$d
SETTINGS optimize_aggregation_in_order = 1
