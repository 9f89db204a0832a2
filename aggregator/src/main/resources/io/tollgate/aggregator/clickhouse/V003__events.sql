CREATE TABLE IF NOT EXISTS events
(
    shard            UInt16                  COMMENT 'input partition' CODEC(ZSTD(1)),
    offset           UInt64                  COMMENT 'place in that partition' CODEC(Delta, ZSTD(1)),
    arrived          DateTime64(3, 'UTC')    COMMENT 'when it reached Kafka' CODEC(Delta, ZSTD(1)),
    window_start     DateTime('UTC')         COMMENT 'start of the 15-minute window; 1970 when time is beyond what a DateTime holds' CODEC(Delta, ZSTD(1)),
    source           LowCardinality(String),
    id               String                  COMMENT 'two events with the same source and id are one event' CODEC(ZSTD(1)),
    time             DateTime64(6, 'UTC')    COMMENT 'when the usage happened' CODEC(Delta, ZSTD(1)),
    tenant           LowCardinality(String),
    project          String CODEC(ZSTD(1)),
    tags             Map(String, String)     COMMENT 'as sent, in any order' CODEC(ZSTD(1)),
    provider         LowCardinality(String),
    model            LowCardinality(String)  COMMENT 'the model that served',
    requested_model  LowCardinality(String)  COMMENT 'empty when it is the one that served',
    accelerator_type LowCardinality(String),
    region           LowCardinality(String),
    operation        LowCardinality(String),
    service_tier     LowCardinality(String),
    outcome          LowCardinality(String),
    context_tokens   Int64                   COMMENT 'size of the whole prompt' CODEC(ZSTD(1)),
    context_band     UInt32                  COMMENT 'as in rollups' CODEC(ZSTD(1)),
    quantities       Map(LowCardinality(String), Int64) COMMENT 'meter to amount in base units' CODEC(ZSTD(1)),
    reversed_source  String                  COMMENT 'with reversed_id, the event that this one takes back; empty when none' CODEC(ZSTD(1)),
    reversed_id      String CODEC(ZSTD(1)),
    digest           UInt128                 COMMENT 'of the whole event; a rollup has the sum' CODEC(NONE),
    INDEX by_id id TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(window_start)
ORDER BY (tenant, window_start, source, id, shard, offset)
COMMENT 'Every readable event that reached the topic usage-events, by its place there. Written more than once: read accepted_events, or FINAL.';
