package io.tollgate.cli.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tollgate.cli.options.Rate;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class PaceTest {

    private static final long SECOND = 1_000_000_000;

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - SECOND);

    private long nanosFor(Pace pace, int count) {
        long start = clock.get();
        for (int i = 0; i < count; i++) {
            pace.await();
        }
        return clock.get() - start;
    }

    private static Rate rate(String text) {
        return new Rate.Converter().convert(text);
    }

    @ParameterizedTest
    @CsvSource({"5000/s, 5001, 1", "300/min, 301, 60", "1000000/h, 1001, 3.6", "3/s, 4, 1.000000002"})
    void soManyTakeSoLong(String rate, int count, double seconds) {
        Pace pace = new Pace(rate(rate), clock::get, clock::addAndGet);
        assertThat(nanosFor(pace, count)).isEqualTo(Math.round(seconds * SECOND));
    }

    @Test
    void aWaiterThatWakesEarlyIsAskedAgain() {
        Pace pace = new Pace(rate("1/s"), clock::get, nanos -> clock.addAndGet((nanos + 1) / 2));
        assertThat(nanosFor(pace, 2)).isEqualTo(SECOND);
    }

    @Test
    void afterAPauseNoMoreThanASecondIsCaughtUpOn() {
        Pace pace = new Pace(rate("100/s"), clock::get, clock::addAndGet);
        pace.await();
        clock.addAndGet(3_600 * SECOND);
        assertThat(nanosFor(pace, 101)).isZero();
        assertThat(nanosFor(pace, 100)).isEqualTo(SECOND);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0/s", "5", "-1/s", "5/d", "1.5/s", "5000 /s", "9999999999999/s"})
    void anythingElseIsNoRate(String text) {
        assertThatThrownBy(() -> rate(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("5000/s, 300/min or 1000000/h");
    }
}
