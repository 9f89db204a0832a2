package io.tollgate.service;

import java.security.Principal;

/** The authenticated caller of a request; resources take it as {@code @Auth Caller}. */
public record Caller(Role role) implements Principal {

    @Override
    public String getName() {
        return role.roleName();
    }
}
