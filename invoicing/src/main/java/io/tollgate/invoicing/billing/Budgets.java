package io.tollgate.invoicing.billing;

import io.tollgate.invoicing.billing.BudgetCounting.Count;
import io.tollgate.invoicing.budget.Amounts;
import io.tollgate.invoicing.budget.Budget;
import io.tollgate.invoicing.budget.Counted;
import io.tollgate.invoicing.budget.Decision;
import io.tollgate.invoicing.budget.Gate;
import io.tollgate.invoicing.budget.Lease;
import io.tollgate.invoicing.budget.SpendSource;
import io.tollgate.invoicing.budget.Standing;
import io.tollgate.invoicing.budget.Subject;
import io.tollgate.invoicing.postgres.BudgetStore;
import io.tollgate.invoicing.postgres.LeaseStore;
import io.tollgate.invoicing.usage.Detail;
import io.tollgate.invoicing.usage.TooMuchDetailException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known of all budgets, in memory, and leases of what is left of them. Whether a gateway may go on is answered from
 * memory alone; a lease is given by PostgreSQL, where all processes give them, and by the count that is in memory.
 */
public final class Budgets {

    private static final Logger LOG = LoggerFactory.getLogger(Budgets.class);

    /** How long a lease can still be asked for after it ended. */
    private static final Duration REMEMBERED_FOR = Duration.ofDays(1);

    private final BudgetStore store;
    private final LeaseStore leases;
    private final SpendSource source;
    private final BudgetCounting counting;
    private final Gate gate;
    private final Clock clock;

    private final Map<String, Known> known = new ConcurrentHashMap<>();
    private final Map<String, ZoneId> zones = new ConcurrentHashMap<>();
    private final Map<String, Touched> touched = new ConcurrentHashMap<>();
    private final Map<String, List<Standing>> standings = new ConcurrentHashMap<>();
    private volatile Map<String, Map<String, Lease>> live = new ConcurrentHashMap<>();

    public Budgets(BudgetStore store, LeaseStore leases, SpendSource source, BudgetConfig config, Clock clock) {
        this.store = store;
        this.leases = leases;
        this.source = source;
        this.counting = new BudgetCounting(source, config.countedWithin());
        this.gate = new Gate(config.staleAfter());
        this.clock = clock;
    }

    private record Known(Budget budget, Counted counted) {}

    /** A lease that was changed here, so that a list that was read just before does not take the change back. */
    private record Touched(Lease lease, long nanos) {}

    /** What came of asking for a lease. */
    public sealed interface Taken {

        /**
         * There is one.
         *
         * @param isNew whether it was given just now
         */
        record Given(Lease lease, boolean isNew) implements Taken {}

        /** There is one of that id, for something else. */
        record Different(Lease lease) implements Taken {}

        record Denied(Decision decision) implements Taken {}
    }

    /** Whether somebody may spend, as far as is known here and now. */
    public Decision check(Subject who, Amounts wanted) {
        return gate.check(
                standings.getOrDefault(who.tenant(), List.of()),
                live.getOrDefault(who.tenant(), Map.of()).values(),
                who,
                wanted,
                now());
    }

    /**
     * Gives a lease, or the one that was given by that id.
     *
     * @param length how long it lasts; it ends with the period of a budget, if that is sooner
     */
    public Taken take(String id, Subject who, Amounts wanted, Duration length) {
        // Not under the tenant's lock, as it may need a connection of its own.
        zones.computeIfAbsent(who.tenant(), name -> source.zone(name, now()));
        List<Decision> decisions = new ArrayList<>();
        Optional<Lease> taken = leases.take(id, who.tenant(), since(who.tenant()), (budgets, others) -> {
            Instant now = now();
            List<Standing> all = budgets.stream().map(this::standing).toList();
            Decision decision = gate.lease(all, others, who, wanted, now);
            decisions.add(decision);
            return decision.allowed()
                    ? Optional.of(Lease.granted(id, who, wanted, now, Gate.end(all, who, now.plus(length), now)))
                    : Optional.empty();
        });
        if (taken.isEmpty()) {
            return new Taken.Denied(decisions.get(0));
        }
        if (!taken.get().isOf(who, wanted)) {
            return new Taken.Different(taken.get());
        }
        touch(taken.get());
        return new Taken.Given(taken.get(), !decisions.isEmpty());
    }

    public Optional<Lease> lease(String id) {
        return leases.find(id);
    }

    /** Lets a lease last so much longer from now on; empty if there is none. */
    public Optional<Lease.Change> renew(String id, Duration length) {
        Instant now = now();
        return touched(leases.change(id, lease -> {
            List<Standing> all = standings.getOrDefault(lease.subject().tenant(), List.of());
            return lease.renew(Gate.end(all, lease.subject(), now.plus(length), now), now);
        }));
    }

    /** Says what was spent under a lease, which ends it; empty if there is none. */
    public Optional<Lease.Change> settle(String id, Amounts spent) {
        Instant now = now();
        return touched(leases.change(id, lease -> lease.settle(spent, now)));
    }

    private Optional<Lease.Change> touched(Optional<Lease.Change> change) {
        change.ifPresent(came -> {
            if (came instanceof Lease.Change.Made made) {
                touch(made.lease());
            }
        });
        return change;
    }

    private void touch(Lease lease) {
        touched.put(lease.id(), new Touched(lease, System.nanoTime()));
        put(live, lease);
    }

