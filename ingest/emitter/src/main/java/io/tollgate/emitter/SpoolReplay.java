package io.tollgate.emitter;

import io.tollgate.emitter.spool.Spool;
import io.tollgate.emitter.spool.SpoolRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what is in the spool, oldest first, in windows: the next one goes when Kafka has acknowledged all of the one
 * before. While Kafka is away a window is one record, so that trying costs little.
 */
final class SpoolReplay {

    private static final Logger LOG = LoggerFactory.getLogger(Emitter.class);
    private static final int WINDOW_RECORDS = 10_000;
    private static final long WINDOW_BYTES = 4L << 20;
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final Line line;
    private final Spool spool;
    private final Unsendable unsendable;
    private final KafkaSender kafka;
    private final Tally tally;
    private final Consumer<Pending> straight;

    /** @param straight sends an event that was held until the spool was empty */
    SpoolReplay(
            Line line, Spool spool, Unsendable unsendable, KafkaSender kafka, Tally tally, Consumer<Pending> straight) {
        this.line = line;
        this.spool = spool;
        this.unsendable = unsendable;
        this.kafka = kafka;
        this.tally = tally;
        this.straight = straight;
    }

    /** Until the line ends. */
    void run() {
        boolean probing = true;
        boolean complained = false;
        while (line.awaitBehind()) {
            try {
                List<SpoolRecord> window = spool.peek(probing ? 1 : WINDOW_RECORDS, WINDOW_BYTES);
                if (window.isEmpty()) {
                    goStraight();
                } else if (send(window)) {
                    spool.release();
                    probing = false;
                    // A disk may take events faster than Kafka, so at most half as many go in as have come out: under
                    // any load the spool gets shorter.
                    line.letWrite(spool.state().records() <= WINDOW_RECORDS ? 0 : window.size() / 2);
                } else {
                    probing = true;
                    line.keepSpooling();
                    line.awaitMore(PAUSE.toNanos());
                }
                complained = false;
            } catch (InterruptedException e) {
                // The only one who interrupts ends the line first.
                return;
            } catch (IOException | RuntimeException | Error e) {
                // Whatever it is: nobody else sends what is in the spool.
                if (!complained && !Thread.currentThread().isInterrupted()) {
                    complained = true;
                    LOG.error("the spool cannot be sent; it is tried again", e);
                }
                probing = true;
                line.awaitMore(PAUSE.toNanos());
            }
        }
    }

    private void goStraight() throws IOException {
        line.letWrite(0);
        List<Pending> held = line.nextStraight(spool::clearIfEmpty);
        while (!held.isEmpty()) {
            held.forEach(straight);
            held = line.nextStraight(spool::clearIfEmpty);
        }
        // If something is in the way, it is being written: the writer says when it is durable.
        line.awaitMore(PAUSE.toNanos());
    }

    /** Whether every record is where it has to be. */
    private boolean send(List<SpoolRecord> window) throws IOException, InterruptedException {
        CountDownLatch answers = new CountDownLatch(window.size());
        AtomicBoolean away = new AtomicBoolean();
        Queue<SpoolRecord> refusedForGood = new ConcurrentLinkedQueue<>();
        for (SpoolRecord each : window) {
            Optional<Message> message = away.get() ? Optional.empty() : Message.of(each.body());
            if (away.get()) {
                // With Kafka away each of them might block.
                answers.countDown();
            } else if (message.isEmpty()) {
                refusedForGood.add(each);
                answers.countDown();
            } else {
                kafka.send(message.get(), outcome -> {
                    if (outcome instanceof Outcome.Refused refused) {
                        if (refused.cause().retriable()) {
                            away.set(true);
                        } else {
                            refusedForGood.add(each);
                        }
                    }
                    answers.countDown();
                });
            }
        }
        answers.await();
        if (away.get()) {
            return false;
        }
        if (!refusedForGood.isEmpty() && !unsendable.keep(refusedForGood)) {
            return false;
        }
        tally.replayed(window.size() - refusedForGood.size());
        tally.unsendable(refusedForGood.size());
        return true;
    }
}
