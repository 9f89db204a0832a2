package io.tollgate.aggregator;

import io.tollgate.aggregator.RestoreProgress.Restore;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.streams.KafkaStreams;

/** From what can be seen of the job to what it is called. The worst comes first. */
final class HealthRules {

    /** Transactions come every few hundred milliseconds, and none may take longer than ten seconds. */
    static final Duration NO_COMMIT_FOR = Duration.ofSeconds(30);

    static final Duration DEATH_MATTERS_FOR = Duration.ofMinutes(1);

    private HealthRules() {}

    /**
     * Something that went wrong.
     *
     * @param ago since when, or how long ago
     */
    record Trouble(Duration ago, String problem) {

        String since() {
            return "for %d s (%s)".formatted(ago.toSeconds(), problem);
        }
    }

    /**
     * What can be seen.
     *
     * @param failure why it cannot go on
     * @param paused whether it is held back on purpose
     * @param threadDeath the last stream thread that ended
     * @param clickHouse why writes fail
     * @param kafka why Kafka does not answer
     * @param eventsWaiting in all partitions; -1 when it is not known
     * @param ownEventsWaiting in those that this instance processes
     * @param rollupsWaiting to be written; -1 when it is not known
     * @param stalledFor how long a stream thread that has events to process has committed nothing
     */
    record Facts(
            Optional<String> failure,
            KafkaStreams.State job,
            boolean paused,
            Restore restore,
            Optional<Trouble> threadDeath,
            Optional<Trouble> clickHouse,
            Optional<Trouble> kafka,
            long eventsWaiting,
            long ownEventsWaiting,
            long rollupsWaiting,
            Duration stalledFor) {}

    static AggregatorHealth of(Facts facts) {
        if (facts.failure().isPresent()) {
            return new AggregatorHealth(AggregatorState.FAILED, facts.failure().get());
        }
        return switch (facts.job()) {
            case PENDING_SHUTDOWN, NOT_RUNNING -> new AggregatorHealth(AggregatorState.STOPPED, "it was stopped");
            case PENDING_ERROR, ERROR -> new AggregatorHealth(AggregatorState.FAILED, "the Streams job has failed");
            case CREATED, REBALANCING, RUNNING -> ofLiving(facts);
        };
    }

    private static AggregatorHealth ofLiving(Facts facts) {
        Optional<AggregatorHealth> trouble = trouble(facts);
        if (trouble.isPresent()) {
            return trouble.get();
        }
        if (facts.job() != KafkaStreams.State.RUNNING) {
            return beforeRunning(facts.restore());
        }
        if (facts.paused()) {
            return new AggregatorHealth(
                    AggregatorState.PAUSED, "held back until ClickHouse has caught up; " + waiting(facts));
        }
        if (facts.ownEventsWaiting() > 0 && facts.stalledFor().compareTo(NO_COMMIT_FOR) > 0) {
            return failing(
                    "a stream thread has committed nothing for %d s, while %d events wait in this instance's partitions"
                            .formatted(facts.stalledFor().toSeconds(), facts.ownEventsWaiting()));
        }
        return new AggregatorHealth(AggregatorState.RUNNING, waiting(facts));
    }

    private static Optional<AggregatorHealth> trouble(Facts facts) {
        if (facts.kafka().isPresent()) {
            return Optional.of(
                    failing("Kafka does not answer " + facts.kafka().get().since()));
        }
        if (facts.clickHouse().isPresent()) {
            return Optional.of(failing("ClickHouse does not take rows %s; they wait in Kafka, nothing is lost; %s"
                    .formatted(facts.clickHouse().get().since(), waiting(facts))));
        }
        return facts.threadDeath()
                .filter(death -> death.ago().compareTo(DEATH_MATTERS_FOR) <= 0)
                .map(death -> failing("a stream thread ended %d s ago and was replaced (%s)"
                        .formatted(death.ago().toSeconds(), death.problem())));
    }

    private static AggregatorHealth beforeRunning(Restore restore) {
        if (restore.logs() == 0) {
            return new AggregatorHealth(AggregatorState.STARTING, "joining the group and taking partitions");
        }
        return new AggregatorHealth(
                AggregatorState.RESTORING,
                "%.0f %% of the state is restored; %d of %d records of %d logs are to be read yet"
                        .formatted(
                                Math.floor(restore.fraction() * 100),
                                restore.remaining(),
                                restore.records(),
                                restore.logs()));
    }

    private static AggregatorHealth failing(String sentence) {
        return new AggregatorHealth(AggregatorState.FAILING, sentence);
    }

    private static String waiting(Facts facts) {
        return "%s and %s wait"
                .formatted(count(facts.eventsWaiting(), "events"), count(facts.rollupsWaiting(), "rollup records"));
    }

    private static String count(long number, String of) {
        return number < 0 ? "an unknown number of " + of : number + " " + of;
    }
}
