package io.tollgate.invoicing.chargeback;

import io.tollgate.invoicing.money.Money;
import java.math.BigInteger;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Exact sums of what one document is made of, by cost centre and origin; in the same order whatever came first. */
final class Postings {

    private final SortedMap<Place, Sum> sums = new TreeMap<>();

    /** @param costCentre empty for what is unallocated, which comes last */
    record Place(Optional<String> costCentre, Origin origin) implements Comparable<Place> {

        private static final Comparator<Place> ORDER = Comparator.comparing((Place place) -> place.costCentre.isEmpty())
                .thenComparing(place -> place.costCentre.orElse(""))
                .thenComparing(Place::origin);

        @Override
        public int compareTo(Place other) {
            return ORDER.compare(this, other);
        }
    }

    /** @param quantity in the meter's base unit; of usage alone */
    record Sum(Optional<BigInteger> quantity, Money exact) {

        Sum plus(Sum other) {
            return new Sum(quantity.flatMap(own -> other.quantity.map(own::add)), exact.plus(other.exact));
        }
    }

    void post(Optional<String> costCentre, Origin origin, Sum sum) {
        sums.merge(new Place(costCentre, origin), sum, Sum::plus);
    }

    void post(Optional<String> costCentre, Origin origin, Money exact) {
        if (exact.signum() != 0) {
            post(costCentre, origin, new Sum(Optional.empty(), exact));
        }
    }

    /** What takes all of them back. */
    static Postings negated(List<Postings> all) {
        Postings back = new Postings();
        all.forEach(one -> one.sums.forEach((place, sum) -> back.post(
                place.costCentre(),
                place.origin(),
                new Sum(sum.quantity().map(BigInteger::negate), sum.exact().negated()))));
        return back;
    }

    SortedMap<Place, Sum> sums() {
        return Collections.unmodifiableSortedMap(sums);
    }
}
