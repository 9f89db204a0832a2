package io.tollgate.aggregator;

import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.REPLACE_THREAD;
import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;

class ThreadDeathsTest {

    private final CompletableFuture<String> failure = new CompletableFuture<>();
    private final AtomicLong clock = new AtomicLong(-1);
    private final ThreadDeaths deaths = new ThreadDeaths("one", failure, clock::get);

    @Test
    void nowAndThenOneMayEnd() {
        for (int i = 0; i < 100; i++) {
            clock.addAndGet(Duration.ofMinutes(1).toNanos());
            assertThat(deaths.handle(new StreamsException("a passing fault"))).isEqualTo(REPLACE_THREAD);
        }
        assertThat(failure).isNotDone();
        assertThat(deaths.total()).isEqualTo(100);
        assertThat(deaths.last().orElseThrow().problem()).contains("a passing fault");
    }

    @Test
    void whenAllThatComeEndTheJobHasFailed() {
        for (int i = 0; i < 20; i++) {
            assertThat(deaths.handle(new StreamsException("a lasting fault"))).isEqualTo(REPLACE_THREAD);
        }
        assertThat(deaths.handle(new StreamsException("a lasting fault"))).isEqualTo(SHUTDOWN_CLIENT);
        assertThat(failure.join()).contains("keeps failing", "a lasting fault");
    }

    @Test
    void whoIsFencedOffDoesNotFightForItsPlace() {
        assertThat(deaths.handle(new StreamsException(new FencedInstanceIdException("fenced"))))
                .isEqualTo(SHUTDOWN_CLIENT);
        assertThat(failure.join()).contains("instance id 'one'");
    }
}
