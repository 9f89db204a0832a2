-- What comes before and after a published price book. A published version itself never changes.

-- Never used twice, so that a draft that was thrown away and written anew is not taken for the former one.
CREATE SEQUENCE price_book_draft_revision;

-- The next version of a book, until it is published or thrown away.
CREATE TABLE price_book_draft (
    name     text        PRIMARY KEY,
    revision bigint      NOT NULL DEFAULT nextval('price_book_draft_revision'),
    saved_at timestamptz NOT NULL,
    -- Canonical JSON.
    document text        NOT NULL
);

CREATE TABLE price_book_retirement (
    name         text        NOT NULL,
    version      integer     NOT NULL,
    -- The first instant at which the version no longer applies.
    retired_from timestamptz NOT NULL,
    -- It is never after that instant: final invoices are of the past.
    retired_at   timestamptz NOT NULL CHECK (retired_at <= retired_from),
    PRIMARY KEY (name, version),
    FOREIGN KEY (name, version) REFERENCES price_book
);

CREATE TRIGGER price_book_retirement_is_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON price_book_retirement
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
