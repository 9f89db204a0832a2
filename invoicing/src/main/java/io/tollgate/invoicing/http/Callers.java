package io.tollgate.invoicing.http;

import io.tollgate.invoicing.invoice.InvoiceId;
import io.tollgate.service.Caller;
import java.util.List;

/** What a caller may see: finance and admins everything, a tenant its own. */
public final class Callers {

    static final String NOT_YOURS =
            "`forbidden`: the token's role may not do this; `not_yours`: the token is of" + " another tenant";

    private static final int FORBIDDEN = 403;

    private Callers() {}

    /**
     * Whose affairs a question is about.
     *
     * @param asked the tenants that it names; repeated, comma separated, or both
     * @return of a tenant its own name, whether it gave it or not; of others those that they named, which may be none
     * @throws io.tollgate.service.ProblemException {@code not_yours} if a tenant asks for another's
     */
    public static List<String> whose(Caller caller, List<String> asked) {
        List<String> named = Parameters.split(asked);
        caller.tenant().ifPresent(own -> named.forEach(name -> requireOwn(own, name)));
        return caller.tenant().map(List::of).orElse(named);
    }

    private static void requireOwn(String own, String asked) {
        if (!asked.equals(own)) {
            throw Refusals.of(
                    FORBIDDEN,
                    "not_yours",
                    "This token is one of " + Parameters.shown(own) + ", and shows nothing of "
                            + Parameters.shown(asked) + ".");
        }
    }

    /**
     * The invoice of that id, if the caller may see it should there be one. Whether there is one of somebody else's is not
     * told: it is answered as one that there is not, before anybody looks for it.
     *
     * @throws io.tollgate.service.ProblemException {@code no_invoice}
     */
    static InvoiceId invoice(Caller caller, String text) {
        InvoiceId id = Parameters.invoiceId(text);
        caller.tenant().filter(own -> !own.equals(id.tenant())).ifPresent(own -> {
            throw Refusals.of(
                    Refusals.NOT_FOUND,
                    "no_invoice",
                    Parameters.shown(own) + " has no invoice " + Parameters.shown(text));
        });
        return id;
    }
}
