package io.tollgate.invoicing.mail;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import io.tollgate.invoicing.mail.SmtpSender.Failure;
import io.tollgate.invoicing.postgres.MailOutbox;
import io.tollgate.invoicing.postgres.MailOutbox.Claim;
import io.tollgate.invoicing.postgres.MailOutbox.Outcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends letters that are due, each until the server has taken it. That is written down right after; if the process ends
 * between the two, the letter is sent again with the same Message-ID, by which mail programs know it. Any number may work on
 * one outbox.
 */
public final class MailCourier implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MailCourier.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final MailOutbox outbox;
    private final SmtpSender sender;
    private final MailConfig config;
    private final Clock clock;
    private final RandomGenerator random;
    private final Counter delivered;
    private final Counter failed;
    private final Counter givenUp;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "mail-courier"));

    /** One that does nothing by itself until it is started. */
    public MailCourier(
            MailOutbox outbox, MailConfig config, Clock clock, RandomGenerator random, MetricRegistry metrics) {
        this.outbox = outbox;
        this.sender = new SmtpSender(config);
        this.config = config;
        this.clock = clock;
        this.random = random;
        this.delivered = metrics.counter("invoicing.mail.delivered");
        this.failed = metrics.counter("invoicing.mail.attempts.failed");
        this.givenUp = metrics.counter("invoicing.mail.given_up");
    }

    public MailCourier start() {
        var unused = thread.scheduleWithFixedDelay(
                this::sendAll, 0, config.pollInterval().toMillis(), TimeUnit.MILLISECONDS);
        return this;
    }

    /** Tries one letter, if one is due; whether one was. */
    public boolean sendNext() {
        Instant now = now();
        Optional<Claim> due = outbox.claim(now, now.plus(config.lease()));
        due.ifPresent(letter -> {
            Optional<Failure> failure = sender.send(letter);
            Outcome outcome = outcome(letter, failure);
            outbox.finish(letter, outcome, now());
            count(letter, outcome);
        });
        return due.isPresent();
    }

    private Outcome outcome(Claim letter, Optional<Failure> failure) {
        if (failure.isEmpty()) {
            return new Outcome.Delivered();
        }
        String why = failure.get().why();
        return failure.filter(known -> !known.permanent())
                .flatMap(known -> config.schedule().delayAfter(letter.attempts(), random))
                .<Outcome>map(delay -> new Outcome.Again(now().plus(delay), why))
                .orElseGet(() -> new Outcome.GivenUp(why));
    }

    private void count(Claim letter, Outcome outcome) {
        if (outcome instanceof Outcome.Delivered) {
            delivered.inc();
        } else if (outcome instanceof Outcome.Again again) {
            failed.inc();
            LOG.info("letter {} is tried again: {}", letter.messageId(), again.error());
        } else if (outcome instanceof Outcome.GivenUp given) {
            failed.inc();
            givenUp.inc();
            LOG.warn("letter {} is given up: {}", letter.messageId(), given.error());
        }
    }

    private void sendAll() {
        try {
            boolean more = true;
            while (more && !thread.isShutdown()) {
                more = sendNext();
            }
        } catch (RuntimeException e) {
            // An exception would end the timer; what was taken is taken again when its lease is over.
            LOG.warn("letters are not sent now: {}", e.getMessage());
        }
    }

    /** Lets a running attempt end, for five seconds at most. Idempotent. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** As exact as the database keeps it, so that a lease is known again. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
