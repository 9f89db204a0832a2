package io.tollgate.invoicing.access;

import java.time.Instant;
import java.util.Optional;

/**
 * A tenant's token, without its secret.
 *
 * @param id a UUID
 * @param label what the tenant's people call it
 * @param expiresAt from when on it is not taken any more; empty for never
 * @param revokedAt when it was taken back
 */
public record TenantToken(
        String id,
        String tenant,
        String label,
        Instant createdAt,
        Optional<Instant> expiresAt,
        Optional<Instant> revokedAt) {}
