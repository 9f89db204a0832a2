-- What happened, in the transaction that it happened in, and who is to be told of it.

CREATE TABLE event (
    -- Of one subject, in the order in which it happened.
    seq         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id          text        NOT NULL UNIQUE,
    type        text        NOT NULL,
    tenant      text,
    subject     text        NOT NULL,
    occurred_at timestamptz NOT NULL,
    -- A CloudEvent in JSON: what is sent, byte for byte, each time.
    body        text        NOT NULL
);

CREATE INDEX event_by_time ON event (occurred_at);

CREATE TRIGGER event_is_immutable BEFORE UPDATE ON event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE webhook_endpoint (
    id               text        PRIMARY KEY,
    url              text        NOT NULL,
    -- Both: all, if empty.
    event_types      text[]      NOT NULL,
    tenants          text[]      NOT NULL,
    enabled          boolean     NOT NULL,
    description      text        NOT NULL,
    -- In clear: messages are signed with it.
    secret           text        NOT NULL,
    former_secret    text,
    former_until     timestamptz,
    disabled_because text,
    created_at       timestamptz NOT NULL,
    CHECK ((former_secret IS NULL) = (former_until IS NULL))
);

CREATE TABLE webhook_delivery (
    endpoint_id     text        NOT NULL REFERENCES webhook_endpoint ON DELETE CASCADE,
    event_seq       bigint      NOT NULL REFERENCES event,
    subject         text        NOT NULL,
    state           text        NOT NULL CHECK (state IN ('pending', 'delivered', 'failed')),
    attempts        integer     NOT NULL,
    next_attempt_at timestamptz NOT NULL,
    -- Whoever tries it has until then; the value also tells one attempt from the next.
    lease_until     timestamptz,
    last_attempt_at timestamptz,
    last_status     integer,
    last_error      text,
    PRIMARY KEY (endpoint_id, event_seq)
);

-- The next one that is due, and whether an earlier one of its subject is still to be told.
CREATE INDEX webhook_delivery_due ON webhook_delivery (endpoint_id, next_attempt_at, event_seq)
    WHERE state = 'pending';
CREATE INDEX webhook_delivery_order ON webhook_delivery (endpoint_id, subject, event_seq)
    WHERE state = 'pending';
CREATE INDEX webhook_delivery_failed ON webhook_delivery (endpoint_id, event_seq)
    WHERE state = 'failed';
