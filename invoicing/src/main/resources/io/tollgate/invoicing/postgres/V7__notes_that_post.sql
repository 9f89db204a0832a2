-- Notes and voidings that post to balances, and waivers of single invoices and notes.

-- What was left of a commitment at its end, trued up or rolled over; else it is drawn.
ALTER TABLE balance_posting ADD COLUMN settles boolean NOT NULL DEFAULT false;

-- Of older rows their invoice tells: what it settled stands in an entry that begins with the amount. Taken for drawn, it
-- would leave nothing of the commitment for late usage, which would then be billed on top of what was promised. Where as
-- much was drawn as was settled, the settlement is the later row.
ALTER TABLE balance_posting DISABLE TRIGGER balance_posting_is_immutable;

UPDATE balance_posting p SET settles = true
FROM invoice i, jsonb_array_elements(i.document::jsonb #> '{contract,entries}') AS entry
WHERE i.id = p.invoice_id
    AND p.amount > 0
    AND entry ->> 'step' = 'commitment'
    AND p.balance = 'commitment ' || (entry ->> 'id') || ' from ' || right(p.balance, 10)
    AND CASE
        WHEN entry ->> 'explanation' ~ '^[0-9.]+ [A-Z]{3} are not used and '
            THEN split_part(entry ->> 'explanation', ' ', 1)::numeric = p.amount
                AND entry ->> 'from' >= right(p.balance, 10)
        WHEN entry ->> 'explanation' ~ '^[0-9.]+ [A-Z]{3} were rolled over to days '
            THEN split_part(entry ->> 'explanation', ' ', 1)::numeric = p.amount
                AND entry ->> 'to' = right(p.balance, 10)
        ELSE false
    END
    AND NOT EXISTS (SELECT 1 FROM balance_posting later
        WHERE later.invoice_id = p.invoice_id AND later.balance = p.balance AND later.amount = p.amount
            AND later.seq > p.seq);

ALTER TABLE balance_posting ENABLE TRIGGER balance_posting_is_immutable;

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
