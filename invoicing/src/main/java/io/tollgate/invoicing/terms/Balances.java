package io.tollgate.invoicing.terms;

import io.tollgate.invoicing.money.Money;
import java.util.Collections;
import java.util.Currency;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is posted to the balances of a tenant, as one of its invoices sees it: by the documents of all other months, earlier
 * and later, so that an invoice that is computed anew uses what is open now.
 *
 * @param used by documents of other months, by name of the balance; zero where all was given back, and not in it if nothing
 *     was ever posted
 * @param settled the part of it that settled a commitment at its end
 * @param kept what documents of its own month settled
 */
public record Balances(SortedMap<String, Money> used, SortedMap<String, Money> settled, SortedMap<String, Money> kept) {

    public static final Balances NONE = new Balances(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());

    public Balances {
        used = Collections.unmodifiableSortedMap(new TreeMap<>(used));
        settled = Collections.unmodifiableSortedMap(new TreeMap<>(settled));
        kept = Collections.unmodifiableSortedMap(new TreeMap<>(kept));
    }

    public static Balances of(Map<String, Money> used) {
        return new Balances(new TreeMap<>(used), new TreeMap<>(), new TreeMap<>());
    }

    /** With what one more invoice of another month posts. */
    public Balances plus(Iterable<Posting> postings) {
        SortedMap<String, Money> all = new TreeMap<>(used);
        SortedMap<String, Money> ended = new TreeMap<>(settled);
        for (Posting posting : postings) {
            all.merge(posting.balance(), posting.amount(), Money::plus);
            if (posting.settles()) {
                ended.merge(posting.balance(), posting.amount(), Money::plus);
            }
        }
        return new Balances(all, ended, kept);
    }

    Money used(String balance, Currency currency) {
        return used.getOrDefault(balance, Money.zero(currency));
    }

    /** Without what settled it. */
    Money drawn(String balance, Currency currency) {
        return used(balance, currency).minus(settled.getOrDefault(balance, Money.zero(currency)));
    }
}
