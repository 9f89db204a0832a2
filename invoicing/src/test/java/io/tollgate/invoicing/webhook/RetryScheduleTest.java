package io.tollgate.invoicing.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RetryScheduleTest {

    private static final RetrySchedule USUAL = RetrySchedule.usual();

    @Test
    void delaysDoubleAndEachIsAFifthLongerOrShorterByChance() {
        Random random = new Random(7);
        long millis = 10_000;
        for (int made = 1; made < USUAL.attempts(); made++) {
            for (int draw = 0; draw < 200; draw++) {
                assertThat(USUAL.delayAfter(made, random).orElseThrow())
                        .isBetween(Duration.ofMillis(millis * 4 / 5), Duration.ofMillis(millis * 6 / 5));
            }
            millis *= 2;
        }
    }

    @Test
    void chanceTellsApartWhatFailedTogether() {
        Random random = new Random(7);

        assertThat(random.ints(50).mapToObj(draw -> USUAL.delayAfter(5, random)).distinct())
                .hasSizeGreaterThan(40);
    }

    @Test
    void itIsGivenUpAfterADayOrSo() {
        Random random = new Random(7);
        Duration sum = Duration.ZERO;
        for (int made = 1; made < USUAL.attempts(); made++) {
            sum = sum.plus(USUAL.delayAfter(made, random).orElseThrow());
        }
        assertThat(sum).isBetween(Duration.ofHours(18), Duration.ofHours(28));
        assertThat(USUAL.delayAfter(14, random)).isEmpty();
        // Crashes may have used up more attempts than there are.
        assertThat(USUAL.delayAfter(99, random)).isEmpty();
    }

    @Test
    void noDelayIsLongerThanTheLongest() {
        RetrySchedule bounded = new RetrySchedule(Duration.ofMillis(4), Duration.ofSeconds(1), Integer.MAX_VALUE);

        assertThat(bounded.delayAfter(1_000_000, new Random(7)).orElseThrow())
                .isBetween(Duration.ofMillis(800), Duration.ofMillis(1200));
        assertThat(bounded.delayAfter(1, new Random(7))).contains(Duration.ofMillis(4));
    }

    @Test
    void whatIsNoScheduleIsRefused() {
        Duration second = Duration.ofSeconds(1);
        assertThatIllegalArgumentException().isThrownBy(() -> new RetrySchedule(Duration.ZERO, second, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new RetrySchedule(second, Duration.ofMillis(1), 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new RetrySchedule(second, second, 0));
    }
}
