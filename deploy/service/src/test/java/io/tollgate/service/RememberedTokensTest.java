package io.tollgate.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RememberedTokensTest {

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 7);
    private final Map<String, Caller> valid = new HashMap<>(Map.of("a", Caller.of("acme")));
    private int asked;

    private final RememberedTokens tokens = new RememberedTokens(
            token -> {
                asked++;
                return Optional.ofNullable(valid.get(token));
            },
            nanos::get);

    @Test
    void aRevokedTokenIsTakenForFiveSecondsAtMost() {
        assertThat(tokens.callerOf("a")).hasValue(Caller.of("acme"));
        valid.clear();
        nanos.addAndGet(RememberedTokens.LONGEST.toNanos() - 1);
        assertThat(tokens.callerOf("a")).hasValue(Caller.of("acme"));
        assertThat(asked).isEqualTo(1);

        nanos.addAndGet(1);
        assertThat(tokens.callerOf("a")).isEmpty();
        assertThat(asked).isEqualTo(2);
    }

    @Test
    void aRevocationWhileTheSourceAnswersCountsFromThenToo() {
        RememberedTokens slow = new RememberedTokens(
                token -> {
                    nanos.addAndGet(RememberedTokens.LONGEST.toNanos());
                    return Optional.ofNullable(valid.get(token));
                },
                nanos::get);
        slow.callerOf("a");
        valid.clear();
        assertThat(slow.callerOf("a")).isEmpty();
    }

    @Test
    void strangersAreNotRememberedAndAFreshTokenCountsAtOnce() {
        assertThat(tokens.callerOf("b")).isEmpty();
        valid.put("b", Caller.of("beta"));
        assertThat(tokens.callerOf("b")).hasValue(Caller.of("beta"));
    }

    @Test
    void theMemoryIsBounded() {
        for (int i = 0; i <= RememberedTokens.MOST; i++) {
            valid.put("t" + i, Caller.of("acme"));
            tokens.callerOf("t" + i);
        }
        asked = 0;
        tokens.callerOf("t" + RememberedTokens.MOST);
        assertThat(asked).isZero();
        tokens.callerOf("t0");
        assertThat(asked).isEqualTo(1);
    }

    @Test
    void onlyTenantsAreBoundToOne() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Caller(Role.FINANCE, Optional.of("acme")));
        assertThatIllegalArgumentException().isThrownBy(() -> new Caller(Role.TENANT));
    }
}
