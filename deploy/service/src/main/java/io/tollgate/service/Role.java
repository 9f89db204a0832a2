package io.tollgate.service;

/** Who calls, as far as rights go. {@link #ADMIN} may do whatever the others may. */
public enum Role {
    ADMIN(Role.Names.ADMIN),
    /** Model hosts and gateways: send usage. */
    PLATFORM(Role.Names.PLATFORM),
    /** Keeps books and contracts, reads invoices. */
    FINANCE(Role.Names.FINANCE),
    /** A tenant's own people and tools: see what is that tenant's, see {@link Caller#tenant()}. */
    TENANT(Role.Names.TENANT);

    private final String roleName;

    Role(String roleName) {
        this.roleName = roleName;
    }

    /** The name that stands in {@code @RolesAllowed}. */
    public String roleName() {
        return roleName;
    }

    /** Whether a caller with this role may do what is allowed to the named role. */
    public boolean mayActAs(String other) {
        return this == ADMIN || roleName.equals(other);
    }

    /** The roles' names as constants, for use in {@code @RolesAllowed}. */
    public static final class Names {
        public static final String ADMIN = "admin";
        public static final String PLATFORM = "platform";
        public static final String FINANCE = "finance";
        public static final String TENANT = "tenant";

        private Names() {}
    }
}
