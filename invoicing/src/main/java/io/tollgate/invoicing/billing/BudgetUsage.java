package io.tollgate.invoicing.billing;

import io.tollgate.invoicing.budget.Portion;
import io.tollgate.invoicing.budget.SpendSource;
import io.tollgate.invoicing.budget.Subject;
import io.tollgate.invoicing.contract.ContractHistory;
import io.tollgate.invoicing.contract.Days;
import io.tollgate.invoicing.contract.Payers;
import io.tollgate.invoicing.cost.Cost;
import io.tollgate.invoicing.postgres.PriceBookStore;
import io.tollgate.invoicing.pricing.PriceHistory;
import io.tollgate.invoicing.spend.Granularity;
import io.tollgate.invoicing.spend.MixedCurrenciesException;
import io.tollgate.invoicing.spend.Spend;
import io.tollgate.invoicing.spend.SpendDimension;
import io.tollgate.invoicing.spend.SpendQuestion;
import io.tollgate.invoicing.usage.Detail;
import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.TooMuchDetailException;
import io.tollgate.invoicing.usage.Whose;
import io.tollgate.invoicing.usage.Window;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** What budgets count, from spend: so a budget's figure is the invoices'. */
public final class BudgetUsage implements SpendSource {

    private static final int METER = 0;
    private static final int TAGS = 1;

    private final SpendQuery spend;
    private final UsageQuery usage;
    private final Zones zones;
    private final Freshness freshness;
    private final Agreements agreements;
    private final PriceBookStore books;

    public BudgetUsage(
            SpendQuery spend,
            UsageQuery usage,
            Zones zones,
            Freshness freshness,
            Agreements agreements,
            PriceBookStore books) {
        this.spend = spend;
        this.usage = usage;
        this.zones = zones;
        this.freshness = freshness;
        this.agreements = agreements;
        this.books = books;
    }

    @Override
    public ZoneId zone(String tenant, Instant now) {
        return zones.of(Whose.tenants(Set.of(tenant)));
    }

    @Override
    public Optional<Currency> currency(String tenant, Instant now) {
        Payers payers = agreements.payers(Set.of(tenant));
        YearMonth month = month(tenant, payers, now);
        Optional<Currency> list = books.history(Drafts.LIST_PRICES).map(PriceHistory::currency);
        return payers.contract(payers.of(tenant, month))
                // Before or after all contracts the list prices apply, which may be in a currency of their own.
                .filter(contract -> contract.lastIn(Days.of(month)).isPresent()
                        || list.equals(Optional.of(contract.priceCurrency())))
                .map(ContractHistory::currency)
                .or(() -> list);
    }

    /** The month that it is by whoever pays. */
    private static YearMonth month(String tenant, Payers payers, Instant now) {
        YearMonth ofUtc = YearMonth.from(now.atOffset(ZoneOffset.UTC));
        if (now.isBefore(payers.startOf(tenant, ofUtc))) {
            return ofUtc.minusMonths(1);
        }
        return now.isBefore(payers.startOf(tenant, ofUtc.plusMonths(1))) ? ofUtc : ofUtc.plusMonths(1);
    }

    @Override
    public Optional<Instant> uncounted(String tenant, Instant since, Instant arrivedBefore, Instant now) {
        return freshness.uncounted(Whose.tenants(Set.of(tenant)), since, arrivedBefore, now);
    }

    @Override
    public List<Portion> read(String tenant, TimeRange range, ZoneId zone, Detail detail, Instant now) {
        List<SpendDimension> groupBy = new ArrayList<>(List.of(SpendDimension.METER));
        detail.tagKeys().forEach(key -> groupBy.add(SpendDimension.tag(key)));
        if (detail.byProject()) {
            groupBy.add(SpendDimension.PROJECT);
        }
        SpendQuestion question = new SpendQuestion(
                range,
                Granularity.DAY,
                zone,
                Whose.tenants(Set.of(tenant)),
                groupBy,
                Map.of(),
                Map.copyOf(detail.tagValues()));
        List<Portion> portions = new ArrayList<>();
        // Quantities whether they have a price or not, and what they cost by the invoices.
        inParts(question, usage::of)
                .forEach(row -> portions.add(portion(
                        tenant, day(row.period(), zone), row.group(), row.quantity(), Optional.empty(), detail)));
        inParts(question, part -> spend.of(part, now).map(Spend::rows).orElse(List.of()))
                .forEach(row -> portions.add(portion(
                        tenant,
                        day(row.period(), zone),
                        row.group(),
                        BigInteger.ZERO,
                        Optional.of(row.cost()),
                        detail)));
        return portions;
    }

    private static Instant day(TimeRange period, ZoneId zone) {
        return period.from().atZone(zone).toLocalDate().atStartOfDay(zone).toInstant();
    }

    /** Where the currency changes within the range, or all of it is too much to hold, each half is asked for apart. */
    private static <R> List<R> inParts(SpendQuestion question, Function<SpendQuestion, List<R>> read) {
        try {
            return read.apply(question);
        } catch (MixedCurrenciesException | TooMuchDetailException e) {
            TimeRange range = question.range();
            Instant middle = Window.startOf(
                    range.from().plus(Duration.between(range.from(), range.to()).dividedBy(2)));
            if (!middle.isAfter(range.from())) {
                throw e;
            }
            return range.cutAt(List.of(middle)).stream()
                    .flatMap(part -> inParts(question.during(part), read).stream())
                    .toList();
        }
    }

    private static Portion portion(
            String tenant, Instant day, List<String> group, BigInteger quantity, Optional<Cost> cost, Detail detail) {
        SortedMap<String, String> tags = new TreeMap<>();
        int place = TAGS;
        for (String key : detail.tagKeys()) {
            String value = group.get(place++);
            if (!value.isEmpty()) {
                tags.put(key, value);
            }
        }
        Optional<String> project = detail.byProject() ? Optional.of(group.get(place)) : Optional.empty();
        return new Portion(
                day,
                new Subject(tenant, project.filter(name -> !name.isEmpty()), tags),
                group.get(METER),
                quantity,
                cost);
    }
}
