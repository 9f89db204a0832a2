package io.tollgate.invoicing.billing;

import io.tollgate.invoicing.usage.UsageUnavailableException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at days once they are over, which nobody does: time passes. */
public final class AnomalyWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AnomalyWatch.class);
    private static final int LOOK_EVERY_MINUTES = 15;

    private final Anomalies anomalies;
    private final Clock clock;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "anomaly-watch");
        thread.setDaemon(true);
        return thread;
    });

    public AnomalyWatch(Anomalies anomalies, Clock clock) {
        this.anomalies = anomalies;
        this.clock = clock;
    }

    /** Looks now, and then every quarter of an hour; most tenants' days are not due then. */
    public AnomalyWatch start() {
        var unused = timer.scheduleWithFixedDelay(this::look, 0, LOOK_EVERY_MINUTES, TimeUnit.MINUTES);
        return this;
    }

    private void look() {
        try {
            for (String tenant : anomalies.due(clock.instant())) {
                if (timer.isShutdown()) {
                    return;
                }
                look(tenant);
            }
        } catch (UsageUnavailableException e) {
            LOG.warn("anomalies could not be looked for: {}", e.getMessage());
        } catch (RuntimeException e) {
            // An exception would end the timer; the next look finds what this one missed.
            LOG.warn("anomalies could not be looked for", e);
        }
    }

    /** One tenant never holds up the others. */
    private void look(String tenant) {
        try {
            anomalies.look(tenant, clock.instant().truncatedTo(ChronoUnit.MILLIS));
        } catch (RuntimeException e) {
            LOG.warn("anomalies of {} could not be looked for", tenant, e);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
