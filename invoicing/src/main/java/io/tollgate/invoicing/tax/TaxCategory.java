package io.tollgate.invoicing.tax;

import java.util.Arrays;
import java.util.Optional;

/** The VAT categories of EN 16931 (UNCL 5305) that an invoice may have; their names are the codes. */
public enum TaxCategory {
    /** Standard rate: tax is due at some rate. */
    S("standard rate"),
    /** Zero rated. */
    Z("zero rated"),
    /** Exempt from tax. */
    E("exempt"),
    /** Reverse charge: the buyer accounts for the tax. */
    AE("reverse charge"),
    /** Intra-community supply of goods. */
    K("intra-community supply"),
    /** Export outside of the European Union. */
    G("export outside of the EU"),
    /** Outside of the scope of tax. */
    O("outside of the scope of tax");

    private final String detail;

    TaxCategory(String detail) {
        this.detail = detail;
    }

    /** For people. */
    public String detail() {
        return detail;
    }

    public static Optional<TaxCategory> coded(String code) {
        return Arrays.stream(values())
                .filter(category -> category.name().equals(code))
                .findFirst();
    }
}
