-- A month whose invoice was voided may be billed again, by the next revision of its id.

ALTER TABLE invoice
    -- Revision of the invoice that it is, or that it corrects. So far a month had one invoice, the first.
    ADD COLUMN of_revision integer NOT NULL DEFAULT 1,
    -- The void invoice in whose place it is. Every invoice but a month's first replaces a void one, and none is replaced
    -- twice: so at most the last one of a month is not void, whoever asks at once.
    ADD COLUMN replaces text REFERENCES voiding,
    ADD CONSTRAINT invoice_is_replaced_once UNIQUE (replaces),
    ADD CONSTRAINT invoice_is_of_itself_and_a_note_of_one_before
        CHECK (of_revision <= revision AND (kind = 'invoice') = (of_revision = revision)),
    ADD CONSTRAINT invoice_replaces_unless_first
        CHECK ((replaces IS NOT NULL) = (kind = 'invoice' AND revision > 1)),
    ADD CONSTRAINT invoice_replaces_one_of_its_month
        CHECK (replaces = tenant || '.' || month || '.' || substring(replaces FROM '[0-9]+$'));
