ALTER TABLE rollups ADD COLUMN IF NOT EXISTS observations
    Array(Tuple(meter String, aggregation String, time DateTime64(6, 'UTC'), value Int64))
    COMMENT 'of meters that do not add up: each different value of a unique_count, the deciding one of max, min and latest; time is 1970 where it does not matter'
    AFTER quantities
