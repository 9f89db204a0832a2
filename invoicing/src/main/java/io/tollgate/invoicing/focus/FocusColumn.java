package io.tollgate.invoicing.focus;

/**
 * The columns of an export, in their order: those of FOCUS 1.2 that apply to what Tollgate bills, then our own. Not there,
 * because it has no such thing: availability zones, types of accounts and sub accounts, provisioned resources.
 */
public enum FocusColumn {
    BILLED_COST("BilledCost", Type.DECIMAL),
    BILLING_ACCOUNT_ID("BillingAccountId", Type.TEXT),
    BILLING_ACCOUNT_NAME("BillingAccountName", Type.TEXT),
    BILLING_CURRENCY("BillingCurrency", Type.TEXT),
    BILLING_PERIOD_END("BillingPeriodEnd", Type.TIME),
    BILLING_PERIOD_START("BillingPeriodStart", Type.TIME),
    CAPACITY_RESERVATION_ID("CapacityReservationId", Type.TEXT),
    CAPACITY_RESERVATION_STATUS("CapacityReservationStatus", Type.TEXT),
    CHARGE_CATEGORY("ChargeCategory", Type.TEXT),
    CHARGE_CLASS("ChargeClass", Type.TEXT),
    CHARGE_DESCRIPTION("ChargeDescription", Type.TEXT),
    CHARGE_FREQUENCY("ChargeFrequency", Type.TEXT),
    CHARGE_PERIOD_END("ChargePeriodEnd", Type.TIME),
    CHARGE_PERIOD_START("ChargePeriodStart", Type.TIME),
    COMMITMENT_DISCOUNT_CATEGORY("CommitmentDiscountCategory", Type.TEXT),
    COMMITMENT_DISCOUNT_ID("CommitmentDiscountId", Type.TEXT),
    COMMITMENT_DISCOUNT_NAME("CommitmentDiscountName", Type.TEXT),
    COMMITMENT_DISCOUNT_QUANTITY("CommitmentDiscountQuantity", Type.DECIMAL),
    COMMITMENT_DISCOUNT_STATUS("CommitmentDiscountStatus", Type.TEXT),
    COMMITMENT_DISCOUNT_TYPE("CommitmentDiscountType", Type.TEXT),
    COMMITMENT_DISCOUNT_UNIT("CommitmentDiscountUnit", Type.TEXT),
    CONSUMED_QUANTITY("ConsumedQuantity", Type.DECIMAL),
    CONSUMED_UNIT("ConsumedUnit", Type.TEXT),
    CONTRACTED_COST("ContractedCost", Type.DECIMAL),
    CONTRACTED_UNIT_PRICE("ContractedUnitPrice", Type.DECIMAL),
    EFFECTIVE_COST("EffectiveCost", Type.DECIMAL),
    INVOICE_ID("InvoiceId", Type.TEXT),
    INVOICE_ISSUER_NAME("InvoiceIssuerName", Type.TEXT),
    LIST_COST("ListCost", Type.DECIMAL),
    LIST_UNIT_PRICE("ListUnitPrice", Type.DECIMAL),
    PRICING_CATEGORY("PricingCategory", Type.TEXT),
    PRICING_CURRENCY("PricingCurrency", Type.TEXT),
    PRICING_CURRENCY_CONTRACTED_UNIT_PRICE("PricingCurrencyContractedUnitPrice", Type.DECIMAL),
    PRICING_CURRENCY_EFFECTIVE_COST("PricingCurrencyEffectiveCost", Type.DECIMAL),
    PRICING_CURRENCY_LIST_UNIT_PRICE("PricingCurrencyListUnitPrice", Type.DECIMAL),
    PRICING_QUANTITY("PricingQuantity", Type.DECIMAL),
    PRICING_UNIT("PricingUnit", Type.TEXT),
    PROVIDER_NAME("ProviderName", Type.TEXT),
    PUBLISHER_NAME("PublisherName", Type.TEXT),
    REGION_ID("RegionId", Type.TEXT),
    REGION_NAME("RegionName", Type.TEXT),
    SERVICE_CATEGORY("ServiceCategory", Type.TEXT),
    SERVICE_NAME("ServiceName", Type.TEXT),
    SERVICE_SUBCATEGORY("ServiceSubcategory", Type.TEXT),
    SKU_ID("SkuId", Type.TEXT),
    SKU_METER("SkuMeter", Type.TEXT),
    SKU_PRICE_DETAILS("SkuPriceDetails", Type.PAIRS),
    SKU_PRICE_ID("SkuPriceId", Type.TEXT),
    SUB_ACCOUNT_ID("SubAccountId", Type.TEXT),
    SUB_ACCOUNT_NAME("SubAccountName", Type.TEXT),
    TAGS("Tags", Type.PAIRS),
    /** Our own id of the document, whether it has a number or not: {@code acme.2026-10.1}. */
    X_DOCUMENT_ID("x_DocumentId", Type.TEXT),
    /** {@code draft}, {@code invoice}, {@code credit_note} or {@code debit_note}. */
    X_DOCUMENT_KIND("x_DocumentKind", Type.TEXT),
    /** Our id of the invoice that a note is to. */
    X_CORRECTED_DOCUMENT_ID("x_CorrectedDocumentId", Type.TEXT),
    /** Whose usage it is. */
    X_TENANT("x_Tenant", Type.TEXT),
    X_MODEL("x_Model", Type.TEXT),
    /** In base units; quantities of this meter are {@code ConsumedQuantity}. */
    X_METER("x_Meter", Type.TEXT),
    X_PRICE_BOOK("x_PriceBook", Type.TEXT),
    X_PRICE_VERSION("x_PriceVersion", Type.TEXT),
    X_RATE_CARD("x_RateCard", Type.TEXT);

    private final String id;
    private final Type type;

    FocusColumn(String id, Type type) {
        this.id = id;
        this.type = type;
    }

    /** What its values are. */
    public enum Type {
        TEXT,
        DECIMAL,
        /** Date and time, in UTC. */
        TIME,
        /** Keys and values, as an object of JSON. */
        PAIRS
    }

    /** Column ID, as the specification has it. */
    public String id() {
        return id;
    }

    public Type type() {
        return type;
    }
}
