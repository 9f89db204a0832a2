package io.tollgate.invoicing.http;

import io.tollgate.invoicing.access.TokenSecret;
import io.tollgate.invoicing.postgres.TenantTokenStore;
import io.tollgate.service.Caller;
import io.tollgate.service.TokenSource;
import java.time.Clock;
import java.util.Optional;
import org.jdbi.v3.core.ConnectionException;

/** Knows tenants by the tokens that they were given. */
public final class TenantTokens implements TokenSource {

    private final TenantTokenStore tokens;
    private final Clock clock;

    public TenantTokens(TenantTokenStore tokens, Clock clock) {
        this.tokens = tokens;
        this.clock = clock;
    }

    @Override
    public Optional<Caller> callerOf(String token) {
        try {
            return TokenSecret.read(token)
                    .flatMap(secret -> tokens.tenantOf(secret, clock.instant()))
                    .map(Caller::of);
        } catch (ConnectionException e) {
            throw Unavailable.noStore(e);
        }
    }
}
