package io.tollgate.invoicing.pricing;

import io.tollgate.invoicing.usage.Product;
import io.tollgate.invoicing.usage.TimeRange;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All published versions of one price book: which price applies to what, when.
 *
 * <p>At any instant the latest version that is effective by then and not retired applies, and it alone. In it, the most
 * specific card that matches the product and prices the meter wins; {@link PublicationCheck} saw to it that there is just
 * one.
 */
public final class PriceHistory implements Prices {

    private final List<PriceBook> latestFirst;
    private final Map<Integer, CardIndex> cards;
    private final Set<String> counted;
    private final NavigableSet<Instant> changes;

    /** @param versions at least one, all of the same book and currency */
    public PriceHistory(List<PriceBook> versions) {
        if (versions.isEmpty()) {
            throw new IllegalArgumentException("a price history needs a version");
        }
        PriceBook first = versions.get(0);
        for (PriceBook version : versions) {
            if (!version.name().equals(first.name()) || !version.currency().equals(first.currency())) {
                throw new IllegalArgumentException("versions of one book share its name and currency");
            }
        }
        latestFirst = versions.stream()
                .sorted(Comparator.comparing(PriceBook::version).reversed())
                .toList();
        Map<Integer, CardIndex> indexed = new HashMap<>();
        latestFirst.forEach(version -> indexed.put(version.version(), new CardIndex(version.cards())));
        cards = Map.copyOf(indexed);
        counted = latestFirst.stream()
                .flatMap(version -> version.cards().stream())
                .flatMap(card -> card.prices().entrySet().stream()
                        .filter(price -> price.getValue().plainRate().isEmpty())
                        .map(price -> countedAs(card, price.getKey(), price.getValue())))
                .collect(Collectors.toUnmodifiableSet());
        changes = changes(latestFirst);
    }

    private PriceHistory(PriceHistory book, Set<String> counted) {
        this.latestFirst = book.latestFirst;
        this.cards = book.cards;
        this.counted = Set.copyOf(counted);
        this.changes = book.changes;
    }

    private static NavigableSet<Instant> changes(List<PriceBook> versions) {
        NavigableSet<Instant> changes = new TreeSet<>();
        for (PriceBook version : versions) {
            changes.add(version.effectiveFrom());
            version.retiredFrom().ifPresent(changes::add);
            for (RateCard card : version.cards()) {
                changes.add(card.effectiveFrom());
                card.effectiveTo().ifPresent(changes::add);
            }
        }
        return Collections.unmodifiableNavigableSet(changes);
    }

    /** The same prices where others beside them count: a book goes on counting what another does. */
    public PriceHistory countingToo(Set<String> countedByOthers) {
        // Mostly nothing is added, and books are large.
        return counted.containsAll(countedByOthers)
                ? this
                : new PriceHistory(
                        this,
                        Stream.concat(counted.stream(), countedByOthers.stream())
                                .collect(Collectors.toSet()));
    }

    @Override
    public boolean counts() {
        return !counted.isEmpty();
    }

    /** What usage may be counted as, see {@link AppliedPrice#countedAs()}. */
    public Set<String> counted() {
        return counted;
    }

    @Override
    public String book() {
        return latestFirst.get(0).name();
    }

    @Override
    public Currency currency() {
        return latestFirst.get(0).currency();
    }

    public Optional<PriceBook> version(int number) {
        return latestFirst.stream()
                .filter(version -> version.version() == number)
                .findFirst();
    }

    public Optional<PriceBook> versionAt(Instant instant) {
        return latestFirst.stream()
                .filter(version -> version.isInForce(instant))
                .findFirst();
    }

    @Override
    public List<TimeRange> cut(TimeRange range) {
        return range.cutAt(changes);
    }

    /** A line is split where its own price changes, nowhere else. */
    @Override
    public Set<Instant> splits() {
        return Set.of();
    }

    @Override
    public Optional<AppliedPrice> priceOf(Product product, String meter, Instant instant) {
        return versionAt(instant)
                .flatMap(version -> best(version, product, meter, instant).stream()
                        .findFirst()
                        .flatMap(card -> card.priceOf(meter).map(price -> applied(version, card, meter, price))));
    }

    /**
     * The rate cards that price the use: one or none, and more only in a book that could not be published, where they tie.
     */
    public List<RateCard> cardsFor(Product product, String meter, Instant instant) {
        return versionAt(instant)
                .map(version -> best(version, product, meter, instant))
                .orElse(List.of());
    }

    private List<RateCard> best(PriceBook version, Product product, String meter, Instant instant) {
        return Objects.requireNonNull(cards.get(version.version())).best(product, meter, instant);
    }

    private AppliedPrice applied(PriceBook version, RateCard card, String meter, MeterPrice price) {
        return new AppliedPrice(
                version.name(),
                version.version(),
                card.name(),
                price,
                version.currency(),
                Optional.of(countedAs(card, meter, price)).filter(counted::contains));
    }

    /**
     * What usage is counted as: the price's family, else the match and the meter that the price is for. Neither names a
     * version, so a price that changes goes on counting where the one before it stopped.
     */
    private static String countedAs(RateCard card, String meter, MeterPrice price) {
        return price.family().orElseGet(() -> meter + " of " + card.match());
    }
}
