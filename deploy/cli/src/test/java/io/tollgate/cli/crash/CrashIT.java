package io.tollgate.cli.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.parts.TestParts;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Killed at random in the middle of a load, the job ends with the oracle's totals, unit for unit. */
class CrashIT {

    private static final int KILLS = 10;
    private static final int EVENTS = 60_000;

    /** Kept when the test fails: the logs say why. */
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    @Test
    void tenKillsInTheMiddleOfALoadChangeNothing() {
        long seed = System.nanoTime();
        System.out.printf("CrashIT seed %d, logs in %s%n", seed, directory);

        CrashReport report = CrashRun.of(
                new CrashPlan(KILLS, EVENTS, seed),
                directory,
                TestParts.freshClickHouseDatabase(),
                System.out::println);

        assertThat(report.differences()).isEmpty();
        assertThat(report.rejected()).containsOnlyKeys("identity_conflict", "time_in_future", "undecodable");
    }
}
