package io.tollgate.invoicing.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.invoicing.webhook.Answer.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerTest {

    private static final Instant NOW = Instant.parse("2023-12-02T08:00:00Z");
    /** Too short for chance. */
    private static final RetrySchedule SCHEDULE = new RetrySchedule(Duration.ofMillis(2), Duration.ofMillis(4), 3);

    private static Verdict verdict(Answer answer, int made) {
        return answer.verdict(made, SCHEDULE, new Random(1), NOW);
    }

    private static Answer of(int status) {
        return Answer.of(status, Optional.empty());
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 204, 299})
    void twoHundredsHaveArrived(int status) {
        assertThat(verdict(of(status), 1)).isEqualTo(new Verdict.Delivered());
        assertThat(of(status).error()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 199, 300, 302, 400, 401, 404, 429, 500, 503})
    void anythingElseIsTriedAgainUntilItIsGivenUp(int status) {
        assertThat(verdict(of(status), 1)).isEqualTo(new Verdict.Again(NOW.plusMillis(2)));
        assertThat(verdict(of(status), 2)).isEqualTo(new Verdict.Again(NOW.plusMillis(4)));
        assertThat(verdict(of(status), 3)).isEqualTo(new Verdict.GivenUp(false));
        assertThat(of(status).error()).contains("answered " + status);
    }

    @Test
    void noAnswerIsTriedAgain() {
        assertThat(verdict(Answer.none("refused"), 1)).isEqualTo(new Verdict.Again(NOW.plusMillis(2)));
    }

    @Test
    void whoIsGoneIsLeftAlone() {
        assertThat(verdict(of(410), 1)).isEqualTo(new Verdict.GivenUp(true));
    }

    @Test
    void whoAsksForTimeGetsItButNotForEver() {
        assertThat(verdict(Answer.of(503, Optional.of(Duration.ofMillis(3))), 1))
                .isEqualTo(new Verdict.Again(NOW.plusMillis(3)));
        assertThat(verdict(Answer.of(429, Optional.of(Duration.ofMillis(1))), 1))
                .isEqualTo(new Verdict.Again(NOW.plusMillis(2)));
        assertThat(verdict(Answer.of(503, Optional.of(Duration.ofDays(1000))), 1))
                .isEqualTo(new Verdict.Again(NOW.plusMillis(4)));
    }
}
