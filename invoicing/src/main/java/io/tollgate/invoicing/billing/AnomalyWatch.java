package io.tollgate.invoicing.billing;

import io.tollgate.invoicing.usage.UsageUnavailableException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at days once they are over, which nobody does: time passes. */
public final class AnomalyWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AnomalyWatch.class);
    private static final int LOOK_EVERY_MINUTES = 15;
    /** A reading costs some milliseconds whatever it reads; a month of so many tenants' days is some ten mebibytes. */
    private static final int TOGETHER = 100;

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
            List<String> due = List.copyOf(anomalies.due(clock.instant()));
            boolean looked = true;
            for (int from = 0; from < due.size() && looked && !timer.isShutdown(); from += TOGETHER) {
                looked = look(due.subList(from, Math.min(due.size(), from + TOGETHER)));
            }
        } catch (UsageUnavailableException e) {
            LOG.warn("anomalies could not be looked for: {}", e.getMessage());
        } catch (RuntimeException e) {
            // An exception would end the timer; the next look finds what this one missed.
            LOG.warn("anomalies could not be looked for", e);
        }
    }

    private boolean look(List<String> tenants) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        try {
            return anomalies.look(Set.copyOf(tenants), now);
        } catch (UsageUnavailableException e) {
            throw e;
        } catch (RuntimeException e) {
            if (tenants.size() == 1) {
                LOG.warn("anomalies of {} could not be looked for", tenants.get(0), e);
                return true;
            }
            // One tenant never holds up the others.
            return tenants.stream().allMatch(tenant -> look(List.of(tenant)));
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
