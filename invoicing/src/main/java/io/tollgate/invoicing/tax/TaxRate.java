package io.tollgate.invoicing.tax;

import java.math.BigDecimal;
import java.time.LocalDate;

/**
 * The rate that an issuer has to charge in a jurisdiction, until a later one takes effect.
 *
 * @param jurisdiction a country of ISO 3166-1, or a part of one of ISO 3166-2: {@code SE}, {@code US-CA}
 * @param percent 0 to 100
 * @param effectiveFrom first day of tax points that it applies to
 */
public record TaxRate(String jurisdiction, BigDecimal percent, LocalDate effectiveFrom) {

    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    public TaxRate {
        if (!jurisdiction.matches("[A-Z]{2}(-[A-Z0-9]{1,3})?")) {
            throw new IllegalArgumentException(
                    "a jurisdiction is a code such as SE or US-CA, not \"" + jurisdiction + "\"");
        }
        if (percent.signum() < 0 || percent.compareTo(HUNDRED) > 0) {
            throw new IllegalArgumentException("a tax rate is from 0 to 100 percent, not " + percent.toPlainString());
        }
        percent = percent.signum() == 0 ? BigDecimal.ZERO : percent.stripTrailingZeros();
    }
}
