package io.tollgate.invoicing.document;

import io.swagger.v3.oas.annotations.media.Schema;
import io.tollgate.invoicing.anomaly.CostParts;
import io.tollgate.invoicing.anomaly.Explanation;
import io.tollgate.invoicing.usage.Product;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;

/**
 * Why one day cost another amount than another, see {@link Explanation}. All amounts are exact, decimal digits, effective cost.
 *
 * @param before what the day that it is compared with cost
 * @param after what the day cost
 * @param difference {@code after} less {@code before}: the sum of the parts
 * @param products those that changed, the largest change first; their parts add up to {@code parts}
 */
@Schema(name = "CostChange")
public record ChangeDocument(String before, String after, String difference, Parts parts, List<OfProduct> products) {

    /**
     * What the difference is made of.
     *
     * @param volume more or less of everything
     * @param mix other products, or other meters of them
     * @param cacheHit another share of the prompts came from a cache
     * @param price the same had another price
     */
    @Schema(name = "CostChangeParts")
    public record Parts(String volume, String mix, String cacheHit, String price) {

        static Parts of(CostParts parts) {
            return new Parts(
                    digits(parts.volume()), digits(parts.mix()), digits(parts.cacheHit()), digits(parts.price()));
        }
    }

    /**
     * The same of one product.
     *
     * @param presence {@code both} days, {@code new} or {@code gone}
     */
    @Schema(name = "CostChangeOfProduct")
    public record OfProduct(
            String provider,
            String model,
            String acceleratorType,
            String region,
            String operation,
            String serviceTier,
            String outcome,
            String contextBand,
            String presence,
            String before,
            String after,
            String difference,
            Parts parts) {

        static OfProduct of(Explanation.OfProduct change) {
            Product product = change.product();
            return new OfProduct(
                    product.provider(),
                    product.model(),
                    product.acceleratorType(),
                    product.region(),
                    product.operation(),
                    product.serviceTier(),
                    product.outcome(),
                    Long.toString(product.contextBand()),
                    change.presence().name().toLowerCase(Locale.ROOT),
                    digits(change.before()),
                    digits(change.after()),
                    digits(change.difference()),
                    Parts.of(change.parts()));
        }
    }

    public static ChangeDocument of(Explanation explanation) {
        return new ChangeDocument(
                digits(explanation.before()),
                digits(explanation.after()),
                digits(explanation.difference()),
                Parts.of(explanation.parts()),
                explanation.products().stream().map(OfProduct::of).toList());
    }

    private static String digits(BigDecimal amount) {
        return amount.signum() == 0 ? "0" : amount.stripTrailingZeros().toPlainString();
    }
}
