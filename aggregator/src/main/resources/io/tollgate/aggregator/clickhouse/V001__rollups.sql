CREATE TABLE IF NOT EXISTS rollups
(
    window_start     DateTime('UTC')        COMMENT 'start of the 15-minute window',
    tenant           LowCardinality(String),
    project          String,
    tags             Map(String, String)    COMMENT 'in key order',
    tags_key         String MATERIALIZED toString(tags),
    provider         LowCardinality(String),
    model            LowCardinality(String) COMMENT 'the model that served',
    requested_model  LowCardinality(String) COMMENT 'empty when it is the one that served',
    accelerator_type LowCardinality(String),
    region           LowCardinality(String),
    operation        LowCardinality(String),
    service_tier     LowCardinality(String),
    outcome          LowCardinality(String),
    context_band     UInt32                 COMMENT 'highest repricing threshold in tokens that the prompt passed, 0 for none',
    shard            UInt16                 COMMENT 'input partition; sum over it',
    quantities       Map(LowCardinality(String), Int64) COMMENT 'meter to total in base units',
    event_count      Int64,
    digest           UInt128                COMMENT 'sum modulo 2^128 of the digests of its events',
    version          UInt64                 COMMENT 'the highest one counts: read with FINAL'
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toYYYYMM(window_start)
ORDER BY (tenant, window_start, project, provider, model, requested_model, accelerator_type, region, operation,
          service_tier, outcome, context_band, shard, tags_key)
COMMENT 'Usage per 15-minute window and set of dimensions. Written more than once, read with FINAL.'
