-- Days that cost a tenant another amount than its own past let expect.

CREATE TABLE anomaly (
    -- Follows from tenant, day and what of it: looking again finds it here.
    id              text        PRIMARY KEY,
    tenant          text        NOT NULL,
    -- Of the tenant's zone.
    day             date        NOT NULL,
    -- Both empty: all that the tenant used.
    provider        text        NOT NULL,
    model           text        NOT NULL,
    found_at        timestamptz NOT NULL,
    -- When it was last found to be something else than before.
    changed_at      timestamptz NOT NULL,
    -- When it was found to be none any more, because usage came late.
    withdrawn_at    timestamptz,
    -- When somebody was told, or nobody had to be.
    told_at         timestamptz,
    acknowledged_at timestamptz,
    acknowledged_by text,
    note            text,
    -- Canonical JSON.
    document        text        NOT NULL,
    UNIQUE (tenant, day, provider, model)
);

CREATE INDEX anomaly_by_day ON anomaly (day, id);
CREATE INDEX anomaly_untold ON anomaly (tenant) WHERE told_at IS NULL;

-- When each tenant's days are looked at next.
CREATE TABLE anomaly_look (
    tenant  text        PRIMARY KEY,
    next_at timestamptz NOT NULL
);

-- From when on a tenant's day is out of the ordinary, and who is told; without a row, the usual.
CREATE TABLE anomaly_setting (
    tenant     text        PRIMARY KEY,
    changed_at timestamptz NOT NULL,
    -- Canonical JSON.
    document   text        NOT NULL
);
