package io.tollgate.invoicing.billing;

import io.tollgate.invoicing.budget.Portion;
import io.tollgate.invoicing.budget.SpendSource;
import io.tollgate.invoicing.budget.Subject;
import io.tollgate.invoicing.contract.ContractHistory;
import io.tollgate.invoicing.contract.Payers;
import io.tollgate.invoicing.cost.Cost;
import io.tollgate.invoicing.postgres.PriceBookStore;
import io.tollgate.invoicing.pricing.PriceHistory;
import io.tollgate.invoicing.spend.Granularity;
import io.tollgate.invoicing.spend.Spend;
import io.tollgate.invoicing.spend.SpendDimension;
import io.tollgate.invoicing.spend.SpendQuestion;
import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.Whose;
import java.math.BigInteger;
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
import java.util.SortedSet;
import java.util.TreeMap;

/** What budgets count, from spend: so a budget's figure is the invoices'. */
public final class BudgetUsage implements SpendSource {

    private static final int METER = 0;
    private static final int PROJECT = 1;
    private static final int TAGS = 2;

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
        return payers.contract(payers.of(tenant, YearMonth.from(now.atOffset(ZoneOffset.UTC))))
                .map(ContractHistory::currency)
                .or(() -> books.history(Drafts.LIST_PRICES).map(PriceHistory::currency));
    }

    @Override
    public Optional<Instant> uncounted(String tenant, Instant since, Instant arrivedBefore, Instant now) {
        return freshness.uncounted(Whose.tenants(Set.of(tenant)), since, arrivedBefore, now);
    }

    @Override
    public List<Portion> read(String tenant, TimeRange range, ZoneId zone, SortedSet<String> tagKeys, Instant now) {
        List<SpendDimension> groupBy = new ArrayList<>(List.of(SpendDimension.METER, SpendDimension.PROJECT));
        tagKeys.forEach(key -> groupBy.add(SpendDimension.tag(key)));
        SpendQuestion question =
                new SpendQuestion(range, Granularity.DAY, zone, Whose.tenants(Set.of(tenant)), groupBy, Map.of());
        List<Portion> portions = new ArrayList<>();
        // Quantities whether they have a price or not, and what they cost by the invoices.
        usage.of(question)
                .forEach(row -> portions.add(
                        portion(tenant, row.period(), row.group(), row.quantity(), Optional.empty(), tagKeys)));
        spend.of(question, now)
                .map(Spend::rows)
                .orElse(List.of())
                .forEach(row -> portions.add(
                        portion(tenant, row.period(), row.group(), BigInteger.ZERO, Optional.of(row.cost()), tagKeys)));
        return portions;
    }

    private static Portion portion(
            String tenant,
            TimeRange period,
            List<String> group,
            BigInteger quantity,
            Optional<Cost> cost,
            SortedSet<String> tagKeys) {
        SortedMap<String, String> tags = new TreeMap<>();
        int place = TAGS;
        for (String key : tagKeys) {
            String value = group.get(place++);
            if (!value.isEmpty()) {
                tags.put(key, value);
            }
        }
        return new Portion(
                period.from(),
                new Subject(tenant, Optional.of(group.get(PROJECT)).filter(name -> !name.isEmpty()), tags),
                group.get(METER),
                quantity,
                cost);
    }
}
