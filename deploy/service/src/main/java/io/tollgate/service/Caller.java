package io.tollgate.service;

import java.security.Principal;
import java.util.Optional;

/**
 * The authenticated caller of a request; resources take it as {@code @Auth Caller}.
 *
 * @param tenant the only one whose affairs the caller may see; there is one if and only if the role is
 *     {@link Role#TENANT}
 */
public record Caller(Role role, Optional<String> tenant) implements Principal {

    public Caller {
        if (tenant.isPresent() != (role == Role.TENANT)) {
            throw new IllegalArgumentException("a caller is bound to a tenant if and only if it is one: " + role);
        }
    }

    /** One that is bound to no tenant. */
    public Caller(Role role) {
        this(role, Optional.empty());
    }

    /** Somebody of the tenant. */
    public static Caller of(String tenant) {
        return new Caller(Role.TENANT, Optional.of(tenant));
    }

    @Override
    public String getName() {
        return role.roleName();
    }
}
