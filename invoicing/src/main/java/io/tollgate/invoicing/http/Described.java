package io.tollgate.invoicing.http;

/** What the OpenAPI document says in more than one place. */
final class Described {

    static final String INVOICE_ID = "`<tenant>.<yyyy-MM>.<revision>`, such as `acme.2023-11.1`";
    static final String TENANT = "^[A-Za-z0-9][A-Za-z0-9._@-]{0,127}$";
    static final String BOUNDARY = "a date (its midnight in UTC) or a time of RFC 3339, on a 15-minute boundary";
    static final String NO_PRICES = "`no_price_book`: no price book named `list` is published";
    static final String NO_INVOICE = "`no_invoice`: it is no invoice's id";

    private Described() {}
}
