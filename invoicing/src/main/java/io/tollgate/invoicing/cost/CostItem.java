package io.tollgate.invoicing.cost;

import io.tollgate.invoicing.invoice.Adjustment;
import io.tollgate.invoicing.pricing.AppliedPrice;
import io.tollgate.invoicing.pricing.Stretch;
import io.tollgate.invoicing.terms.Entry;
import io.tollgate.invoicing.usage.Product;
import io.tollgate.invoicing.usage.TimeRange;
import java.math.BigInteger;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A part of what an invoice or a note comes to. All of a document's parts add up to what is due. */
public sealed interface CostItem {

    /** When the usage was, or what time the charge is for. */
    TimeRange range();

    /** Whose usage it is; of what is nobody's usage, who pays. */
    String tenant();

    Cost cost();

    /**
     * Usage.
     *
     * @param servicePeriod of its invoice line
     * @param project empty for none, or when not asked for
     * @param tags those that were asked for and that it has
     * @param stretch where its quantity lies among all that counts together
     * @param price the tenant's, with currency; where a reservation covers the usage, the price that it has without
     * @param listPrice everybody's; empty where there is none
     * @param reservation id of the one that covers it
     */
    record OfUsage(
            TimeRange range,
            TimeRange servicePeriod,
            String tenant,
            String project,
            SortedMap<String, String> tags,
            Product product,
            String meter,
            Stretch stretch,
            AppliedPrice price,
            Optional<AppliedPrice> listPrice,
            Optional<String> reservation,
            Cost cost)
            implements CostItem {

        public OfUsage {
            tags = tags.isEmpty()
                    ? Collections.emptySortedMap()
                    : Collections.unmodifiableSortedMap(new TreeMap<>(tags));
        }

        /** In the meter's base unit. */
        public BigInteger quantity() {
            return stretch.quantity();
        }
    }

    /** A term of the contract: a fee, a bound, what is trued up, a tax, a credit. Discounts are taken off the usage. */
    record OfTerm(TimeRange range, String tenant, Entry entry, Cost cost) implements CostItem {}

    /**
     * By how much a line of a document is more than its usage comes to now. Of an invoice that is final: what came or
     * changed since it was closed, with the opposite sign. Of a note: what the note bills.
     */
    record OfChange(Adjustment.Key line, BigInteger quantity, Cost cost) implements CostItem {

        @Override
        public TimeRange range() {
            return line.servicePeriod();
        }

        @Override
        public String tenant() {
            return line.tenant();
        }
    }

    /** Of an invoice of which only some usage is told: what all else on it comes to, that other tenants used and the payer pays. */
    record OfMembers(TimeRange range, String tenant, Cost cost) implements CostItem {}

    /** What rounding the sums of a document made of them: less than a minor unit for each sum that was rounded. */
    record OfRounding(TimeRange range, String tenant, Cost cost) implements CostItem {}
}
