package io.tollgate.invoicing.rating;

import io.tollgate.invoicing.pricing.AppliedPrice;
import io.tollgate.invoicing.pricing.Prices;
import io.tollgate.invoicing.usage.Product;
import io.tollgate.invoicing.usage.TimeRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the longest stretches of a period over which one price, or none, applies to a product's meter. The result
 * depends on the prices alone, so that cutting usage more finely cannot split an invoice line.
 */
public final class PriceRuns {

    /** @param price empty where nothing prices the meter */
    public record Run(TimeRange range, Optional<AppliedPrice> price) {}

    private final TimeRange period;
    private final Prices prices;
    private final List<TimeRange> segments;
    private final List<TimeRange> unsplit;
    private final Map<Product, Map<String, List<Run>>> runs = new HashMap<>();

    public PriceRuns(Prices prices, TimeRange period) {
        this.period = period;
        this.prices = prices;
        this.segments = prices.cut(period);
        this.unsplit = period.cutAt(prices.splits());
    }

    TimeRange period() {
        return period;
    }

    /** @throws IllegalArgumentException if a price changes inside the range, or it leaves the period: the caller's bug */
    public Run around(TimeRange range, Product product, String meter) {
        for (Run run : runs.computeIfAbsent(product, key -> new HashMap<>())
                .computeIfAbsent(meter, key -> find(product, key))) {
            if (run.range().contains(range)) {
                return run;
            }
        }
        throw new IllegalArgumentException("usage of " + range + " is not cut where the price of " + meter + " on "
                + product.label() + " changes, or is outside of what is rated");
    }

    /** The longest stretch around the range over which the same terms hold, whatever prices do. */
    TimeRange betweenSplits(TimeRange range) {
        return unsplit.stream()
                .filter(stretch -> stretch.contains(range))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("usage of " + range + " is not cut where terms change"));
    }

    private List<Run> find(Product product, String meter) {
        List<Run> found = new ArrayList<>();
        for (TimeRange segment : segments) {
            Optional<AppliedPrice> price = prices.priceOf(product, meter, segment.from());
            int last = found.size() - 1;
            if (last >= 0
                    && found.get(last).price().equals(price)
                    && !prices.splits().contains(segment.from())) {
                found.set(last, new Run(new TimeRange(found.get(last).range().from(), segment.to()), price));
            } else {
                found.add(new Run(segment, price));
            }
        }
        return found;
    }
}
