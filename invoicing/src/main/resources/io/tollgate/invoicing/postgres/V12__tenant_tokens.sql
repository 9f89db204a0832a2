-- Tokens that tenants see their own with.

CREATE TABLE tenant_token (
    id text PRIMARY KEY,
    tenant text NOT NULL,
    label text NOT NULL,
    -- SHA-256 of the token, which itself is kept nowhere.
    digest bytea NOT NULL UNIQUE CHECK (length(digest) = 32),
    created_at timestamptz NOT NULL,
    expires_at timestamptz CHECK (expires_at > created_at),
    -- A revoked token stays as a record of who could see the tenant's affairs, and until when.
    revoked_at timestamptz
);

CREATE INDEX tenant_token_of_tenant ON tenant_token (tenant, created_at) WHERE revoked_at IS NULL;
