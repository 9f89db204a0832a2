package io.tollgate.invoicing.contract;

import io.tollgate.invoicing.pricing.AppliedPrice;
import io.tollgate.invoicing.pricing.MeterPrice;
import io.tollgate.invoicing.pricing.PriceBook;
import io.tollgate.invoicing.pricing.PriceHistory;
import io.tollgate.invoicing.pricing.Prices;
import io.tollgate.invoicing.pricing.Reserved;
import io.tollgate.invoicing.pricing.UnitPrice;
import io.tollgate.invoicing.usage.Product;
import io.tollgate.invoicing.usage.ProductPattern;
import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.Window;
import java.math.BigInteger;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Currency;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * The prices of a tenant with a contract, in one month: the contract's own cards, else those of its book, with what its
 * bundles include taken off. When no contract is in force, everybody's prices apply.
 */
public final class ContractPrices implements Prices {

    private final ContractHistory contracts;
    private final YearMonth month;
    private final PriceHistory overrides;
    private final Map<String, PriceHistory> books;
    private final Optional<PriceHistory> everybodys;
    private final Map<String, BigInteger> included;
    private final NavigableSet<Instant> splits;
    private final NavigableMap<Instant, List<Reserved>> reserved = new TreeMap<>();

    /**
     * What a month is priced by.
     *
     * @param month what bundles include is reckoned for
     * @param books at least those that the contract names, as far as they are published
     * @param everybodys apply when no contract does; not looked at if they are in another currency
     */
    public ContractPrices(
            ContractHistory contracts,
            YearMonth month,
            Map<String, PriceHistory> books,
            Optional<PriceHistory> everybodys) {
        this.contracts = contracts;
        this.month = month;
        // In a zone further east than that of the version in its place, one that never applies would price its hours.
        PriceHistory own = new PriceHistory(contracts.applied().stream()
                .map(version -> new PriceBook(version.content().overrides(), version.version()))
                .toList());
        Map<String, PriceHistory> named = new TreeMap<>();
        for (ContractVersion version : contracts.versions()) {
            String name = version.content().book();
            Optional.ofNullable(books.get(name))
                    .filter(book -> book.currency().equals(contracts.priceCurrency()))
                    .ifPresent(book -> named.put(name, book));
        }
        Optional<PriceHistory> common =
                everybodys.filter(book -> book.currency().equals(contracts.priceCurrency()));
        Set<PriceHistory> all = new HashSet<>(named.values());
        common.ifPresent(all::add);
        UnaryOperator<PriceHistory> together = book -> all.stream()
                .filter(other -> other != book)
                .map(PriceHistory::counted)
                .reduce(book, PriceHistory::countingToo, (one, other) -> other);
        named.replaceAll((name, book) -> together.apply(book).countingToo(own.counted()));
        this.overrides = together.apply(own);
        this.books = named;
        this.everybodys = common.map(book -> together.apply(book).countingToo(own.counted()));
        this.included = included(contracts, Days.of(month));
        this.splits = contracts.changes();
        splits.forEach(from -> reserved.put(from, reserved(from)));
    }

    @Override
    public String book() {
        return contracts
                .lastIn(Days.of(month))
                .map(version -> version.content().book())
                .or(() -> everybodys.map(PriceHistory::book))
                .orElseGet(() -> contracts.versions().get(0).content().book());
    }

    @Override
    public Currency currency() {
        return contracts.priceCurrency();
    }

    @Override
    public boolean counts() {
        return contracts.versions().stream()
                        .flatMap(version -> version.content().terms().stream())
                        .anyMatch(term -> term instanceof Bundle bundle
                                && !bundle.included().isEmpty())
                || histories().stream().anyMatch(PriceHistory::counts);
    }

    @Override
    public List<TimeRange> cut(TimeRange range) {
        Set<Instant> changes = new TreeSet<>(splits);
        histories().forEach(book -> book.cut(range).forEach(piece -> changes.add(piece.from())));
        return range.cutAt(changes);
    }

    /** A line lies within one version, and within or without the days of each of its terms. */
    @Override
    public Set<Instant> splits() {
        return splits;
    }

