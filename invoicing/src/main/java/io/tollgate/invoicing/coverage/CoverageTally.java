package io.tollgate.invoicing.coverage;

import io.tollgate.invoicing.coverage.Coverage.Gap;
import io.tollgate.invoicing.coverage.Coverage.Tie;
import io.tollgate.invoicing.pricing.PriceHistory;
import io.tollgate.invoicing.pricing.RateCard;
import io.tollgate.invoicing.usage.Product;
import io.tollgate.invoicing.usage.UsageTotal;
import io.tollgate.invoicing.usage.Whose;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Finds out the coverage of usage that comes in parts, so that not all tenants' usage is in memory at once: what is kept
 * grows with products and not with tenants.
 */
public final class CoverageTally {

    /** @param cards names of those that price it: none, or several */
    private record Key(Product product, String meter, List<String> cards) implements Comparable<Key> {

        private static final Comparator<Key> ORDER = Comparator.comparing(Key::product)
                .thenComparing(Key::meter)
                .thenComparing(key -> String.join("\n", key.cards));

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }
    }

    private record Amount(BigInteger quantity, int tenants) {

        Amount plus(Amount more) {
            return new Amount(quantity.add(more.quantity), tenants + more.tenants);
        }
    }

    private final PriceHistory prices;
    private final Map<Key, Amount> amounts = new TreeMap<>();

    public CoverageTally(PriceHistory prices) {
        this.prices = prices;
    }

    /**
     * Adds some tenants' usage.
     *
     * @param usage all of theirs, each total within one piece of {@code prices.cut} of the period; no tenant may come twice
     */
    public void add(List<UsageTotal> usage) {
        Map<Key, Set<String>> tenants = new HashMap<>();
        for (UsageTotal total : usage) {
            total.quantities().forEach((meter, quantity) -> {
                // Nothing needs no price, see rating.
                if (quantity.signum() != 0) {
                    Key key = new Key(total.product(), meter, cards(total, meter));
                    amounts.merge(key, new Amount(quantity, 0), Amount::plus);
                    if (Whose.isBillable(total.tenant())) {
                        tenants.computeIfAbsent(key, each -> new HashSet<>()).add(total.tenant());
                    }
                }
            });
        }
        tenants.forEach((key, names) -> amounts.merge(key, new Amount(BigInteger.ZERO, names.size()), Amount::plus));
    }

    private List<String> cards(UsageTotal total, String meter) {
        return prices.cardsFor(total.product(), meter, total.range().from()).stream()
                .map(RateCard::name)
                .sorted()
                .toList();
    }

    /** Of all that was added. */
    public Coverage coverage() {
        List<Gap> gaps = new ArrayList<>();
        List<Tie> ties = new ArrayList<>();
        Set<List<Object>> priced = new HashSet<>();
        Set<List<Object>> notPriced = new HashSet<>();
        amounts.forEach((key, amount) -> {
            (key.cards().size() == 1 ? priced : notPriced).add(List.of(key.product(), key.meter()));
            if (key.cards().isEmpty()) {
                gaps.add(new Gap(key.product(), key.meter(), amount.quantity(), amount.tenants()));
            } else if (key.cards().size() > 1) {
                ties.add(new Tie(key.product(), key.meter(), key.cards(), amount.quantity(), amount.tenants()));
            }
        });
        priced.removeAll(notPriced);
        return new Coverage(priced.size(), gaps, ties);
    }
}
