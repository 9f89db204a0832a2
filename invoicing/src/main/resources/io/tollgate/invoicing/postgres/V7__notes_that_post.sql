-- Notes and voidings that post to balances, and waivers of single invoices and notes.

-- What was left of a commitment at its end, trued up or rolled over; else it is drawn. Older rows count as drawn.
ALTER TABLE balance_posting ADD COLUMN settles boolean NOT NULL DEFAULT false;

-- What is drawn never exceeds the limit, nor does a settlement together with it. Usage of a month that is told only after
-- a later one settled its commitment may still be drawn; the settlement is then credited by a note to its invoice.
CREATE OR REPLACE FUNCTION refuse_overdraft() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    used numeric := (SELECT sum(amount) FROM balance_posting
        WHERE tenant = NEW.tenant AND balance = NEW.balance AND (NEW.settles OR NOT settles));
BEGIN
    IF NEW.amount > 0 AND used > NEW.limit_amount THEN
        RAISE EXCEPTION '% of % would be overdrawn', NEW.balance, NEW.tenant
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    -- What is rolled over into a commitment is below zero; a credit cannot be given back before it paid.
    IF NEW.amount < 0 AND used < 0 AND NEW.balance LIKE 'credit %' THEN
        RAISE EXCEPTION '% of % would be more than was granted', NEW.balance, NEW.tenant
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END;
$$;

-- Of an invoice that was closed by itself, or of a note; those of bill runs are in waiver.
CREATE TABLE document_waiver (
    invoice_id text        NOT NULL REFERENCES invoice,
    code       text        NOT NULL,
    detail     text        NOT NULL,
    waived_by  text        NOT NULL,
    reason     text        NOT NULL,
    waived_at  timestamptz NOT NULL,
    PRIMARY KEY (invoice_id, code, detail)
);

CREATE TRIGGER document_waiver_is_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON document_waiver
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