    private static void put(Map<String, Map<String, Lease>> byTenant, Lease lease) {
        byTenant.computeIfAbsent(lease.subject().tenant(), tenant -> new ConcurrentHashMap<>())
                .put(lease.id(), lease);
    }

    /** A budget with what is known of it. */
    public Standing standing(Budget budget) {
        String tenant = budget.subject().tenant();
        return new Standing(
                budget,
                zones.computeIfAbsent(tenant, name -> source.zone(name, now())),
                Optional.ofNullable(known.get(budget.id()))
                        .filter(each -> each.budget().countsLike(budget))
                        .map(Known::counted));
    }

    /** Counts a budget that was just made, changed or looked at; what cannot be read now stays as it was. */
    public Standing counted(Budget budget) {
        try {
            counting.count(budget.subject().tenant(), List.of(budget), now()).forEach(this::remember);
        } catch (RuntimeException e) {
            // It stands as unknown, and the next count tries again.
            LOG.warn("the budget {} is not counted now: {}", budget.id(), e.getMessage());
        }
        Standing standing = standing(budget);
        replace(budget, List.of(standing));
        return standing;
    }

    /** Forgets a budget that was deleted. */
    public void forget(Budget budget) {
        known.remove(budget.id());
        replace(budget, List.of());
    }

    private void replace(Budget budget, List<Standing> by) {
        standings.compute(
                budget.subject().tenant(),
                (tenant, before) -> Stream.concat(
                                Optional.ofNullable(before).orElse(List.of()).stream()
                                        .filter(each -> !each.budget().id().equals(budget.id())),
                                by.stream())
                        .toList());
    }

    /** Looks for what other processes changed, and at the start for what there is. */
    public void refresh() {
        long nanos = System.nanoTime();
        List<Budget> all = store.all();
        Map<String, List<Budget>> byTenant = BudgetCounting.byTenant(all);
        byTenant.forEach((tenant, budgets) ->
                standings.put(tenant, budgets.stream().map(this::standing).toList()));
        standings.keySet().retainAll(byTenant.keySet());
        known.keySet().retainAll(all.stream().map(Budget::id).toList());
        Map<String, Map<String, Lease>> read = new ConcurrentHashMap<>();
        leases.live(oldestCount().orElse(now().minus(REMEMBERED_FOR))).forEach(lease -> put(read, lease));
        touched.values().removeIf(each -> each.nanos() - nanos < 0);
        touched.values().forEach(each -> put(read, each.lease()));
        live = read;
    }

    /**
     * Counts what all budgets have used.
     *
     * @return by budget what there is to look at; without those whose usage cannot be read now
     */
    List<Count> countAll() {
        List<Count> counted = new ArrayList<>();
        BudgetCounting.byTenant(store.all()).forEach((tenant, budgets) -> {
            // What a tenant made itself never holds up what finance made for it.
            budgets.stream()
                    .collect(Collectors.partitioningBy(Budget::byTenant))
                    .values()
                    .forEach(some -> counted.addAll(countSome(tenant, some)));
        });
        long running =
                counted.stream().filter(count -> !count.periods().isEmpty()).count();
        if (known.size() == running) {
            leases.forget(oldestCount().orElseGet(this::now).minus(REMEMBERED_FOR));
        }
        return counted;
    }

    private List<Count> countSome(String tenant, List<Budget> some) {
        if (some.isEmpty()) {
            return List.of();
        }
        try {
            List<Count> counts = counting.count(tenant, some, now());
            counts.forEach(this::remember);
            return counts;
        } catch (TooMuchDetailException e) {
            // Those that need more detail than is held never hold up those that need less.
            Map<Detail, List<Budget>> byDetail =
                    some.stream().collect(Collectors.groupingBy(budget -> BudgetCounting.detail(List.of(budget))));
            if (byDetail.size() > 1) {
                return byDetail.values().stream()
                        .flatMap(alike -> countSome(tenant, alike).stream())
                        .toList();
            }
            LOG.warn("budgets of {} are not counted: {}", tenant, e.getMessage());
            return List.of();
        } catch (RuntimeException e) {
            // One tenant's prices never hold up the others; its counts get old, and gateways are told so.
            LOG.warn("budgets of {} are not counted now: {}", tenant, e.getMessage());
            return List.of();
        }
    }

    private void remember(Count count) {
        zones.put(count.budget().subject().tenant(), count.zone());
        if (count.periods().isEmpty()) {
            // It has no period that is of any matter, and must not hold up what becomes of everybody's leases.
            known.remove(count.budget().id());
        } else {
            Counted latest = count.periods().get(count.periods().size() - 1);
            known.put(count.budget().id(), new Known(count.budget(), latest));
        }
    }

    private Optional<Instant> oldestCount() {
        return known.values().stream().map(each -> each.counted().through()).min(Instant::compareTo);
    }

    /** When leases end that are of no matter to a tenant's budgets; a day ago, if one was never counted. */
    private Instant since(String tenant) {
        List<Standing> all = standings.getOrDefault(tenant, List.of());
        Instant aDayAgo = now().minus(REMEMBERED_FOR);
        return all.stream()
                .map(each -> each.counted().map(Counted::through).orElse(aDayAgo))
                .min(Instant::compareTo)
                .orElse(aDayAgo);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
