package io.tollgate.aggregator;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.aggregator.HealthRules.Facts;
import io.tollgate.aggregator.HealthRules.Trouble;
import io.tollgate.aggregator.RestoreProgress.Restore;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.streams.KafkaStreams.State;
import org.junit.jupiter.api.Test;

class HealthRulesTest {

    private static final Restore NOTHING = new Restore(0, 0, 0);
    private static final Trouble TROUBLE = new Trouble(Duration.ofSeconds(40), "refused");

    @Test
    void beforeItRunsItStartsOrRestores() {
        assertHealth(job(State.CREATED, NOTHING), AggregatorState.STARTING, "joining the group", false, true);
        assertHealth(job(State.REBALANCING, NOTHING), AggregatorState.STARTING, "joining the group", false, true);
        assertHealth(
                job(State.REBALANCING, new Restore(4, 1_000, 251)),
                AggregatorState.RESTORING,
                "74 % of the state is restored; 251 of 1000 records of 4 logs",
                false,
                true);
    }

    @Test
    void whileItRunsItSaysWhatWaits() {
        assertHealth(running(), AggregatorState.RUNNING, "7 events and 3 rollup records wait", true, true);
        assertHealth(running().waiting(-1, 0, -1), AggregatorState.RUNNING, "an unknown number of events", true, true);
        assertHealth(
                running().paused().stalled(Duration.ofHours(1)),
                AggregatorState.PAUSED,
                "held back until ClickHouse has caught up",
                true,
                true);
    }

    @Test
    void whatMayPassIsFailingAndIsNoReasonToRestart() {
        assertFailing(
                running().paused().clickHouse(TROUBLE),
                "ClickHouse does not take rows for 40 s (refused); they wait in Kafka, nothing is lost");
        assertFailing(running().kafka(TROUBLE), "Kafka does not answer for 40 s");
        assertFailing(running().death(TROUBLE), "a stream thread ended 40 s ago and was replaced (refused)");
        assertFailing(
                running().stalled(Duration.ofSeconds(31)),
                "a stream thread has committed nothing for 31 s, while 7 events wait");
    }

    @Test
    void anIdleJobCommitsNothingAndIsWell() {
        Trouble longAgo = new Trouble(Duration.ofMinutes(2), "refused");
        assertHealth(
                running().waiting(9, 0, 0).stalled(Duration.ofDays(2)).death(longAgo),
                AggregatorState.RUNNING,
                "9 events",
                true,
                true);
    }

    @Test
    void onlyWhatARestartCanHelpIsDead() {
        assertHealth(running().failure("it keeps failing"), AggregatorState.FAILED, "it keeps failing", false, false);
        assertHealth(job(State.ERROR, NOTHING), AggregatorState.FAILED, "has failed", false, false);
        assertHealth(job(State.NOT_RUNNING, NOTHING), AggregatorState.STOPPED, "stopped", false, false);
    }

    private static Seen running() {
        return job(State.RUNNING, NOTHING);
    }

    private static Seen job(State state, Restore restore) {
        return new Seen(new Facts(
                Optional.empty(),
                state,
                false,
                restore,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                7,
                7,
                3,
                Duration.ZERO));
    }

    private static void assertFailing(Seen seen, String sentence) {
        assertHealth(seen, AggregatorState.FAILING, sentence, false, true);
    }

    private static void assertHealth(Seen seen, AggregatorState state, String sentence, boolean ready, boolean live) {
        AggregatorHealth health = HealthRules.of(seen.facts);
        assertThat(health.state()).isEqualTo(state);
        assertThat(health.sentence()).contains(sentence);
        assertThat(health.isReady()).as("ready").isEqualTo(ready);
        assertThat(health.isLive()).as("live").isEqualTo(live);
    }

    /** Facts with one thing changed. */
    private record Seen(Facts facts) {

        Seen failure(String sentence) {
            return with(Optional.of(sentence), facts.paused(), facts.threadDeath(), facts.clickHouse(), facts.kafka());
        }

        Seen paused() {
            return with(facts.failure(), true, facts.threadDeath(), facts.clickHouse(), facts.kafka());
        }

        Seen death(Trouble trouble) {
            return with(facts.failure(), facts.paused(), Optional.of(trouble), facts.clickHouse(), facts.kafka());
        }

        Seen clickHouse(Trouble trouble) {
            return with(facts.failure(), facts.paused(), facts.threadDeath(), Optional.of(trouble), facts.kafka());
        }

        Seen kafka(Trouble trouble) {
            return with(facts.failure(), facts.paused(), facts.threadDeath(), facts.clickHouse(), Optional.of(trouble));
        }

        Seen waiting(long events, long own, long rollups) {
            return new Seen(new Facts(
                    facts.failure(),
                    facts.job(),
                    facts.paused(),
                    facts.restore(),
                    facts.threadDeath(),
                    facts.clickHouse(),
                    facts.kafka(),
                    events,
                    own,
                    rollups,
                    facts.stalledFor()));
        }

        Seen stalled(Duration ago) {
            return new Seen(new Facts(
                    facts.failure(),
                    facts.job(),
                    facts.paused(),
                    facts.restore(),
                    facts.threadDeath(),
                    facts.clickHouse(),
                    facts.kafka(),
                    facts.eventsWaiting(),
                    facts.ownEventsWaiting(),
                    facts.rollupsWaiting(),
                    ago));
        }

        private Seen with(
                Optional<String> failure,
                boolean paused,
                Optional<Trouble> death,
                Optional<Trouble> clickHouse,
                Optional<Trouble> kafka) {
            return new Seen(new Facts(
                    failure,
                    facts.job(),
                    paused,
                    facts.restore(),
                    death,
                    clickHouse,
                    kafka,
                    facts.eventsWaiting(),
                    facts.ownEventsWaiting(),
                    facts.rollupsWaiting(),
                    facts.stalledFor()));
        }
    }
}
