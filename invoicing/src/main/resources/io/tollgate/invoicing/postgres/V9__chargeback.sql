-- How tenants divide their invoices among cost centres, and the reports that they keep. None of it ever changes.

CREATE TABLE allocation_rules (
    tenant         text        NOT NULL,
    version        integer     NOT NULL CHECK (version >= 1),
    effective_from date        NOT NULL,
    published_at   timestamptz NOT NULL,
    -- Canonical JSON.
    document       text        NOT NULL,
    PRIMARY KEY (tenant, version)
);

CREATE TABLE chargeback_run (
    tenant     text        NOT NULL,
    month      text        NOT NULL CHECK (month ~ '^[0-9]{4}-[0-9]{2}$'),
    number     integer     NOT NULL CHECK (number >= 1),
    made_at    timestamptz NOT NULL,
    -- Canonical JSON of the report.
    document   text        NOT NULL,
    -- The same of what moved since the run before; the first has none, nor has one in another currency than that.
    difference text,
    PRIMARY KEY (tenant, month, number),
    CONSTRAINT chargeback_run_first_differs_from_none CHECK (number > 1 OR difference IS NULL)
);

CREATE TRIGGER allocation_rules_are_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON allocation_rules
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER chargeback_run_is_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON chargeback_run
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
