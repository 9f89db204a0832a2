package io.tollgate.service;

import java.util.Optional;

/** Knows further tokens than the service's own three, such as those of tenants. */
@FunctionalInterface
public interface TokenSource {

    /**
     * Whose token it is now; empty if it is nobody's. What is found is remembered for a few seconds.
     *
     * @param token whatever a caller sent
     * @throws ProblemException if that cannot be told now
     */
    Optional<Caller> callerOf(String token);
}
