-- Contracts and issuers in versions, and what final invoices used of balances. None of it ever changes.

CREATE TABLE contract (
    tenant         text        NOT NULL,
    version        integer     NOT NULL CHECK (version >= 1),
    effective_from date        NOT NULL,
    published_at   timestamptz NOT NULL,
    -- Canonical JSON.
    document       text        NOT NULL,
    PRIMARY KEY (tenant, version)
);

CREATE TABLE issuer (
    name         text        NOT NULL,
    version      integer     NOT NULL CHECK (version >= 1),
    published_at timestamptz NOT NULL,
    -- Canonical JSON.
    document     text        NOT NULL,
    PRIMARY KEY (name, version)
);

-- Written in the transaction that makes its invoice final.
CREATE TABLE balance_posting (
    seq          bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant       text    NOT NULL,
    balance      text    NOT NULL,
    month        text    NOT NULL CHECK (month ~ '^[0-9]{4}-[0-9]{2}$'),
    invoice_id   text    NOT NULL,
    currency     text    NOT NULL,
    -- Negative for what is rolled over into a balance.
    amount       numeric NOT NULL CHECK (amount <> 0),
    limit_amount numeric NOT NULL
);

CREATE INDEX balance_posting_by_tenant ON balance_posting (tenant, month);

CREATE FUNCTION refuse_overdraft() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT sum(amount) FROM balance_posting WHERE tenant = NEW.tenant AND balance = NEW.balance)
            > NEW.limit_amount THEN
        RAISE EXCEPTION '% of % would be overdrawn', NEW.balance, NEW.tenant
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END;
$$;

CREATE TRIGGER balance_is_not_overdrawn AFTER INSERT ON balance_posting
    FOR EACH ROW EXECUTE FUNCTION refuse_overdraft();

CREATE TRIGGER contract_is_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON contract
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER issuer_is_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON issuer
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER balance_posting_is_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON balance_posting
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
