package io.tollgate.invoicing.adminapi;

import io.tollgate.invoicing.http.Callers;
import io.tollgate.invoicing.usage.Whose;
import io.tollgate.service.Caller;
import java.util.Optional;

/** Whose usage and costs a request is about: vendors' APIs know one organisation, that of the key. */
final class AskedTenant {

    /** By which finance and admins, whose tokens are of no tenant, say whom they mean. */
    static final String HEADER = "X-Tollgate-Tenant";

    private AskedTenant() {}

    /**
     * @param named what {@link #HEADER} says; a tenant's own token may leave it out
     * @param otherwise whom the vendor's own header names, which counts for finance and admins only: tools have their
     *     vendor's name for their organisation in it
     * @throws io.tollgate.service.ProblemException if a tenant means another, or others mean nobody
     */
    static String of(Caller caller, Optional<String> named, Optional<String> otherwise) {
        if (caller.tenant().isPresent()) {
            return Callers.whose(caller, named.stream().toList()).get(0);
        }
        String tenant = named.or(() -> otherwise)
                .orElseThrow(() -> Asked.invalid(
                        HEADER, "is missing: say in this header whose usage is meant, as the token is of no tenant"));
        if (!Whose.isBillable(tenant)) {
            throw Asked.invalid(HEADER, "is no tenant's name: " + Asked.shown(tenant));
        }
        return tenant;
    }
}
