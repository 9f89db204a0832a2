package io.tollgate.aggregator;

import com.codahale.metrics.Meter;
import io.tollgate.aggregator.HealthRules.Trouble;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the job every second and at Kafka every five, in a thread of its own, so that whoever asks for health or
 * metrics gets an answer at once, also when Kafka is away.
 */
final class Pulse implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Pulse.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final Duration ASK_KAFKA_EVERY = Duration.ofSeconds(5);
    private static final long UNKNOWN = -1;

    private final Supplier<StreamsFigures> look;
    private final Progress progress;
    private final BooleanSupplier working;
    private final Stalls stalls = new Stalls();
    private final boolean archive;
    private final LongSupplier eventsTaken;
    private final Meter events = new Meter();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread made = new Thread(work, "aggregator-pulse");
        made.setDaemon(true);
        return made;
    });

    private volatile StreamsFigures figures = new StreamsFigures(0, 0, 0, 0, 0, 0, 0, Map.of());
    private volatile Map<TopicPartition, Long> eventLags = Map.of();
    private volatile long rollupLag = UNKNOWN;
    private volatile long archiveLag = UNKNOWN;
    private volatile long rejectedLag = UNKNOWN;
    private volatile long lastCommitNanos = System.nanoTime();
    private volatile Duration stalledFor = Duration.ZERO;
    private volatile @Nullable Away away;
    private boolean asked;
    private long askedAtNanos;
    private long eventsBefore;

    private record Away(long sinceNanos, String problem) {}

    /**
     * @param look what Streams measures now
     * @param working whether the job is to process events now: it runs, and is not held back
     * @param archive whether there is one to ask about
     * @param eventsTaken events that were processed since the start, however they ended
     */
    Pulse(
            Supplier<StreamsFigures> look,
            BooleanSupplier working,
            Progress progress,
            boolean archive,
            LongSupplier eventsTaken) {
        this.look = look;
        this.working = working;
        this.progress = progress;
        this.archive = archive;
        this.eventsTaken = eventsTaken;
    }

    void start() {
        var unused = thread.scheduleWithFixedDelay(this::beat, 0, LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** What Streams measured a second ago. */
    StreamsFigures figures() {
        return figures;
    }

    /** Events that wait in all partitions, of some seconds ago; -1 when Kafka did not tell. */
    long eventLag() {
        return eventLags.isEmpty()
                ? UNKNOWN
                : eventLags.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Events that wait in the partitions of this instance. */
    long ownEventLag() {
        return waiting(figures.owned());
    }

    private long waiting(Collection<TopicPartition> partitions) {
        Map<TopicPartition, Long> lags = eventLags;
        return partitions.stream()
                .mapToLong(partition -> lags.getOrDefault(partition, 0L))
                .sum();
    }

    /** Records that wait to be written to ClickHouse; -1 when Kafka did not tell. */
    long rollupLag() {
        return rollupLag;
    }

    /** Events that wait to be archived; -1 when there is no archive or Kafka did not tell. */
    long archiveLag() {
        return archiveLag;
    }

    /** Rejected events that wait to be archived; -1 when there is no archive or Kafka did not tell. */
    long rejectedLag() {
        return rejectedLag;
    }

    /** Mean of the last minute or so. */
    double eventsPerSecond() {
        return events.getOneMinuteRate();
    }

    /** Since any thread committed; an idle job does not. */
    Duration sinceCommit() {
        return since(lastCommitNanos);
    }

    /** For how long a thread has had events to process and committed nothing; zero when none is behind like that. */
    Duration stalledFor() {
        return stalledFor;
    }

    /** Why Kafka does not answer. */
    Optional<Trouble> kafka() {
        return Optional.ofNullable(away).map(known -> new Trouble(since(known.sinceNanos), known.problem));
    }

    static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private void beat() {
        try {
            StreamsFigures now = look.get();
            // Fewer than before: a thread ended, and its count with it.
            if (now.commits() > figures.commits()) {
                lastCommitNanos = System.nanoTime();
            }
            figures = now;
            Map<String, Stalls.Worker> workers = new HashMap<>();
            now.threads()
                    .forEach((name, thread) ->
                            workers.put(name, new Stalls.Worker(thread.commits(), waiting(thread.owned()))));
            stalledFor = stalls.look(workers, working.getAsBoolean(), System.nanoTime());
            long taken = eventsTaken.getAsLong();
            events.mark(taken - eventsBefore);
            eventsBefore = taken;
            if (!asked || since(askedAtNanos).compareTo(ASK_KAFKA_EVERY) >= 0) {
                asked = true;
                askedAtNanos = System.nanoTime();
                askKafka();
            }
        } catch (RuntimeException e) {
            // A beat that throws would be the last one.
            LOG.warn("could not look at the job", e);
        }
    }

    private void askKafka() {
        try {
            eventLags = progress.eventLags();
            rollupLag = progress.rollupsTopicExists() ? progress.rollupLag() : 0;
            if (archive) {
                archiveLag = progress.archiveLag();
                rejectedLag = progress.rejectedLag();
            }
            away = null;
        } catch (KafkaException e) {
            if (Thread.currentThread().isInterrupted()) {
                return;
            }
            LOG.warn("the lag is not known: {}", e.getMessage());
            eventLags = Map.of();
            rollupLag = UNKNOWN;
            archiveLag = UNKNOWN;
            rejectedLag = UNKNOWN;
            away = away == null ? new Away(askedAtNanos, String.valueOf(e.getMessage())) : away;
        }
    }
}
