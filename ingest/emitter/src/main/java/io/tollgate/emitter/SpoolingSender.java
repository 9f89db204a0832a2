package io.tollgate.emitter;

import io.tollgate.emitter.Outcome.Reason;
import io.tollgate.emitter.spool.Spool;
import io.tollgate.emitter.spool.SpoolState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the events of one topic to Kafka while that works, and to their spool while it does not. An event is on its way to
 * Kafka, or durable in the spool, or told refused; at no time is it neither.
 */
final class SpoolingSender implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Emitter.class);

    private final KafkaSender kafka;
    private final Spool spool;
    private final Unsendable unsendable;
    private final Line line;
    private final int maxMessageBytes;
    private final Thread writer;
    private final Thread replay;

    private SpoolingSender(
            Message.Topic topic,
            EmitterConfig config,
            SpoolConfig spoolConfig,
            Spool spool,
            KafkaSender kafka,
            Tally tally) {
        this.kafka = kafka;
        this.spool = spool;
        this.unsendable = new Unsendable(spoolConfig, topic);
        this.line = new Line(
                topic.share(config.bufferBytes()),
                config.maxBlock().toNanos() / 2,
                spoolConfig.after().toNanos(),
                spool.state().records() > 0);
        this.maxMessageBytes = Integer.parseInt(config.kafka()
                .getOrDefault(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, String.valueOf(Emitter.MAX_REQUEST_BYTES)));
        this.writer = daemon("tollgate-spool-writer-" + topic.kafkaName(), new SpoolWriter(line, spool)::run);
        this.replay = daemon(
                "tollgate-spool-replay-" + topic.kafkaName(),
                new SpoolReplay(line, spool, unsendable, kafka, tally, this::sendStraight)::run);
    }

    /**
     * Opens the spool and begins to send what is in it.
     *
     * @throws UncheckedIOException when the disk fails
     * @throws IllegalStateException when another emitter has the directory
     */
    static SpoolingSender start(
            Message.Topic topic, EmitterConfig config, SpoolConfig spoolConfig, KafkaSender kafka, Tally tally) {
        Path directory = spoolConfig.directory(topic);
        Spool spool = open(spoolConfig, directory, topic);
        SpoolState found = spool.state();
        if (found.lost() > 0 || found.damagedPlaces() > 0 || found.cutBytes() > 0) {
            LOG.warn(
                    "the spool in {} is damaged: {} records are lost, {} places are unreadable; {} bytes were cut off at"
                            + " its end",
                    directory,
                    found.lost(),
                    found.damagedPlaces(),
                    found.cutBytes());
        }
        if (found.records() > 0) {
            LOG.info("the spool in {} has {} events to send", directory, found.records());
        }
        SpoolingSender sender = new SpoolingSender(topic, config, spoolConfig, spool, kafka, tally);
        sender.writer.start();
        sender.replay.start();
        return sender;
    }

    private static Spool open(SpoolConfig config, Path directory, Message.Topic topic) {
        try {
            return config.open(directory, topic);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open the spool in " + directory, e);
        }
    }

    private static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Returns within the time that callers may be held; the outcome is told then, before or after, once. */
    void send(Message message, Consumer<Outcome> told) {
        if (message.bytes() > maxMessageBytes) {
            told.accept(refused(Reason.INVALID, "the event has more than " + maxMessageBytes + " bytes", false));
            return;
        }
        Pending pending = new Pending(message, System.nanoTime(), told);
        switch (line.enter(pending)) {
            case STRAIGHT -> sendStraight(pending);
            case BEHIND -> {}
            case BUSY -> told.accept(refused(Reason.BUSY, "too many events are without an outcome", true));
            case CLOSED -> told.accept(refused(Reason.CLOSED, "the emitter is closed", true));
        }
    }

    private static Outcome refused(Reason reason, String message, boolean retriable) {
        return new Outcome.Refused(reason, new EmitException(message, retriable, null));
    }

    private void sendStraight(Pending pending) {
        kafka.send(pending.message(), outcome -> answered(pending, outcome));
    }

    private void answered(Pending pending, Outcome outcome) {
        if (outcome instanceof Outcome.Refused refused && refused.cause().retriable()) {
            line.failed(pending);
        } else if (pending.decide(outcome)) {
            line.left();
        }
    }

    void flush() {
        line.awaitOutcomes();
    }

    SpoolState state() {
        return spool.state();
    }

    Optional<Instant> spooledSince() {
        return spool.oldestFileBegun().map(FileTime::toInstant);
    }

    /** Lets nothing in any more, and waits for Kafka to have all; false when the time is over, or this thread interrupted. */
    boolean drain(long nanos) {
        return line.closeAndDrain(nanos);
    }

    /** What is left is durable in the spool then, or told refused. */
    void stop() {
        line.end();
        replay.interrupt();
        join(writer);
        join(replay);
    }

    /** Leaves the spool to others, when it has {@link #stop}ped and Kafka's threads have ended, too. */
    @Override
    public void close() {
        try (spool;
                unsendable) {
            LOG.debug("the spool keeps {}", spool.state());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close the spool", e);
        }
    }

    private static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