    @Override
    public List<Reserved> reservedAt(Instant instant) {
        Map.Entry<Instant, List<Reserved>> since = reserved.floorEntry(instant);
        return since == null ? List.of() : since.getValue();
    }

    @Override
    public Set<ProductPattern> reservedIn(TimeRange range) {
        Set<ProductPattern> products = new HashSet<>();
        for (TimeRange piece : range.cutAt(splits)) {
            reservedAt(piece.from()).forEach(each -> products.add(each.match().pattern()));
        }
        return products;
    }

    @Override
    public Optional<AppliedPrice> priceOf(Product product, String meter, Instant instant) {
        Optional<ContractVersion> version = contracts.at(instant);
        if (version.isEmpty()) {
            return everybodys.flatMap(book -> book.priceOf(product, meter, instant));
        }
        Contract contract = version.get().content();
        return overrides
                .priceOf(product, meter, instant)
                .map(own ->
                        own.as("contract:" + contract.tenant(), version.get().version()))
                .or(() -> Optional.ofNullable(books.get(contract.book()))
                        .flatMap(book -> book.priceOf(product, meter, instant)))
                .map(price -> including(price, contract, product, meter, instant));
    }

    /** What the first bundle by id that covers the usage includes; its usage counts together, whatever the card. */
    private AppliedPrice including(
            AppliedPrice price, Contract contract, Product product, String meter, Instant instant) {
        for (Term term : contract.terms()) {
            if (term instanceof Bundle bundle && contracts.isGood(bundle.validity(), instant)) {
                for (Bundle.Included each : bundle.included()) {
                    if (each.meter().equals(meter) && each.match().matches(product)) {
                        String countedAs = countedAs(bundle, each);
                        return price.including(included.getOrDefault(countedAs, BigInteger.ZERO), countedAs);
                    }
                }
            }
        }
        return price;
    }

    /** In order of id, as the terms of a contract are. */
    private List<Reserved> reserved(Instant instant) {
        Optional<ContractVersion> version = contracts.at(instant);
        List<Reserved> all = new ArrayList<>();
        for (Term term : version.map(each -> each.content().terms()).orElse(List.of())) {
            if (term instanceof Reservation reservation && contracts.isGood(reservation.validity(), instant)) {
                all.add(reserved(reservation, version.get().version()));
            }
        }
        return all;
    }

    private Reserved reserved(Reservation reservation, int version) {
        AppliedPrice nothing = new AppliedPrice(
                "contract:" + contracts.tenant(),
                version,
                "reservation " + reservation.id(),
                MeterPrice.of(UnitPrice.of("0", 1)),
                currency(),
                Optional.empty());
        return new Reserved(
                reservation.id(),
                reservation.match(),
                reservation.windowCapacity(),
                reservation.weights(),
                reservation.fee(Window.LENGTH),
                nothing);
    }

    /** Whole units, in the tenant's favour. A month that sees several versions of a bundle includes what each is worth. */
    private static Map<String, BigInteger> included(ContractHistory contracts, Days days) {
        Map<String, BigInteger> included = new HashMap<>();
        BigInteger of = BigInteger.valueOf(days.count());
        for (ContractHistory.Run<Bundle> run : contracts.runs(Bundle.class, days)) {
            for (Bundle.Included each : run.term().included()) {
                BigInteger units = each.quantity()
                        .multiply(BigInteger.valueOf(run.term().seats()))
                        .multiply(BigInteger.valueOf(run.days().count()));
                BigInteger prorated = units.add(of).subtract(BigInteger.ONE).divide(of);
                included.merge(countedAs(run.term(), each), prorated, BigInteger::add);
            }
        }
        return included;
    }

    private static String countedAs(Bundle bundle, Bundle.Included included) {
        return "bundle " + bundle.id() + ": " + included.meter() + " of " + included.match();
    }

    private Collection<PriceHistory> histories() {
        List<PriceHistory> histories = new ArrayList<>(books.values());
        histories.add(overrides);
        everybodys.ifPresent(histories::add);
        return histories;
    }
}
