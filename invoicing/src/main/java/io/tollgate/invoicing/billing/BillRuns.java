package io.tollgate.invoicing.billing;

import io.tollgate.invoicing.billrun.BillRunId;
import io.tollgate.invoicing.billrun.RunException;
import io.tollgate.invoicing.invoice.BillingTerms;
import io.tollgate.invoicing.invoice.Closing;
import io.tollgate.invoicing.invoice.Closing.Blocker;
import io.tollgate.invoicing.invoice.Invoice;
import io.tollgate.invoicing.postgres.BalancesChangedException;
import io.tollgate.invoicing.postgres.BillRunStore;
import io.tollgate.invoicing.postgres.BillRunStore.Batch;
import io.tollgate.invoicing.pricing.PriceHistory;
import io.tollgate.invoicing.usage.UsageReader;
import io.tollgate.invoicing.usage.UsageUnavailableException;
import java.time.Clock;
import java.time.Instant;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes months for all tenants: in batches, each read, rated and saved in a transaction of its own, so that nothing is
 * done by halves whenever it ends, and several processes may work on one month.
 */
public final class BillRuns implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BillRuns.class);

    /** Enough to make a query worth its while, few enough that their invoices are small in memory. */
    private static final int BATCH_TENANTS = 200;

    private static final int ENROLLED_AT_ONCE = 10_000;
    /** While one saves, the other reads and rates. */
    private static final int WORKERS = 2;

    /** Somebody else may post to a batch's balances in between, again and again; not this often. */
    private static final int BATCH_TURNS_MAX = 10;

    private static final int CLOSE_SECONDS = 30;

    private final Drafts drafts;
    private final UsageReader usage;
    private final Obstacles obstacles;
    private final BillRunStore runs;
    private final BillingTerms terms;
    private final BillingMetrics metrics;
    private final Clock clock;
    private final ExecutorService workers = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "bill-run");
        thread.setDaemon(true);
        return thread;
    });
    private final Set<BillRunId> wanted = ConcurrentHashMap.newKeySet();
    private final Map<BillRunId, CompletableFuture<BillRunId>> underWay = new ConcurrentHashMap<>();
    private final AtomicBoolean stopping = new AtomicBoolean();

    public BillRuns(
            Drafts drafts,
            UsageReader usage,
            Obstacles obstacles,
            BillRunStore runs,
            BillingTerms terms,
            BillingMetrics metrics,
            Clock clock) {
        this.drafts = drafts;
        this.usage = usage;
        this.obstacles = obstacles;
        this.runs = runs;
        this.terms = terms;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** Which run closes the month here. */
    public BillRunId idOf(YearMonth month) {
        return new BillRunId(month, terms.issuer());
    }

    /**
     * Begins to close the month, or goes on where an earlier run was cut off or blocked; if it is being closed, nothing
     * changes.
     *
     * @param inGrace whether not to wait for the end of the grace
     * @return why it cannot be closed; empty if the run is under way
     */
    public Optional<Blocker> start(YearMonth month, boolean inGrace) {
        BillRunId id = idOf(month);
        Instant now = now();
        if (!id.period().hasEndedBy(now)) {
            return Optional.of(new Blocker(
                    "period_open", "the period ends at " + id.period().range().to() + "; it is " + now));
        }
        if (terms.isInGrace(id.period(), now) && !inGrace) {
            return Optional.of(Invoices.inGrace(id.period(), terms));
        }
        Optional<PriceHistory> prices = drafts.prices();
        if (prices.isEmpty()) {
            return Optional.of(Invoices.NO_PRICE_BOOK);
        }
        runs.open(id, now);
        wanted.add(id);
        // Behind one that is under way, which may have passed what was just decided; mostly it finds nothing to do.
        underWay.compute(
                id,
                (key, current) -> Optional.ofNullable(current)
                        .orElseGet(() -> CompletableFuture.completedFuture(null))
                        .handleAsync((none, failure) -> run(id, prices.get()), workers));
        return Optional.empty();
    }

    /** Waits until this process works on the month's run no more. */
    public void await(YearMonth month) {
        Optional.ofNullable(underWay.get(idOf(month))).ifPresent(CompletableFuture::join);
    }

    /** Lets batches that are under way end, and begins no more. */
    @Override
    public void close() {
        stopping.set(true);
        workers.shutdown();
        try {
            if (!workers.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("a bill run did not stop within {} s; started again it goes on", CLOSE_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private BillRunId run(BillRunId id, PriceHistory prices) {
        if (!wanted.remove(id)) {
            return id;
        }
        try {
            Obstacles.Search search = obstacles.search(prices, now());
            if (!runs.areWaived(id, search.nobodys(id.period()))) {
                runs.end(id, true, now());
                return id;
            }
            enrol(id);
            List<CompletableFuture<Void>> working = Stream.generate(
                            () -> CompletableFuture.runAsync(() -> work(id, prices, search), workers))
                    .limit(WORKERS)
                    .toList();
            working.forEach(CompletableFuture::join);
            if (!stopping.get()) {
                runs.end(id, false, now());
            }
        } catch (CompletionException e) {
            fail(id, Optional.ofNullable(e.getCause()).orElse(e));
        } catch (RuntimeException e) {
            fail(id, e);
        }
        return id;
    }

    private void fail(BillRunId id, Throwable cause) {
        LOG.warn("bill run {} failed; started again it goes on", id, cause);
        try {
            runs.fail(id, String.valueOf(cause.getMessage()), now());
        } catch (RuntimeException e) {
            LOG.warn("that bill run {} failed could not be kept", id, e);
        }
    }

    private void enrol(BillRunId id) {
        String last = "";
        List<String> page;
        do {
            page = usage.tenants(id.month(), last, ENROLLED_AT_ONCE);
            runs.enrol(id, payers(id, page));
            last = page.isEmpty() ? last : page.get(page.size() - 1);
        } while (page.size() == ENROLLED_AT_ONCE);
        // A contract may charge for a month without usage, and its month may begin before that of UTC, as may that in
        // which a member leaves.
        runs.enrol(id, payers(id, drafts.contracted()));
    }

    private List<String> payers(BillRunId id, Collection<String> tenants) {
        return drafts.payers(id.month(), tenants).values().stream().distinct().toList();
    }

    private void work(BillRunId id, PriceHistory prices, Obstacles.Search search) {
        OptionalInt made = OptionalInt.of(0);
        int failures = 0;
        while (made.isPresent() && !stopping.get()) {
            Instant now = now();
            try {
                made = runs.batch(
                        id, BATCH_TENANTS, now, (tenants, waived) -> batch(id, tenants, waived, prices, search, now));
                made.ifPresent(metrics::invoicesFinalised);
                failures = 0;
            } catch (BalancesChangedException e) {
                // A note was issued or an invoice closed meanwhile: the batch is computed anew, from what is open now.
                failures++;
                if (failures == BATCH_TURNS_MAX) {
                    throw e;
                }
            }
        }
    }

    private Batch batch(
            BillRunId id,
            List<String> tenants,
            Set<String> waived,
            PriceHistory prices,
            Obstacles.Search search,
            Instant now) {
        List<Invoice> invoices = new ArrayList<>();
        List<RunException> exceptions = new ArrayList<>();
        Set<String> blocked = new HashSet<>();
        Map<String, Invoice> drafts = drafts(id.month(), tenants, prices, now, exceptions, blocked);
        Map<String, List<RunException>> obstaclesOf = search.of(drafts.values(), id.period());
        drafts.forEach((tenant, draft) -> {
            List<RunException> others = obstaclesOf.getOrDefault(tenant, List.of());
            Closing closing = Closing.of(
                    draft,
                    others.stream().map(RunException::blocker).toList(),
                    blocker -> waived.contains(RunException.of(tenant, blocker).id()),
                    now);
            Set<RunException> found = new LinkedHashSet<>(others);
            draft.exceptions().forEach(unbilled -> found.add(RunException.of(tenant, Blocker.of(unbilled))));
            if (closing instanceof Closing.Closed closed) {
                invoices.add(closed.invoice());
            } else if (!draft.isOfNothing()
                    || others.stream().anyMatch(other -> other.code().equals(RunException.LAG))
                    || !draft.period().hasEndedBy(now)) {
                blocked.add(tenant);
                ((Closing.Refused) closing)
                        .blockers().stream()
                                .filter(blocker -> !blocker.code().equals(Closing.NO_USAGE))
                                .forEach(blocker -> found.add(RunException.of(tenant, blocker)));
            }
            exceptions.addAll(found);
        });
        return new Batch(invoices, exceptions, blocked);
    }

    /** One tenant whose invoice cannot be computed must not hold up the others of its batch. */
    private Map<String, Invoice> drafts(
            YearMonth month,
            List<String> tenants,
            PriceHistory prices,
            Instant now,
            List<RunException> exceptions,
            Set<String> blocked) {
        try {
            return drafts.of(month, Set.copyOf(tenants), prices, OpenBalances.closedOnly(prices), now);
        } catch (UsageUnavailableException | JdbiException e) {
            throw e;
        } catch (RuntimeException e) {
            if (tenants.size() > 1) {
                Map<String, Invoice> each = new TreeMap<>();
                tenants.forEach(
                        tenant -> each.putAll(drafts(month, List.of(tenant), prices, now, exceptions, blocked)));
                return each;
            }
            LOG.error("the invoice of {} for {} cannot be computed", tenants, month, e);
            String tenant = tenants.get(0);
            blocked.add(tenant);
            exceptions.add(RunException.of(
                    tenant,
                    new Blocker(
                            RunException.NOT_COMPUTED, "the invoice cannot be computed; the service's log says why")));
            return Map.of();
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
