package io.tollgate.aggregator;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.aggregator.Stalls.Worker;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StallsTest {

    private final Stalls stalls = new Stalls();
    private Duration now = Duration.ofDays(-1);

    @Test
    void anEventAfterAnIdleHourIsNoStall() {
        look(0, worker(5, 0));
        look(3_600, worker(5, 0));
        assertThat(look(1, worker(5, 1))).isEqualTo(1);
        assertThat(look(1, worker(6, 1))).isZero();
        assertThat(look(31, worker(6, 1))).isEqualTo(31);
    }

    @Test
    void whoIsHeldBackOrDoesNotRunYetDoesNotStall() {
        look(0, worker(5, 9));
        assertThat(stalls.look(worker(5, 9), false, after(600))).isZero();
        assertThat(look(1, worker(5, 9))).isEqualTo(1);
    }

    @Test
    void oneThreadThatHangsShowsWhateverTheOthersCommit() {
        for (int second = 0; second <= 40; second++) {
            assertThat(look(1, Map.of("one", new Worker(second, 100), "two", new Worker(7, 100))))
                    .isEqualTo(second);
        }
        assertThat(look(1, Map.of("one", new Worker(41, 100), "three", new Worker(0, 100))))
                .as("replaced")
                .isZero();
    }

    private static Map<String, Worker> worker(double commits, long waiting) {
        return Map.of("one", new Worker(commits, waiting));
    }

    private long look(int seconds, Map<String, Worker> threads) {
        return stalls.look(threads, true, after(seconds)).toSeconds();
    }

    private long after(int seconds) {
        now = now.plusSeconds(seconds);
        return now.toNanos();
    }
}
