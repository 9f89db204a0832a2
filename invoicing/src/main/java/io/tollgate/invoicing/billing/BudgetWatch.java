package io.tollgate.invoicing.billing;

import io.tollgate.invoicing.alert.Alert;
import io.tollgate.invoicing.alert.BudgetAlerts;
import io.tollgate.invoicing.alert.BudgetForecast;
import io.tollgate.invoicing.alert.BudgetForecast.Forecaster;
import io.tollgate.invoicing.billing.BudgetCounting.Count;
import io.tollgate.invoicing.postgres.Alerts;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what is known of budgets fresh, and raises alerts that they give cause to. */
public final class BudgetWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BudgetWatch.class);
    private static final int REMEMBERED_MAX = 100_000;

    private final Budgets budgets;
    private final Alerts alerts;
    private final Forecaster forecaster;
    private final BudgetConfig config;
    private final Clock clock;

    /** Alerts that need not be looked for in the database again. */
    private final Set<String> raised = ConcurrentHashMap.newKeySet();

    private final ScheduledExecutorService timers = Executors.newScheduledThreadPool(2, work -> {
        Thread thread = new Thread(work, "budget-watch");
        thread.setDaemon(true);
        return thread;
    });

    public BudgetWatch(Budgets budgets, Alerts alerts, Forecaster forecaster, BudgetConfig config, Clock clock) {
        this.budgets = budgets;
        this.alerts = alerts;
        this.forecaster = forecaster;
        this.config = config;
        this.clock = clock;
    }

    /** Looks now, and then again and again. */
    public BudgetWatch start() {
        every(this::refresh, config.refreshEvery().toMillis());
        every(this::look, config.countEvery().toMillis());
        return this;
    }

    private void every(Runnable work, long millis) {
        var unused = timers.scheduleWithFixedDelay(work, 0, millis, TimeUnit.MILLISECONDS);
    }

    private void refresh() {
        try {
            budgets.refresh();
        } catch (RuntimeException e) {
            // An exception would end the timer; the next look finds what this one missed.
            LOG.warn("budgets could not be looked for: {}", e.getMessage());
        }
    }

    private void look() {
        try {
            Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
            for (Count count : budgets.countAll()) {
                tellOf(count, now);
            }
            budgets.refresh();
        } catch (RuntimeException e) {
            LOG.warn("budgets could not be watched: {}", e.getMessage());
        }
    }

    private void tellOf(Count count, Instant now) {
        try {
            tell(count, now);
        } catch (RuntimeException e) {
            // One budget never holds up the others.
            LOG.warn(
                    "alerts of the budget {} are not raised now: {}",
                    count.budget().id(),
                    e.getMessage());
        }
    }

    private void tell(Count count, Instant now) {
        count.periods().forEach(counted -> {
            Optional<BudgetAlerts.Expected> expected =
                    count.budget().wish().forecastThresholds().isEmpty()
                            ? Optional.empty()
                            : BudgetForecast.of(counted, now, forecaster);
            BudgetAlerts.of(count.budget(), counted, expected, now).forEach(this::raise);
        });
    }

    private void raise(Alert alert) {
        String id = alert.id();
        if (!raised.contains(id)) {
            alerts.raise(alert);
            if (raised.size() >= REMEMBERED_MAX) {
                raised.clear();
            }
            raised.add(id);
        }
    }

    @Override
    public void close() {
        timers.shutdownNow();
    }
}
