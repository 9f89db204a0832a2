package io.tollgate.invoicing.terms;

import io.tollgate.invoicing.money.Money;
import java.util.Collections;
import java.util.Currency;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What earlier invoices of a tenant posted to its balances.
 *
 * @param used by name of the balance; those that nothing was posted to are not in it
 */
public record Balances(SortedMap<String, Money> used) {

    public static final Balances NONE = new Balances(new TreeMap<>());

    public Balances {
        used = Collections.unmodifiableSortedMap(new TreeMap<>(used));
    }

    public static Balances of(Map<String, Money> used) {
        return new Balances(new TreeMap<>(used));
    }

    /** With what one more invoice posts. */
    public Balances plus(Iterable<Posting> postings) {
        SortedMap<String, Money> all = new TreeMap<>(used);
        postings.forEach(posting -> all.merge(posting.balance(), posting.amount(), Money::plus));
        return new Balances(all);
    }

    Money used(String balance, Currency currency) {
        return used.getOrDefault(balance, Money.zero(currency));
    }
}
