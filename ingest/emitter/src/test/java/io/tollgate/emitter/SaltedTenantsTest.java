package io.tollgate.emitter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tollgate.events.EventIdentity;
import io.tollgate.events.UsageEvent;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SaltedTenantsTest {

    private static final SaltedTenants SALTED = new SaltedTenants(Set.of("hot"), 16);

    private static String key(SaltedTenants salted, String tenant, String id) {
        return new String(salted.keyOf(Events.usage(tenant, id)), StandardCharsets.UTF_8);
    }

    @Test
    void theKeyIsTheTenantUnlessItIsSalted() {
        assertThat(key(SALTED, "acme", "1")).isEqualTo("acme");
        assertThat(key(SaltedTenants.NONE, "hot", "1")).isEqualTo("hot");
    }

    @Test
    void theSameEventAlwaysHasTheSameKey() {
        // Written down, because other emitters and later versions must come to the same.
        assertThat(key(SALTED, "hot", "1")).isEqualTo(key(SALTED, "hot", "1")).isEqualTo("hot#15");
    }

    @Test
    void aReversalMeetsTheEventThatItTakesBack() {
        UsageEvent reversal = Events.usage("hot", "1:reversal");
        reversal.setReverses(new EventIdentity("gateway-1", "1"));
        assertThat(new String(SALTED.keyOf(reversal), StandardCharsets.UTF_8)).isEqualTo("hot#15");
        assertThat(key(SALTED, "hot", "1:reversal")).isNotEqualTo("hot#15");
    }

    @Test
    void aSaltedTenantsEventsAreSpreadEvenly() {
        Map<String, Long> keys = IntStream.range(0, 16_000)
                .mapToObj(number -> key(SALTED, "hot", "e" + number))
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        assertThat(keys).hasSize(16);
        assertThat(keys.values()).allSatisfy(count -> assertThat(count).isBetween(800L, 1200L));
    }

    @Test
    void aTenantHasAKeyAtLeast() {
        assertThatIllegalArgumentException().isThrownBy(() -> new SaltedTenants(Set.of("hot"), 0));
    }
}
