package io.tollgate.invoicing.billing;

import io.tollgate.invoicing.postgres.ReceivableStore;
import java.time.Clock;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notices when invoices become overdue, which nobody does: time passes. */
public final class OverdueWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OverdueWatch.class);
    private static final int LOOK_EVERY_MINUTES = 10;

    private final ReceivableStore receivables;
    private final Clock clock;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "overdue-watch");
        thread.setDaemon(true);
        return thread;
    });

    public OverdueWatch(ReceivableStore receivables, Clock clock) {
        this.receivables = receivables;
        this.clock = clock;
    }

    /** Looks now, and then every ten minutes. */
    public OverdueWatch start() {
        var unused = timer.scheduleWithFixedDelay(this::look, 0, LOOK_EVERY_MINUTES, TimeUnit.MINUTES);
        return this;
    }

    /** A few hundred at a time, until there are no more. */
    private void look() {
        try {
            int told;
            do {
                told = receivables.tellOverdue(clock.instant());
            } while (told > 0 && !timer.isShutdown());
        } catch (RuntimeException e) {
            // An exception would end the timer; the next look finds what this one missed.
            LOG.warn("overdue invoices could not be looked for", e);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
