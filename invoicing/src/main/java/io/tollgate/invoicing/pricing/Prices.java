package io.tollgate.invoicing.pricing;

import io.tollgate.invoicing.usage.Product;
import io.tollgate.invoicing.usage.ProductPattern;
import io.tollgate.invoicing.usage.TimeRange;
import java.time.Instant;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which price applies to what, when. */
public interface Prices {

    /** Name of the price book; where that changes, of the last. */
    String book();

    Currency currency();

    /** Whether some price depends on how much else was used in the billing period. */
    boolean counts();

    /** The range cut wherever some price may change. */
    List<TimeRange> cut(TimeRange range);

    /** Where lines are split although their price may stay; among where {@link #cut} cuts. */
    Set<Instant> splits();

    /** Empty when nothing prices it. */
    Optional<AppliedPrice> priceOf(Product product, String meter, Instant instant);

    /** What is reserved at an instant, in the order in which it is used; it changes only at {@link #splits}. */
    default List<Reserved> reservedAt(Instant instant) {
        return List.of();
    }

    /** Products that something is reserved for in the range, whose usage must be told by window. */
    default Set<ProductPattern> reservedIn(TimeRange range) {
        return Set.of();
    }
}
