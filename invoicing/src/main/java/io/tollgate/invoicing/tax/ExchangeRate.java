package io.tollgate.invoicing.tax;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Currency;

/**
 * What an amount of one currency is in another, until a later rate takes effect.
 *
 * @param rate how much of {@code to} one unit of {@code from} is; more than 0
 * @param source who says so, such as {@code ECB}
 * @param effectiveFrom first day that it applies to
 */
public record ExchangeRate(Currency from, Currency to, BigDecimal rate, String source, LocalDate effectiveFrom) {

    public ExchangeRate {
        if (from.equals(to)) {
            throw new IllegalArgumentException("a rate is between two currencies, not from " + from + " to itself");
        }
        if (rate.signum() <= 0) {
            throw new IllegalArgumentException("a rate must be more than 0, not " + rate.toPlainString());
        }
        if (source.isBlank()) {
            throw new IllegalArgumentException("a rate needs a source");
        }
        rate = rate.stripTrailingZeros();
    }
}
