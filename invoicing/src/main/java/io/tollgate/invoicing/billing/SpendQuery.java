package io.tollgate.invoicing.billing;

import io.tollgate.invoicing.contract.ContractPrices;
import io.tollgate.invoicing.contract.Payers;
import io.tollgate.invoicing.invoice.BillingPeriod;
import io.tollgate.invoicing.postgres.PriceBookStore;
import io.tollgate.invoicing.pricing.PriceHistory;
import io.tollgate.invoicing.pricing.Prices;
import io.tollgate.invoicing.rating.Rating;
import io.tollgate.invoicing.spend.MixedCurrenciesException;
import io.tollgate.invoicing.spend.Spend;
import io.tollgate.invoicing.spend.SpendDimension;
import io.tollgate.invoicing.usage.ProductPattern;
import io.tollgate.invoicing.usage.TenantMonth;
import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.UsageQuestion;
import io.tollgate.invoicing.usage.UsageReader;
import io.tollgate.invoicing.usage.UsageTotal;
import io.tollgate.invoicing.usage.Whose;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Spend over any stretch of time, by the same rating as invoices. */
public final class SpendQuery {

    private final PriceBookStore books;
    private final Agreements agreements;
    private final UsageReader usage;
    private final BillingMetrics metrics;

    public SpendQuery(PriceBookStore books, Agreements agreements, UsageReader usage, BillingMetrics metrics) {
        this.books = books;
        this.agreements = agreements;
        this.usage = usage;
        this.metrics = metrics;
    }

    /** What is asked. */
    private record Question(TimeRange range, List<SpendDimension> groupBy) {

        List<Instant> cuts() {
            List<Instant> cuts = new ArrayList<>(List.of(range.from(), range.to()));
            if (groupBy.contains(SpendDimension.DAY)) {
                cuts.addAll(midnights(range));
            }
            return cuts;
        }

        boolean perProject() {
            return groupBy.contains(SpendDimension.PROJECT);
        }
    }

    /**
     * Spend by anybody, in the currency of the prices, before what contracts make of an invoice's lines.
     *
     * @return empty if no list prices are published
     * @throws MixedCurrenciesException if the tenants are priced in more than one currency
     */
    public Optional<Spend> of(TimeRange range, Whose whose, List<SpendDimension> groupBy) {
        return books.history(Drafts.LIST_PRICES).map(prices -> {
            Question question = new Question(range, groupBy);
            Payers payers = payers(whose);
            SortedSet<String> known = payers.known();
            List<Rating> ratings = new ArrayList<>();
            if (whose instanceof Whose.Tenants named) {
                if (!known.containsAll(named.tenants())) {
                    ratings.add(byListPrices(question, whose, prices, known));
                }
                known.retainAll(named.tenants());
            } else {
                ratings.add(byListPrices(question, whose, prices, known));
            }
            ratings.addAll(byContracts(question, payers, known, prices));
            return metrics.rating(() -> Spend.of(ratings, groupBy));
        });
    }

    private Payers payers(Whose whose) {
        if (whose instanceof Whose.Tenants named) {
            return agreements.payers(named.tenants());
        }
        return whose instanceof Whose.Nobodys ? new Payers(List.of()) : agreements.payers();
    }

    private Rating byListPrices(Question question, Whose whose, PriceHistory prices, Set<String> known) {
        TimeRange range = question.range();
        // Where prices count, a day costs what its usage adds to its month, so whole months are read.
        List<TimeRange> periods = prices.counts() ? BillingPeriod.around(range) : List.of(range);
        UsageQuestion asked = new UsageQuestion(
                slices(question, periods, prices), BillingPeriod.around(range), Set.of(), question.perProject(), whose);
        List<UsageTotal> used = usage.read(asked).stream()
                .filter(total -> !known.contains(total.tenant()))
                .toList();
        return Rating.of(used, prices, range, periods);
    }

    /**
     * What is rated at once: what one pays for in a range, or the part of it that lies in one month.
     *
     * @param tenants whose usage counts together
     * @param shown those of them that are asked for
     */
    private record Part(
            String payer,
            Set<String> tenants,
            Set<String> shown,
            TimeRange range,
            List<TimeRange> periods,
            Prices prices,
            TimeRange wanted) {

        Rating rating(Map<String, List<UsageTotal>> used) {
            return Rating.of(
                            tenants.stream()
                                    .flatMap(tenant -> used.getOrDefault(tenant, List.of()).stream())
                                    .toList(),
                            prices,
                            wanted,
                            List.of(range),
                            tenant -> payer)
                    .only(shown);
        }
    }

