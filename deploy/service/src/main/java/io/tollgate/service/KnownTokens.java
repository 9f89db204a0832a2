package io.tollgate.service;

import java.util.Optional;

/**
 * All tokens that a service takes.
 *
 * @param own one for each of its own roles
 * @param further asked about what is none of them
 */
record KnownTokens(Tokens own, TokenSource further) {

    Optional<Caller> callerOf(String token) {
        Optional<Caller> caller = own.roleOf(token).map(Caller::new);
        return caller.isPresent() ? caller : further.callerOf(token);
    }
}
