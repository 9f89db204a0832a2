package io.tollgate.invoicing.billing;

import io.tollgate.invoicing.alert.BudgetForecast;
import io.tollgate.invoicing.budget.Budget;
import io.tollgate.invoicing.budget.Counted;
import io.tollgate.invoicing.budget.Cycle;
import io.tollgate.invoicing.budget.Portion;
import io.tollgate.invoicing.budget.SpendSource;
import io.tollgate.invoicing.budget.Watermark;
import io.tollgate.invoicing.usage.Detail;
import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.UsageUnavailableException;
import io.tollgate.invoicing.usage.Window;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Currency;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what a tenant's budgets have used, all of them by one reading. Months that ended some days ago hardly change, so
 * these are read anew only every ten minutes.
 */
final class BudgetCounting {

    private static final Logger LOG = LoggerFactory.getLogger(BudgetCounting.class);

    /** What comes late may still cross a threshold of the period before. */
    private static final Duration LATE = Duration.ofDays(1);

    private static final Duration SETTLED_AFTER = Duration.ofDays(2);
    private static final Duration REMEMBERED_FOR = Duration.ofMinutes(10);

    /** How far behind the job can be at the start for that to be seen. Each event of that time is read then, once. */
    private static final Duration LOOKED_BACK = Duration.ofHours(2);

    /** Values of one tag that a query names; of more, all are told apart. */
    private static final int VALUES_MAX = 1_000;

    private final SpendSource source;
    private final Watermark watermark;
    private final Map<Piece, Read> remembered = new ConcurrentHashMap<>();

    /** By tenant, what was last said of until when everything is counted. */
    private final Map<String, Instant> throughs = new ConcurrentHashMap<>();

    BudgetCounting(SpendSource source, Duration countedWithin) {
        this.source = source;
        this.watermark = new Watermark(countedWithin);
    }

    private record Piece(String tenant, TimeRange range, Detail detail) {}

    private record Read(Instant at, List<Portion> portions) {}

    /** A budget's periods that matter, the one that runs now last, if one does. */
    record Count(Budget budget, ZoneId zone, List<Counted> periods) {}

    /**
     * Counts them.
     *
     * @param budgets of the tenant
     * @throws io.tollgate.invoicing.usage.UsageUnavailableException if usage cannot be read now
     */
    List<Count> count(String tenant, List<Budget> budgets, Instant now) {
        ZoneId zone = source.zone(tenant, now);
        // Before anything is read: what the job counts in between is in the count, and not yet said to be.
        Instant through = through(tenant, now);
        Optional<Currency> billedIn = source.currency(tenant, now);
        Detail detail = detail(budgets);
        Instant from = budgets.stream()
                .flatMap(budget -> periods(budget, zone, now).stream().map(period -> from(budget, period, zone)))
                .min(Instant::compareTo)
                .orElse(now);
        Instant to = Window.startOf(now).plusSeconds(Window.SECONDS);
        List<Portion> portions =
                from.isBefore(to) ? read(tenant, new TimeRange(from, to), zone, detail, now) : List.of();
        return budgets.stream()
                .map(budget -> new Count(
                        budget,
                        zone,
                        periods(budget, zone, now).stream()
                                .map(period -> Counted.of(
                                        budget.wish(),
                                        period,
                                        zone,
                                        portions,
                                        billedIn.filter(currency -> period.contains(now)),
                                        through))
                                .toList()))
                .toList();
    }

    /** Until when everything that the tenant used is counted; while nobody can tell, no later than before. */
    private Instant through(String tenant, Instant now) {
        Instant before = throughs.computeIfAbsent(tenant, name -> now.minus(LOOKED_BACK));
        try {
            Optional<Instant> uncounted = source.uncounted(tenant, before, watermark.arrivedBefore(now), now);
            return throughs.merge(
                    tenant, watermark.at(now, before, uncounted), (one, other) -> one.isAfter(other) ? one : other);
        } catch (UsageUnavailableException e) {
            LOG.warn("how far usage of {} is counted is not known now: {}", tenant, e.getMessage());
            return before;
        }
    }

    /**
     * No finer than budgets ask: a tenant may have more projects than usage can be held by, and of ten thousand keys those
     * that have a budget are told from all others.
     */
    static Detail detail(List<Budget> budgets) {
        Map<String, Set<String>> tags = new HashMap<>();
        budgets.forEach(budget -> budget.subject()
                .tags()
                .forEach((key, value) ->
                        tags.computeIfAbsent(key, first -> new HashSet<>()).add(value)));
        Map<String, Set<String>> few = new HashMap<>(tags);
        few.values().removeIf(values -> values.size() > VALUES_MAX);
        return Detail.of(
                        budgets.stream()
                                .anyMatch(budget -> budget.subject().project().isPresent()),
                        tags.keySet())
                .withTagValues(few);
    }

    private static List<TimeRange> periods(Budget budget, ZoneId zone, Instant now) {
        Cycle cycle = budget.wish().cycle();
        return Stream.of(now.minus(LATE), now)
                .flatMap(instant -> cycle.at(instant, zone).stream())
                .distinct()
                .toList();
    }

    private static Instant from(Budget budget, TimeRange period, ZoneId zone) {
        return budget.wish().forecastThresholds().isEmpty()
                ? period.from()
                : period.from()
                        .atZone(zone)
                        .minusDays(BudgetForecast.DAYS_BEFORE)
                        .toInstant();
    }

    private List<Portion> read(String tenant, TimeRange range, ZoneId zone, Detail detail, Instant now) {
        remembered.values().removeIf(read -> read.at().plus(REMEMBERED_FOR).isBefore(now));
        List<Portion> portions = new ArrayList<>();
        for (TimeRange part : range.cutAt(monthStarts(range, zone))) {
            if (part.to().plus(SETTLED_AFTER).isAfter(now)) {
                portions.addAll(source.read(tenant, part, zone, detail, now));
            } else {
                portions.addAll(remembered
                        .computeIfAbsent(
                                new Piece(tenant, part, detail),
                                piece -> new Read(now, source.read(tenant, part, zone, detail, now)))
                        .portions());
            }
        }
        return portions;
    }

    private static List<Instant> monthStarts(TimeRange range, ZoneId zone) {
        LocalDate first = range.from().atZone(zone).toLocalDate().withDayOfMonth(1);
        return Stream.iterate(first, month -> month.plusMonths(1))
                .map(month -> month.atStartOfDay(zone).toInstant())
                .takeWhile(start -> start.isBefore(range.to()))
                .toList();
    }

    /** What each of the budgets' tenants has, to count one after the other. */
    static Map<String, List<Budget>> byTenant(List<Budget> budgets) {
        Map<String, List<Budget>> byTenant = new HashMap<>();
        budgets.forEach(budget -> byTenant.computeIfAbsent(budget.subject().tenant(), tenant -> new ArrayList<>())
                .add(budget));
        return byTenant;
    }
}
