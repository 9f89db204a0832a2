-- How much tenants want to spend, what gateways hold of it, and who was told of what.

-- Never used twice, so that a budget that was changed is not taken for what somebody saw before.
CREATE SEQUENCE budget_revision;

CREATE TABLE budget (
    id         text        PRIMARY KEY,
    tenant     text        NOT NULL,
    revision   bigint      NOT NULL DEFAULT nextval('budget_revision'),
    -- Whether the tenant made it itself, and so may change it.
    by_tenant  boolean     NOT NULL,
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    -- Canonical JSON.
    document   text        NOT NULL
);

CREATE INDEX budget_by_tenant ON budget (tenant, id);

-- Leave to spend. It outlives the process that gave it, and is forgotten a day after it ended.
CREATE TABLE budget_lease (
    id         text        NOT NULL PRIMARY KEY,
    tenant     text        NOT NULL,
    -- Whoever holds it may spend under it until then.
    ends_at    timestamptz NOT NULL,
    -- Canonical JSON.
    document   text        NOT NULL
);

CREATE INDEX budget_lease_by_tenant ON budget_lease (tenant, ends_at);
CREATE INDEX budget_lease_by_end ON budget_lease (ends_at);

-- What somebody was told, once.
CREATE TABLE alert (
    seq       bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- Follows from what it is about: raising it again finds it here.
    id        text        NOT NULL UNIQUE,
    kind      text        NOT NULL,
    tenant    text        NOT NULL,
    subject   text        NOT NULL,
    raised_at timestamptz NOT NULL,
    -- Canonical JSON.
    document  text        NOT NULL
);

CREATE INDEX alert_by_tenant ON alert (tenant, seq);

CREATE TRIGGER alert_is_immutable BEFORE UPDATE OR TRUNCATE ON alert
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- One letter to one address. The Message-ID follows from alert and address, so each attempt sends the same letter.
CREATE TABLE mail (
    message_id      text        PRIMARY KEY,
    alert_id        text        NOT NULL REFERENCES alert (id),
    recipient       text        NOT NULL,
    subject         text        NOT NULL,
    body            text        NOT NULL,
    written_at      timestamptz NOT NULL,
    state           text        NOT NULL CHECK (state IN ('pending', 'delivered', 'failed')),
    attempts        integer     NOT NULL,
    next_attempt_at timestamptz NOT NULL,
    -- Whoever tries it has until then; the value also tells one attempt from the next.
    lease_until     timestamptz,
    last_attempt_at timestamptz,
    last_error      text
);

CREATE INDEX mail_due ON mail (next_attempt_at) WHERE state = 'pending';
CREATE INDEX mail_of_alert ON mail (alert_id);
