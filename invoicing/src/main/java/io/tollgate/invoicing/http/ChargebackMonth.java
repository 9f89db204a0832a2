package io.tollgate.invoicing.http;

import io.tollgate.invoicing.billing.ChargebackQuery;
import io.tollgate.invoicing.chargeback.Run;
import io.tollgate.invoicing.postgres.ChargebackStore;
import io.tollgate.service.Caller;
import io.tollgate.service.ProblemException;
import java.time.YearMonth;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The tenant's month that a path names. */
record ChargebackMonth(String tenant, YearMonth month) {

    static final String FORMAT = "`json`, `csv` or `pdf`; if absent, what the `Accept` header asks for";
    static final String WHOSE = "who pays; a tenant's token sees its own alone";
    static final String MONTH = "the month, in the tenant's billing zone";
    static final String MONTH_PATTERN = "^[0-9]{4}-[0-9]{2}$";
    static final String CONFLICTS = Described.NO_PRICES
            + "; `billed_by_account`: another tenant pays for this one in that month; `mixed_currencies`: documents of the"
            + " month are in different currencies";
    static final String NO_RUN = "`no_run`: there is no such run";
    static final String INVALID = "`invalid_tenant`: it can be no tenant's name; " + Unanswerable.TOO_MUCH_DETAIL;

    /** @throws ProblemException if it is none, or not the caller's */
    static ChargebackMonth of(Caller caller, String tenant, String period) {
        return new ChargebackMonth(
                Callers.own(caller, tenant),
                Parameters.month(period).orElseThrow(() -> Parameters.invalid("the month is missing")));
    }

    /** The answer to the question, or why there is none. */
    <T> T found(ChargebackQuery query, Supplier<Optional<T>> question) {
        return question.get().orElseThrow(() -> nothing(query));
    }

    private ProblemException nothing(ChargebackQuery query) {
        String payer = query.payer(tenant, month);
        return payer.equals(tenant)
                ? Refusals.noListPrices()
                : Refusals.of(
                        Refusals.CONFLICT,
                        "billed_by_account",
                        "what " + tenant + " used in " + month + " is on the invoice of " + payer);
    }

    /** @param number the latest if it is null */
    Run run(ChargebackStore store, @Nullable Integer number) {
        return store.run(tenant, month, Optional.ofNullable(number))
                .orElseThrow(() -> Refusals.of(
                        Refusals.NOT_FOUND, "no_run", "there is no such run of " + tenant + " in " + month));
    }
}
