package io.tollgate.invoicing.delivery;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import io.tollgate.invoicing.postgres.Outbox;
import io.tollgate.invoicing.postgres.Outbox.Backlog;
import io.tollgate.invoicing.postgres.Outbox.Claim;
import io.tollgate.invoicing.webhook.Answer;
import io.tollgate.invoicing.webhook.Answer.Verdict;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers what is due, at least once, and what concerns one subject in its order. Any number may work on one outbox;
 * what one has taken, and was ended over, another takes when its lease is over.
 */
public final class Courier implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Courier.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration MEASURED_EVERY = Duration.ofSeconds(5);

    private final Outbox outbox;
    private final HttpSender sender;
    private final WebhookConfig config;
    private final Clock clock;
    private final RandomGenerator random;
    private final Counter delivered;
    private final Counter failed;
    private final Counter givenUp;
    private final Map<String, Integer> underWay = new HashMap<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final ScheduledExecutorService threads;
    private volatile Backlog backlog = new Backlog(0, Optional.empty());

    /** One that does nothing by itself until it is started. */
    public Courier(
            Outbox outbox,
            HttpSender sender,
            WebhookConfig config,
            Clock clock,
            RandomGenerator random,
            MetricRegistry metrics) {
        this.outbox = outbox;
        this.sender = sender;
        this.config = config;
        this.clock = clock;
        this.random = random;
        this.delivered = metrics.counter("invoicing.webhooks.delivered");
        this.failed = metrics.counter("invoicing.webhooks.attempts.failed");
        this.givenUp = metrics.counter("invoicing.webhooks.given_up");
        metrics.register("invoicing.webhooks.pending", (Gauge<Long>) () -> backlog.deliveries());
        metrics.register("invoicing.webhooks.lag_seconds", (Gauge<Long>) this::lagSeconds);
        this.threads =
                Executors.newScheduledThreadPool(config.threads() + 1, task -> new Thread(task, "webhook-courier"));
    }

    public Courier start() {
        for (int i = 0; i < config.threads(); i++) {
            threads.execute(this::work);
        }
        ScheduledFuture<?> unused =
                threads.scheduleWithFixedDelay(this::measure, 0, MEASURED_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        return this;
    }

    /** Tries one delivery, if one is due; whether one was. */
    public boolean deliverNext() {
        Optional<Claim> due = claim();
        if (due.isEmpty()) {
            return false;
        }
        Claim claim = due.get();
        try {
            Answer answer = sender.send(claim.endpoint(), claim.eventId(), claim.body(), now());
            Verdict verdict = answer.verdict(claim.attempts(), config.schedule(), random, now());
            outbox.finish(claim, answer, verdict, now());
            count(claim, answer, verdict);
        } finally {
            release(claim.endpoint().id());
        }
        return true;
    }

    /** Lets running attempts end, for five seconds at most, then breaks them off; they are tried again. Idempotent. */
    @Override
    public void close() {
        closing.countDown();
        threads.shutdown();
        try {
            if (!threads.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                sender.close();
                threads.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        sender.close();
    }

    private void work() {
        try {
            while (closing.getCount() > 0) {
                if (!deliveredOne()) {
                    closing.await(config.pollInterval().toMillis(), TimeUnit.MILLISECONDS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean deliveredOne() {
        try {
            return deliverNext();
        } catch (RuntimeException e) {
            // The database is away, most likely; what was taken is taken again when its lease is over.
            LOG.warn("webhooks are not delivered now: {}", e.getMessage());
            return false;
        }
    }

    /** One at a time, or all threads would find the same endpoint idle and meet there. */
    private synchronized Optional<Claim> claim() {
        List<String> busy = underWay.entrySet().stream()
                .filter(endpoint -> endpoint.getValue() >= config.perEndpoint())
                .map(Map.Entry::getKey)
                .toList();
        Instant now = now();
        Optional<Claim> claim = outbox.claim(now, now.plus(config.lease()), busy);
        claim.ifPresent(taken -> underWay.merge(taken.endpoint().id(), 1, Integer::sum));
        return claim;
    }

    private synchronized void release(String endpoint) {
        underWay.computeIfPresent(endpoint, (id, count) -> count == 1 ? null : count - 1);
    }

    private void count(Claim claim, Answer answer, Verdict verdict) {
        if (verdict instanceof Verdict.Delivered) {
            delivered.inc();
            return;
        }
        failed.inc();
        String why = answer.error().orElse("");
        if (verdict instanceof Verdict.GivenUp) {
            givenUp.inc();
            LOG.warn("webhook {}: event {} is given up: {}", claim.endpoint().id(), claim.eventId(), why);
        } else {
            LOG.info("webhook {}: event {} is tried again: {}", claim.endpoint().id(), claim.eventId(), why);
        }
    }

    /** Not when somebody reads the figures: they must be there, too, while the database is not. */
    private void measure() {
        try {
            backlog = outbox.backlog();
        } catch (RuntimeException e) {
            LOG.debug("what is pending cannot be counted now", e);
        }
    }

    private long lagSeconds() {
        return backlog.oldest()
                .map(oldest -> Math.max(0, Duration.between(oldest, now()).toSeconds()))
                .orElse(0L);
    }

    /** As exact as the database keeps it, so that a lease is known again. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
