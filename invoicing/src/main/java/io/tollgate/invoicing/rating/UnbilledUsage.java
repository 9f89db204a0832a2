package io.tollgate.invoicing.rating;

import io.tollgate.invoicing.usage.Doubt;
import io.tollgate.invoicing.usage.Product;
import io.tollgate.invoicing.usage.TimeRange;
import java.math.BigInteger;
import java.util.Comparator;

/**
 * An entry of the exception list: usage that cannot be billed until someone decides.
 *
 * @param range the stretch of time, within what was rated, over which the reason holds
 * @param tenant as the source says; it may say nothing, or a name that cannot be billed
 * @param quantity in the meter's base unit; never zero, but for an unmatched reversal
 */
public record UnbilledUsage(
        Reason reason, TimeRange range, String tenant, Product product, String meter, BigInteger quantity)
        implements Comparable<UnbilledUsage> {

    private static final Comparator<UnbilledUsage> ORDER = Comparator.comparing(UnbilledUsage::reason)
            .thenComparing(UnbilledUsage::tenant)
            .thenComparing(UnbilledUsage::product)
            .thenComparing(UnbilledUsage::meter)
            .thenComparing(UnbilledUsage::range)
            .thenComparing(UnbilledUsage::quantity);

    /** Why usage cannot be billed. */
    public enum Reason {
        NO_TENANT("usage_without_tenant", "no tenant is named who can be billed"),
        NO_PRICE("unpriced_usage", "no price in force applies to it"),
        /** On a line of an invoice, not in a rating: usage that is taken back may lie on the same line. */
        NEGATIVE(
                "negative_usage",
                "more was taken back than was used, and an invoice cannot tell which usage that was; look for the"
                        + " reversals that take back events of another month, or events that never were"),
        COUNTED_TWO_WAYS(
                "meter_counted_two_ways",
                "the meter was a sum in some of its events and something else in others; look for an aggregator that was"
                        + " started with another meter file"),
        UNMATCHED_REVERSAL(
                "unmatched_reversal",
                "a value was taken back that was never observed there, so what was meant may still be counted; look for"
                        + " reversals whose time or dimensions are not those of their events");

        private final String code;
        private final String detail;

        Reason(String code, String detail) {
            this.code = code;
            this.detail = detail;
        }

        static Reason of(Doubt doubt) {
            return switch (doubt) {
                case COUNTED_TWO_WAYS -> COUNTED_TWO_WAYS;
                case UNMATCHED_REVERSAL -> UNMATCHED_REVERSAL;
            };
        }

        /** Stable, for programs. */
        public String code() {
            return code;
        }

        /** For people. */
        public String detail() {
            return detail;
        }
    }

    /** For people: {@code 12 images of acme on xai grok image: no price in force applies to it}. */
    public String detail() {
        String whose = tenant.isEmpty() ? "" : " of " + tenant;
        return quantity + " " + meter + whose + " on " + product.label() + " in " + range + ": " + reason.detail();
    }

    @Override
    public int compareTo(UnbilledUsage other) {
        return ORDER.compare(this, other);
    }
}
