-- All three are the key: of instances that register the same meter at once and differently, none overwrites another.
CREATE TABLE IF NOT EXISTS meters
(
    name         String,
    aggregation  LowCardinality(String),
    hold_seconds UInt32                COMMENT 'how long a sample counts at most; 0 when not time-weighted',
    since        DateTime64(3, 'UTC')  DEFAULT now64(3)
)
ENGINE = ReplacingMergeTree
ORDER BY (name, aggregation, hold_seconds)
COMMENT 'How each meter that is not a sum is counted, since its first use. Written more than once: read with FINAL.';
