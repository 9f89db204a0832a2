package io.tollgate.invoicing.billing;

import io.tollgate.invoicing.contract.ContractHistory;
import io.tollgate.invoicing.contract.ContractPrices;
import io.tollgate.invoicing.invoice.BillingPeriod;
import io.tollgate.invoicing.postgres.PriceBookStore;
import io.tollgate.invoicing.pricing.PriceHistory;
import io.tollgate.invoicing.pricing.Prices;
import io.tollgate.invoicing.rating.Rating;
import io.tollgate.invoicing.spend.MixedCurrenciesException;
import io.tollgate.invoicing.spend.Spend;
import io.tollgate.invoicing.spend.SpendDimension;
import io.tollgate.invoicing.usage.ProductPattern;
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
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

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
            Map<String, ContractHistory> contracts = contracts(whose);
            List<Rating> ratings = new ArrayList<>();
            if (!(whose instanceof Whose.Tenants named && contracts.keySet().containsAll(named.tenants()))) {
                ratings.add(byListPrices(question, whose, prices, contracts.keySet()));
            }
            ratings.addAll(byContracts(question, contracts.values(), prices));
            return metrics.rating(() -> Spend.of(ratings, groupBy));
        });
    }

    private Map<String, ContractHistory> contracts(Whose whose) {
        return whose instanceof Whose.Nobodys
                ? Map.of()
                : agreements.contracts(
                        whose instanceof Whose.Tenants named ? Optional.of(named.tenants()) : Optional.empty());
    }

    private Rating byListPrices(Question question, Whose whose, PriceHistory prices, Set<String> contracted) {
        TimeRange range = question.range();
        // Where prices count, a day costs what its usage adds to its month, so whole months are read.
        List<TimeRange> periods = prices.counts() ? BillingPeriod.around(range) : List.of(range);
        UsageQuestion asked = new UsageQuestion(
                slices(question, periods, prices), BillingPeriod.around(range), Set.of(), question.perProject(), whose);
        List<UsageTotal> used = usage.read(asked).stream()
                .filter(total -> !contracted.contains(total.tenant()))
                .toList();
        return Rating.of(used, prices, range, periods);
    }

    /** What is rated at once: a tenant's range, or the part of it that lies in one month. */
    private record Part(String tenant, TimeRange range, List<TimeRange> periods, Prices prices, TimeRange wanted) {}

    /** Tenants whose usage is cut alike are read at once. */
    private record Reading(List<TimeRange> slices, List<TimeRange> periods, Set<ProductPattern> byWindow) {}

    private List<Rating> byContracts(
            Question question, Collection<ContractHistory> contracts, PriceHistory everybodys) {
        Map<String, PriceHistory> books = agreements.books(contracts);
        Map<Reading, List<Part>> readings = new LinkedHashMap<>();
        for (ContractHistory contract : contracts) {
            for (Part part : parts(question.range(), contract, books, everybodys)) {
                Reading reading = new Reading(
                        slices(question, List.of(part.range()), part.prices()),
                        part.periods(),
                        part.prices().reservedIn(part.range()));
                readings.computeIfAbsent(reading, key -> new ArrayList<>()).add(part);
            }
        }
        List<Rating> ratings = new ArrayList<>();
        readings.forEach((reading, parts) -> {
            Set<String> tenants = parts.stream().map(Part::tenant).collect(Collectors.toSet());
            UsageQuestion asked = new UsageQuestion(
                    reading.slices(),
                    reading.periods(),
                    reading.byWindow(),
                    question.perProject(),
                    Whose.tenants(tenants));
            Map<String, List<UsageTotal>> used =
                    usage.read(asked).stream().collect(Collectors.groupingBy(UsageTotal::tenant));
            parts.forEach(part -> ratings.add(Rating.of(
                    used.getOrDefault(part.tenant(), List.of()), part.prices(), part.wanted(), List.of(part.range()))));
        });
        return ratings;
    }

    /** Month by month of its own zone, if prices count: what bundles include is reckoned for each. */
    private static List<Part> parts(
            TimeRange range, ContractHistory contract, Map<String, PriceHistory> books, PriceHistory everybodys) {
        YearMonth first = YearMonth.from(range.from().atOffset(ZoneOffset.UTC)).minusMonths(1);
        YearMonth last = YearMonth.from(range.to().atOffset(ZoneOffset.UTC)).plusMonths(1);
        List<BillingPeriod> periods = new ArrayList<>();
        for (YearMonth month = first; !month.isAfter(last); month = month.plusMonths(1)) {
            BillingPeriod period = BillingPeriod.of(month, contract);
            if (period.range().overlaps(range)) {
                periods.add(period);
            }
        }
        Prices ofAll = new ContractPrices(contract, first, books, Optional.of(everybodys));
        if (!ofAll.counts()) {
            List<TimeRange> ranges = periods.stream().map(BillingPeriod::range).toList();
            return List.of(new Part(contract.tenant(), range, ranges, ofAll, range));
        }
        return periods.stream()
                .map(period -> new Part(
                        contract.tenant(),
                        period.range(),
                        List.of(period.range()),
                        new ContractPrices(contract, period.month(), books, Optional.of(everybodys)),
                        period.range().within(range)))
                .toList();
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
