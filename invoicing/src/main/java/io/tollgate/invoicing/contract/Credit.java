package io.tollgate.invoicing.contract;

import io.tollgate.invoicing.money.Money;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.Optional;

/**
 * Prepaid balance that pays invoices until it is used up.
 *
 * @param amount that was granted, more than 0
 * @param priority the lower, the sooner it is used
 * @param grantedOn pays periods that end after it
 * @param expiresOn pays periods that begin before it; empty for never
 * @param scope the usage that it pays for, without tax; if that is all, it pays anything, tax too
 */
public record Credit(
        String id,
        String description,
        Money amount,
        int priority,
        LocalDate grantedOn,
        Optional<LocalDate> expiresOn,
        Scope scope)
        implements Term {

    /** The order in which credits burn: by priority, then what expires first, then the oldest, then by name. */
    public static final Comparator<Credit> BURN_ORDER = Comparator.comparingInt(Credit::priority)
            .thenComparing(credit -> credit.expiresOn().orElse(LocalDate.MAX))
            .thenComparing(Credit::grantedOn)
            .thenComparing(Credit::id);

    public Credit {
        Term.requireId(id);
        if (amount.signum() <= 0) {
            throw new IllegalArgumentException("a credit must be more than 0, not " + amount.digits());
        }
        if (!amount.isRounded()) {
            throw new IllegalArgumentException(
                    "a credit is a whole number of the currency's minor units, not " + amount.digits());
        }
        if (expiresOn.isPresent() && !grantedOn.isBefore(expiresOn.get())) {
            throw new IllegalArgumentException(
                    "it expires on " + expiresOn.get() + ", which is not after " + grantedOn);
        }
    }

    @Override
    public Validity validity() {
        return new Validity(Optional.of(grantedOn), expiresOn);
    }
}
