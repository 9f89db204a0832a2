package io.tollgate.invoicing.document;

import io.swagger.v3.oas.annotations.media.Schema;
import io.tollgate.invoicing.rating.UnbilledUsage;
import io.tollgate.invoicing.usage.Product;

/**
 * An entry of the exception list.
 *
 * @param code stable: {@code unpriced_usage}, {@code usage_without_tenant}, {@code meter_counted_two_ways},
 *     {@code unmatched_reversal}, or {@code negative_usage} of a line that is shown but cannot be closed
 * @param tenant as the source says; it may say nothing, or a name that cannot be billed
 * @param quantity a whole number, as a string because it may exceed what JSON readers keep exact
 * @param detail a sentence
 */
@Schema(name = "InvoiceException")
public record UnbilledDocument(
        String code,
        String tenant,
        String provider,
        String model,
        String acceleratorType,
        String region,
        String operation,
        String serviceTier,
        String outcome,
        long contextBand,
        String meter,
        String quantity,
        RangeDocument servicePeriod,
        String detail) {

    public static UnbilledDocument of(UnbilledUsage usage) {
        Product product = usage.product();
        return new UnbilledDocument(
                usage.reason().code(),
                usage.tenant(),
                product.provider(),
                product.model(),
                product.acceleratorType(),
                product.region(),
                product.operation(),
                product.serviceTier(),
                product.outcome(),
                product.contextBand(),
                usage.meter(),
                usage.quantity().toString(),
                RangeDocument.of(usage.range()),
                usage.detail());
    }
}
