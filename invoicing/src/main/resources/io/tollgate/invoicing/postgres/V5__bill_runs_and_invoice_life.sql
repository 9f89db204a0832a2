-- Numbers, month close, and what happens to an invoice after it is final. The invoice itself still never changes.

-- Whoever makes a document final locks the row of its series until it commits, so numbers have no gaps.
CREATE TABLE number_series (
    issuer text   NOT NULL,
    series text   NOT NULL CHECK (series IN ('invoice', 'credit_note', 'debit_note')),
    last   bigint NOT NULL CHECK (last >= 0),
    PRIMARY KEY (issuer, series)
);

-- Invoices are revision 1 of a month, their notes the revisions after it; a credit note's amounts are negative. What was
-- closed before there were numbers has none, and no due date.
ALTER TABLE invoice
    ADD COLUMN kind   text NOT NULL DEFAULT 'invoice' CHECK (kind IN ('invoice', 'credit_note', 'debit_note')),
    ADD COLUMN issuer text,
    ADD COLUMN number bigint,
    -- The total without what credits paid; of what was closed before there were contracts the total.
    ADD COLUMN due    numeric,
    ADD COLUMN due_on date,
    ADD CONSTRAINT invoice_number_is_unique UNIQUE (issuer, kind, number),
    ADD CONSTRAINT invoice_number_is_whose CHECK ((issuer IS NULL) = (number IS NULL));

CREATE INDEX invoice_by_due_date ON invoice (due_on) WHERE kind = 'invoice';

CREATE TABLE payment (
    invoice_id  text        NOT NULL REFERENCES invoice,
    -- The payer's or the bank's: the same one counts once.
    reference   text        NOT NULL,
    amount      numeric     NOT NULL CHECK (amount > 0),
    paid_on     date        NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (invoice_id, reference)
);

CREATE TABLE voiding (
    invoice_id text        PRIMARY KEY REFERENCES invoice,
    voided_by  text        NOT NULL,
    reason     text        NOT NULL,
    voided_at  timestamptz NOT NULL
);

-- That somebody was told, once.
CREATE TABLE overdue_notice (
    invoice_id text        PRIMARY KEY REFERENCES invoice,
    noticed_at timestamptz NOT NULL
);

CREATE TABLE bill_run (
    id          text        PRIMARY KEY,
    issuer      text        NOT NULL,
    month       text        NOT NULL CHECK (month ~ '^[0-9]{4}-[0-9]{2}$'),
    state       text        NOT NULL CHECK (state IN ('running', 'blocked', 'failed', 'finished')),
    failure     text,
    started_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL
);

CREATE TABLE bill_run_tenant (
    run_id   text NOT NULL REFERENCES bill_run,
    -- In the order of ClickHouse, so that a batch lies together there.
    tenant   text NOT NULL COLLATE "C",
    state    text NOT NULL CHECK (state IN ('pending', 'invoiced', 'nothing', 'blocked')),
    currency text,
    total    numeric,
    PRIMARY KEY (run_id, tenant)
);

CREATE INDEX bill_run_tenant_pending ON bill_run_tenant (run_id, tenant) WHERE state = 'pending';

-- As last seen; what was decided about them is in waiver.
CREATE TABLE bill_run_exception (
    run_id text NOT NULL REFERENCES bill_run,
    id     text NOT NULL,
    -- Empty where it is nobody's and so blocks everybody.
    tenant text NOT NULL COLLATE "C",
    code   text NOT NULL,
    detail text NOT NULL,
    PRIMARY KEY (run_id, id)
);

CREATE INDEX bill_run_exception_of_tenant ON bill_run_exception (run_id, tenant, id);

CREATE TABLE waiver (
    run_id       text        NOT NULL REFERENCES bill_run,
    exception_id text        NOT NULL,
    tenant       text        NOT NULL,
    code         text        NOT NULL,
    detail       text        NOT NULL,
    waived_by    text        NOT NULL,
    reason       text        NOT NULL,
    waived_at    timestamptz NOT NULL,
    PRIMARY KEY (run_id, exception_id)
);

CREATE TRIGGER payment_is_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON payment
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER voiding_is_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON voiding
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER waiver_is_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON waiver
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
