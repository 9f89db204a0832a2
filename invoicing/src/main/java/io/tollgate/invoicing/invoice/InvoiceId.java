package io.tollgate.invoicing.invoice;

import io.tollgate.invoicing.usage.Whose;
import java.time.YearMonth;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * Identity of an invoice, derived from what it is for, so that making it twice makes the same one.
 *
 * @param tenant one that can be billed, {@link Whose#isBillable}
 * @param month the month that is billed
 * @param revision from 1
 */
public record InvoiceId(String tenant, YearMonth month, int revision) {

    /** Of the first invoice of a period. Its notes are the revisions after it, as is the next invoice if it was voided. */
    public static final int FIRST_REVISION = 1;

    public InvoiceId {
        if (!Whose.isBillable(tenant)) {
            throw new IllegalArgumentException("\"" + tenant + "\" is not a tenant");
        }
        if (month.getYear() < 1 || month.getYear() > 9999) {
            throw new IllegalArgumentException("a year has four digits: " + month);
        }
        if (revision < FIRST_REVISION) {
            throw new IllegalArgumentException("revisions count from 1, not " + revision);
        }
    }

    public static InvoiceId of(String tenant, BillingPeriod period, int revision) {
        return new InvoiceId(tenant, period.month(), revision);
    }

    /** Reads {@code <tenant>.<yyyy-MM>.<revision>} from the right, as a tenant may hold dots; empty if it is no id. */
    public static Optional<InvoiceId> parse(String text) {
        int last = text.lastIndexOf('.');
        int middle = last < 0 ? -1 : text.lastIndexOf('.', last - 1);
        if (middle < 1) {
            return Optional.empty();
        }
        String revision = text.substring(last + 1);
        if (!revision.matches("[1-9][0-9]{0,8}") || !Whose.isBillable(text.substring(0, middle))) {
            return Optional.empty();
        }
        return parseMonth(text.substring(middle + 1, last))
                .map(month -> new InvoiceId(text.substring(0, middle), month, Integer.parseInt(revision)));
    }

    /** Reads {@code yyyy-MM}; empty if it is none. */
    public static Optional<YearMonth> parseMonth(String text) {
        if (!text.matches("[0-9]{4}-[0-9]{2}") || text.startsWith("0000")) {
            return Optional.empty();
        }
        try {
            return Optional.of(YearMonth.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return tenant + "." + month + "." + revision;
    }
}
