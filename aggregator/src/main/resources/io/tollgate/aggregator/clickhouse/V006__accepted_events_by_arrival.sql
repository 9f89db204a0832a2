-- As before, but a place is told from another of the same numbers by when its event came: the topic may have been deleted
-- and made again. A rejection carries the arrival of the event that it keeps out.
CREATE OR REPLACE VIEW accepted_events AS
SELECT
    event.tenant                          AS tenant,
    event.window_start                    AS window_start,
    event.source                          AS source,
    event.id                              AS id,
    event.shard                           AS shard,
    min(event.offset)                     AS offset,
    argMin(event.arrived, event.offset)   AS arrived,
    any(event.time)                       AS time,
    any(event.project)                    AS project,
    any(event.tags)                       AS tags,
    any(event.provider)                   AS provider,
    any(event.model)                      AS model,
    any(event.requested_model)            AS requested_model,
    any(event.accelerator_type)           AS accelerator_type,
    any(event.region)                     AS region,
    any(event.operation)                  AS operation,
    any(event.service_tier)               AS service_tier,
    any(event.outcome)                    AS outcome,
    any(event.context_tokens)             AS context_tokens,
    any(event.context_band)               AS context_band,
    any(event.quantities)                 AS quantities,
    any(event.reversed_source)            AS reversed_source,
    any(event.reversed_id)                AS reversed_id,
    any(event.digest)                     AS digest
FROM events AS event
WHERE (event.shard, event.offset, event.arrived) NOT IN
      (SELECT assumeNotNull(shard), assumeNotNull(offset), rejected_at FROM rejected_events WHERE shard IS NOT NULL)
GROUP BY event.tenant, event.window_start, event.source, event.id, event.shard
COMMENT 'The events that are in rollups: not rejected by the aggregator, and of the copies of one event the first.';
