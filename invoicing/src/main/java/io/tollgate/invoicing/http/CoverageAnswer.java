package io.tollgate.invoicing.http;

import io.swagger.v3.oas.annotations.media.Schema;
import io.tollgate.invoicing.coverage.Coverage;
import io.tollgate.invoicing.invoice.BillingPeriod;
import io.tollgate.invoicing.usage.Product;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/**
 * What of a month's usage a price book has prices for.
 *
 * @param period {@code yyyy-MM}
 * @param priced how many meters of products have one price all the time
 * @param unpriced what has none, in order of product and meter
 * @param ties what several rate cards of a draft price, in the same order
 */
@Schema(name = "PriceBookCoverage")
public record CoverageAnswer(String name, String period, int priced, List<Entry> unpriced, List<Entry> ties) {

    /**
     * A meter of a product.
     *
     * @param quantity a whole number, as a string because it may exceed what JSON readers keep exact
     * @param tenants how many used it; 0 for usage that names nobody who can be billed
     * @param cards names of the rate cards that tie; absent where there is no price
     */
    @Schema(name = "PriceBookCoverageEntry")
    public record Entry(
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
            int tenants,
            Optional<List<String>> cards) {}

    static CoverageAnswer of(String name, BillingPeriod period, Coverage coverage) {
        return new CoverageAnswer(
                name,
                period.toString(),
                coverage.priced(),
                coverage.unpriced().stream()
                        .map(gap -> entry(gap.product(), gap.meter(), gap.quantity(), gap.tenants(), Optional.empty()))
                        .toList(),
                coverage.ties().stream()
                        .map(tie -> entry(
                                tie.product(), tie.meter(), tie.quantity(), tie.tenants(), Optional.of(tie.cards())))
                        .toList());
    }

    private static Entry entry(
            Product product, String meter, BigInteger quantity, int tenants, Optional<List<String>> cards) {
        return new Entry(
                product.provider(),
                product.model(),
                product.acceleratorType(),
                product.region(),
                product.operation(),
                product.serviceTier(),
                product.outcome(),
                product.contextBand(),
                meter,
                quantity.toString(),
                tenants,
                cards);
    }
}
