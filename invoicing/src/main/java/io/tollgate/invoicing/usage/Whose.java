package io.tollgate.invoicing.usage;

import java.util.Set;
import java.util.regex.Pattern;

/** Whose usage is asked for. */
public sealed interface Whose {

    /** Everybody's, and nobody's. */
    record Everybodys() implements Whose {}

    /**
     * That of some tenants.
     *
     * @param tenants at least one
     */
    record Tenants(Set<String> tenants) implements Whose {
        public Tenants {
            if (tenants.isEmpty()) {
                throw new IllegalArgumentException("nobody's usage is asked for");
            }
            tenants = Set.copyOf(tenants);
        }
    }

    /** Usage that names no tenant who could be billed, see {@link #isBillable}. */
    record Nobodys() implements Whose {}

    /** What a name matches that can be billed, in the regular expressions of Java and of RE2. */
    String BILLABLE = "[A-Za-z0-9][A-Za-z0-9._@-]{0,127}";

    /** The same, compiled. */
    Pattern BILLABLE_NAME = Pattern.compile(BILLABLE);

    static Whose tenants(Set<String> names) {
        return new Tenants(names);
    }

    /** Whether an invoice can be addressed to the name: sources may send anything. */
    static boolean isBillable(String tenant) {
        return BILLABLE_NAME.matcher(tenant).matches();
    }
}
