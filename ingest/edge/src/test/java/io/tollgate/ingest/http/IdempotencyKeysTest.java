package io.tollgate.ingest.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.ingest.http.IdempotencyKeys.Claim;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class IdempotencyKeysTest {

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final IdempotencyKeys<String> keys = new IdempotencyKeys<>(3, 10, () -> now);

    private void answer(String key, String answer, long weight) {
        assertThat(keys.claim(key, "d")).isEqualTo(new Claim.First<>());
        keys.answered(key, answer, weight);
        keys.release(key);
    }

    @Test
    void theSameRequestHasTheSameAnswer() {
        answer("a", "one", 1);
        assertThat(keys.claim("a", "d")).isEqualTo(new Claim.Again<>("one"));
        assertThat(keys.claim("a", "other")).isEqualTo(new Claim.OfAnother<>());
    }

    @Test
    void aRequestThatIsBeingWorkedOnIsToldApart() {
        assertThat(keys.claim("a", "d")).isEqualTo(new Claim.First<>());
        assertThat(keys.claim("a", "d")).isEqualTo(new Claim.Running<>());
        assertThat(keys.claim("a", "other")).isEqualTo(new Claim.OfAnother<>());
        keys.release("a");
        assertThat(keys.claim("a", "d")).isEqualTo(new Claim.First<>());
    }

    @Test
    void theOldestAnswersGoWhenThereAreTooManyKeys() {
        answer("a", "1", 1);
        answer("b", "2", 1);
        answer("c", "3", 1);
        answer("d", "4", 1);
        assertThat(keys.claim("b", "d")).isEqualTo(new Claim.Again<>("2"));
        assertThat(keys.claim("a", "d")).isEqualTo(new Claim.First<>());
        assertThat(keys.size()).isEqualTo(4);
    }

    @Test
    void theOldestAnswersGoWhenTheyWeighTooMuchAndOneThatDoesAloneIsNotKept() {
        answer("a", "1", 6);
        answer("b", "2", 6);
        assertThat(keys.claim("b", "d")).isEqualTo(new Claim.Again<>("2"));
        answer("a", "1", 4);
        answer("huge", "3", 11);
        assertThat(keys.size()).isZero();
    }

    @Test
    void answersGoAfterADay() {
        answer("a", "1", 1);
        now = now.plus(IdempotencyKeys.AGE_MAX);
        assertThat(keys.claim("a", "d")).isEqualTo(new Claim.Again<>("1"));
        now = now.plusMillis(1);
        assertThat(keys.claim("a", "d")).isEqualTo(new Claim.First<>());
    }

    @Test
    void whatIsBeingWorkedOnNeverGoes() {
        assertThat(keys.claim("running", "d")).isEqualTo(new Claim.First<>());
        for (int i = 0; i < 10; i++) {
            answer("a" + i, "x", 1);
        }
        assertThat(keys.claim("running", "d")).isEqualTo(new Claim.Running<>());
        assertThat(keys.size()).isLessThanOrEqualTo(4);
    }
}
