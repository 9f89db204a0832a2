-- Published price books and final invoices. Neither ever changes, whoever asks.

CREATE TABLE price_book (
    name           text        NOT NULL,
    version        integer     NOT NULL CHECK (version >= 1),
    currency       text        NOT NULL,
    effective_from timestamptz NOT NULL,
    published_at   timestamptz NOT NULL,
    -- Canonical JSON.
    document       text        NOT NULL,
    PRIMARY KEY (name, version)
);

CREATE TABLE invoice (
    id           text        PRIMARY KEY,
    tenant       text        NOT NULL,
    month        text        NOT NULL CHECK (month ~ '^[0-9]{4}-[0-9]{2}$'),
    revision     integer     NOT NULL CHECK (revision >= 1),
    currency     text        NOT NULL,
    exact_sum    numeric     NOT NULL,
    subtotal     numeric     NOT NULL,
    total        numeric     NOT NULL,
    line_count   integer     NOT NULL,
    event_count  bigint      NOT NULL,
    digest       text        NOT NULL CHECK (digest ~ '^[0-9a-f]{32}$'),
    finalised_at timestamptz NOT NULL,
    -- Canonical JSON: what is handed out, byte for byte.
    document     text        NOT NULL,
    UNIQUE (tenant, month, revision)
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is immutable: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
END;
$$;

CREATE TRIGGER price_book_is_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON price_book
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER invoice_is_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON invoice
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
