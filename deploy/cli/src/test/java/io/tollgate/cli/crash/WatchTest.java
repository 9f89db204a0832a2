package io.tollgate.cli.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchTest {

    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Duration LONGER = Duration.ofMillis(150);

    @TempDir
    Path directory;

    @Test
    void whatStandsStillIsDiagnosedOnceAndThenGivenUp() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        Watch watch = watch(() -> 7, () -> "everything waits " + asked.incrementAndGet());

        assertThatThrownBy(() -> watch.until("pigs fly", () -> false))
                .isInstanceOf(StalledException.class)
                .hasMessageContaining("pigs fly")
                .hasMessageContaining("diagnosis.txt");

        assertThat(watch.hasDiagnosed()).isTrue();
        assertThat(Files.readString(directory.resolve("diagnosis.txt"))).contains("everything waits 1");
        assertThat(asked).hasValue(1);
    }

    @Test
    void whatMovesIsNotGivenUpHoweverLongItTakes() {
        AtomicInteger moves = new AtomicInteger();
        long end = System.nanoTime() + LONGER.multipliedBy(3).toNanos();

        Watch watch = watch(moves::incrementAndGet, () -> "nothing stands still");
        watch.until("the time is over", () -> System.nanoTime() > end);

        assertThat(watch.hasDiagnosed()).isFalse();
    }

    private Watch watch(java.util.function.LongSupplier progress, java.util.function.Supplier<String> diagnosis) {
        return new Watch(progress, diagnosis, directory.resolve("diagnosis.txt"), SHORT, LONGER);
    }
}
