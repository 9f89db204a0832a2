package io.tollgate.invoicing.http;

import io.tollgate.service.Caller;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Questions that are about one tenant. */
final class OneTenant {

    static final String WHOSE = "whose; required of finance, a tenant's token sees its own alone";
    static final String ZONE = "whose days and months are meant, of the IANA database; else the tenant's own";

    private OneTenant() {}

    static String of(Caller caller, @Nullable String asked) {
        List<String> named =
                Callers.whose(caller, Parameters.given(asked).stream().toList());
        if (named.size() != 1) {
            throw Parameters.invalid("tenant must name one tenant");
        }
        return Parameters.billable(named.get(0));
    }
}
