package io.tollgate.invoicing.tax;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * How an invoice is taxed.
 *
 * @param jurisdiction whose rule it is
 * @param percent zero but in category S
 * @param reason why no tax is charged, for people; there in categories E, AE, K, G and O, as EN 16931 asks for one
 */
public record TaxTreatment(TaxCategory category, String jurisdiction, BigDecimal percent, Optional<String> reason) {

    public TaxTreatment {
        boolean needsReason = category != TaxCategory.S && category != TaxCategory.Z;
        if (needsReason != reason.isPresent()) {
            throw new IllegalArgumentException(
                    "category " + category + (needsReason ? " needs a reason" : " has no reason for charging no tax"));
        }
        if ((category == TaxCategory.S) != (percent.signum() > 0)) {
            throw new IllegalArgumentException("category " + category + " cannot have a rate of " + percent + " %");
        }
    }

    static TaxTreatment free(TaxCategory category, String jurisdiction, String reason) {
        return new TaxTreatment(category, jurisdiction, BigDecimal.ZERO, Optional.of(reason));
    }
}
