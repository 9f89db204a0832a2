package io.tollgate.invoicing.focus;

import static io.tollgate.invoicing.focus.FocusColumn.*;

import io.tollgate.invoicing.cost.Cost;
import io.tollgate.invoicing.cost.CostItem;
import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.usage.Product;
import io.tollgate.invoicing.usage.TimeRange;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Currency;
import java.util.Locale;
import java.util.Optional;

/** What the rows of a document have in common, and how columns are filled that any of them may have. */
final class RowStart {

    /** Of amounts in the currency of the prices, which are told for information and are the only ones that are rounded. */
    private static final int SCALE_OF_INFORMATION = 12;

    private final FocusDocument document;
    private final FocusRow.Draft common;
    private final Optional<BigDecimal> rate;

    RowStart(FocusDocument document) {
        this.document = document;
        this.rate = rate(document);
        this.common = new FocusRow.Draft()
                .with(BILLING_ACCOUNT_ID, document.report().id().tenant())
                .with(BILLING_ACCOUNT_NAME, document.accountName())
                .with(BILLING_CURRENCY, document.report().currency().getCurrencyCode())
                .with(BILLING_PERIOD_START, document.billedIn().range().from())
                .with(BILLING_PERIOD_END, document.billedIn().range().to())
                .with(INVOICE_ID, document.invoiceId())
                .with(INVOICE_ISSUER_NAME, document.issuerName())
                .with(PROVIDER_NAME, document.issuerName())
                .with(PUBLISHER_NAME, document.issuerName())
                .with(X_DOCUMENT_ID, document.report().id().toString())
                .with(X_DOCUMENT_KIND, document.report().kind().name().toLowerCase(Locale.ROOT))
                .with(X_CORRECTED_DOCUMENT_ID, document.corrects().map(Object::toString));
        if (document.isCorrection()) {
            common.with(CHARGE_CLASS, Allowed.CORRECTION);
        }
    }

    FocusRow.Draft row(TimeRange range, String category, String frequency, String description) {
        return common.copy()
                .with(CHARGE_PERIOD_START, range.from())
                .with(CHARGE_PERIOD_END, range.to())
                .with(CHARGE_CATEGORY, category)
                .with(CHARGE_FREQUENCY, frequency)
                .with(CHARGE_DESCRIPTION, description);
    }

    /** What prices in a currency are multiplied by for the currency that is billed. */
    BigDecimal rate(Currency prices) {
        return isBilling(prices) ? BigDecimal.ONE : rate.orElse(BigDecimal.ONE);
    }

    /** @param prices currency of the prices */
    FocusRow.Draft put(FocusRow.Draft row, Cost cost, Currency prices) {
        BigDecimal effective = cost.effective().amount();
        return row.with(LIST_COST, cost.list().amount())
                .with(CONTRACTED_COST, cost.contracted().amount())
                .with(BILLED_COST, cost.billed().amount())
                .with(EFFECTIVE_COST, effective)
                .with(PRICING_CURRENCY, prices.getCurrencyCode())
                .with(PRICING_CURRENCY_EFFECTIVE_COST, unconverted(effective, prices));
    }

    /** Exact of what was a price; what was shared out has no exact decimal, and is rounded. */
    private BigDecimal unconverted(BigDecimal amount, Currency prices) {
        return isBilling(prices)
                ? amount
                : amount.divide(rate(prices), Math.max(SCALE_OF_INFORMATION, amount.scale()), RoundingMode.HALF_EVEN);
    }

    /** Of what is priced in the currency that is billed. */
    FocusRow.Draft put(FocusRow.Draft row, Cost cost) {
        return put(row, cost, document.report().currency());
    }

    /** Quantity and unit prices, these in the currency that is billed. */
    FocusRow.Draft put(FocusRow.Draft row, PricedPart part, String unit, Currency prices) {
        return row.with(PRICING_QUANTITY, part.quantity())
                .with(PRICING_UNIT, unit)
                .with(LIST_UNIT_PRICE, part.listPrice())
                .with(CONTRACTED_UNIT_PRICE, part.contractedPrice())
                .with(PRICING_CURRENCY_LIST_UNIT_PRICE, unconverted(part.listPrice(), prices))
                .with(PRICING_CURRENCY_CONTRACTED_UNIT_PRICE, unconverted(part.contractedPrice(), prices));
    }

    FocusRow.Draft put(FocusRow.Draft row, Product product, String meter, String label) {
        Allowed.Service.of(product.operation()).put(row);
        if (!product.provider().isEmpty()) {
            row.with(PUBLISHER_NAME, product.provider());
        }
        return row.with(REGION_ID, product.region())
                .with(REGION_NAME, product.region())
                .with(SKU_ID, Sku.id(product, meter))
                .with(SKU_METER, MeterUnit.words(meter))
                .with(SKU_PRICE_DETAILS, Sku.details(product))
                .with(SKU_PRICE_ID, Sku.priceId(product, meter, label))
                .with(X_MODEL, product.model())
                .with(X_METER, meter);
    }

    /** The project; of another tenant that the account pays for, that tenant's. */
    FocusRow.Draft subAccount(FocusRow.Draft row, String tenant, String project) {
        row.with(X_TENANT, tenant);
        boolean isOwn = tenant.equals(document.report().id().tenant());
        return isOwn && project.isEmpty()
                ? row
                : row.with(SUB_ACCOUNT_ID, project.isEmpty() ? tenant : tenant + "/" + project)
                        .with(SUB_ACCOUNT_NAME, project.isEmpty() ? tenant : project);
    }

    private boolean isBilling(Currency currency) {
        return currency.equals(document.report().currency());
    }

    /**
     * The rate by which the document converts prices, from any usage that costs something: it is one rate, and what it
     * multiplied is known exactly.
     */
    private static Optional<BigDecimal> rate(FocusDocument document) {
        Currency billing = document.report().currency();
        return document.report().items().stream()
                .filter(CostItem.OfUsage.class::isInstance)
                .map(CostItem.OfUsage.class::cast)
                .filter(usage -> !usage.price().currency().equals(billing))
                .flatMap(usage -> {
                    Money priced = usage.price().of(usage.stretch());
                    return priced.signum() == 0
                            ? Optional.<BigDecimal>empty().stream()
                            : Optional.of(usage.cost().contracted().amount().divide(priced.amount())).stream();
                })
                .findFirst();
    }
}
