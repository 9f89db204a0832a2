package io.tollgate.cli.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.tollgate.aggregator.AggregatorHealth;
import io.tollgate.aggregator.AggregatorState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JobStartTest {

    private final List<String> told = new ArrayList<>();
    private long nanos = -5;
    private final JobStart start = new JobStart(told::add, () -> nanos);

    @Test
    void aRestoreMayTakeAsLongAsItGetsOnAndIsToldOf() {
        for (int second = 1; second <= 300; second++) {
            after(1);
            start.look(health(AggregatorState.RESTORING, second + " of 300 records"));
        }
        assertThat(told).hasSize(60).startsWith("Restoring the aggregator: 5 of 300 records");
        after(90);
        start.look(health(AggregatorState.STARTING, "taking partitions"));
    }

    @Test
    void aRestoreThatStandsStillIsGivenUp() {
        start.look(health(AggregatorState.RESTORING, "7 of 300 records"));
        after(90);
        start.look(health(AggregatorState.RESTORING, "7 of 300 records"));
        after(1);
        assertThatIllegalStateException()
                .isThrownBy(() -> start.look(health(AggregatorState.RESTORING, "7 of 300 records")))
                .withMessage("it is RESTORING, and has not got on for 90 s (7 of 300 records)");
        assertThat(told).isEmpty();
    }

    @Test
    void nothingElseCountsAsGettingOn() {
        after(89);
        start.look(health(AggregatorState.FAILING, "Kafka does not answer for 70 s"));
        after(2);
        assertThatIllegalStateException()
                .isThrownBy(() -> start.look(health(AggregatorState.FAILING, "Kafka does not answer for 72 s")));
    }

    private void after(int seconds) {
        nanos += Duration.ofSeconds(seconds).toNanos();
    }

    private static AggregatorHealth health(AggregatorState state, String sentence) {
        return new AggregatorHealth(state, sentence);
    }
}
