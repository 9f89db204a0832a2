package io.tollgate.invoicing.tax;

/**
 * What a contract says of tax, where that overrules what follows from where the parties are.
 *
 * @param category one that charges no tax and says why: E, AE, K, G or O
 * @param reason for people and auditors; not blank
 */
public record TaxExemption(TaxCategory category, String reason) {

    public TaxExemption {
        if (category == TaxCategory.S || category == TaxCategory.Z) {
            throw new IllegalArgumentException("an exemption is of category E, AE, K, G or O, not " + category);
        }
        if (reason.isBlank()) {
            throw new IllegalArgumentException("an exemption needs a reason");
        }
    }
}
