CREATE TABLE IF NOT EXISTS rejected_events
(
    rejected_shard  UInt16                   COMMENT 'partition of the topic usage-events-rejected' CODEC(ZSTD(1)),
    rejected_offset UInt64                   COMMENT 'place in that partition' CODEC(Delta, ZSTD(1)),
    rejected_at     DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    stage           LowCardinality(String)   COMMENT 'who kept it out: edge, replay or aggregator; empty when the record itself was unreadable',
    reason          LowCardinality(String)   COMMENT 'stable code',
    detail          String                   COMMENT 'what is wrong and what to do' CODEC(ZSTD(3)),
    origin          String                   COMMENT 'where it stood' CODEC(ZSTD(3)),
    shard           Nullable(UInt16)         COMMENT 'with offset, its place in usage-events when the aggregator rejected it' CODEC(ZSTD(1)),
    offset          Nullable(UInt64) CODEC(ZSTD(1)),
    source          String                   COMMENT 'with id, its identity; empty when it could not be read' CODEC(ZSTD(3)),
    id              String CODEC(ZSTD(3)),
    original        String                   COMMENT 'the bytes as they came' CODEC(ZSTD(3)),
    INDEX by_id id TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(rejected_at)
ORDER BY (reason, rejected_at, rejected_shard, rejected_offset)
COMMENT 'Every event that was kept out, with its bytes. Written more than once: read with FINAL.';