    /** Tenants whose usage is cut alike are read at once. */
    private record Reading(List<TimeRange> slices, List<TimeRange> periods, Set<ProductPattern> byWindow) {}

    private List<Rating> byContracts(Question question, Payers payers, Set<String> asked, PriceHistory everybodys) {
        Map<String, PriceHistory> named = agreements.books(payers.contracts());
        Map<Reading, List<Part>> readings = new LinkedHashMap<>();
        for (Part part : parts(question.range(), payers, asked, named, everybodys)) {
            Reading reading = new Reading(
                    slices(question, List.of(part.range()), part.prices()),
                    part.periods(),
                    part.prices().reservedIn(part.range()));
            readings.computeIfAbsent(reading, key -> new ArrayList<>()).add(part);
        }
        List<Rating> ratings = new ArrayList<>();
        readings.forEach((reading, parts) -> {
            Set<String> tenants = new TreeSet<>();
            parts.forEach(part -> tenants.addAll(part.tenants()));
            Map<String, List<UsageTotal>> used = usage
                    .readAll(new UsageQuestion(
                            reading.slices(),
                            reading.periods(),
                            reading.byWindow(),
                            question.perProject(),
                            Whose.tenants(tenants)))
                    .stream()
                    .collect(Collectors.groupingBy(UsageTotal::tenant));
            parts.forEach(part -> ratings.add(part.rating(used)));
        });
        return ratings;
    }

    /** At once where nothing is reckoned by months; else month by month, by who pays in it. */
    private static List<Part> parts(
            TimeRange range,
            Payers payers,
            Set<String> asked,
            Map<String, PriceHistory> books,
            PriceHistory everybodys) {
        YearMonth first = YearMonth.from(range.from().atOffset(ZoneOffset.UTC)).minusMonths(1);
        YearMonth last = YearMonth.from(range.to().atOffset(ZoneOffset.UTC)).plusMonths(1);
        List<Part> parts = new ArrayList<>();
        SortedMap<TenantMonth, Set<String>> shown = new TreeMap<>();
        for (String tenant : asked) {
            Optional<Prices> always = payers.contract(tenant)
                    // Of an account, what it reserved is shared with its members month by month.
                    .filter(contract ->
                            !payers.isEverMember(tenant) && contract.members().isEmpty())
                    .<Prices>map(contract -> new ContractPrices(contract, first, books, Optional.of(everybodys)))
                    .filter(prices -> !prices.counts());
            if (always.isPresent()) {
                List<TimeRange> periods = Stream.iterate(
                                first, month -> !month.isAfter(last), month -> month.plusMonths(1))
                        .map(month -> BillingPeriod.of(month, tenant, payers).range())
                        .filter(period -> period.overlaps(range))
                        .toList();
                parts.add(new Part(tenant, Set.of(tenant), Set.of(tenant), range, periods, always.get(), range));
                continue;
            }
            for (YearMonth month = first; !month.isAfter(last); month = month.plusMonths(1)) {
                shown.computeIfAbsent(new TenantMonth(payers.of(tenant, month), month), key -> new TreeSet<>())
                        .add(tenant);
            }
        }
        shown.forEach((paid, tenants) -> {
            BillingPeriod period = BillingPeriod.of(paid.month(), paid.tenant(), payers);
            if (period.range().overlaps(range)) {
                Prices prices = payers.contract(paid.tenant())
                        .<Prices>map(
                                contract -> new ContractPrices(contract, paid.month(), books, Optional.of(everybodys)))
                        .orElse(everybodys);
                parts.add(new Part(
                        paid.tenant(),
                        // What a member costs depends on what the others use only where that counts, or is covered.
                        prices.counts() || !prices.reservedIn(period.range()).isEmpty()
                                ? payers.paidBy(paid.tenant(), paid.month())
                                : tenants,
                        tenants,
                        period.range(),
                        List.of(period.range()),
                        prices,
                        period.range().within(range)));
            }
        });
        return parts;
    }

    private static List<TimeRange> slices(Question question, List<TimeRange> periods, Prices prices) {
        return periods.stream()
                .flatMap(period -> prices.cut(period).stream())
                .flatMap(slice -> slice.cutAt(question.cuts()).stream())
                .toList();
    }

    private static List<Instant> midnights(TimeRange range) {
        LocalDate first = range.from().atOffset(ZoneOffset.UTC).toLocalDate();
        LocalDate last = range.to().atOffset(ZoneOffset.UTC).toLocalDate();
        return first.datesUntil(last.plusDays(1))
                .map(day -> day.atStartOfDay(ZoneOffset.UTC).toInstant())
                .toList();
    }
}
