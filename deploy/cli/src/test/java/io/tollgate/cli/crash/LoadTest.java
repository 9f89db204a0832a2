package io.tollgate.cli.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.cli.crash.Totals.Rejected;
import io.tollgate.cli.crash.Totals.Total;
import java.math.BigInteger;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LoadTest {

    private static final int MESSAGES = 20_000;

    private final Load load = Load.of(MESSAGES, 1);

    @Test
    void theSameSeedGivesTheSameLoad() {
        Load again = Load.of(MESSAGES, 1);

        assertThat(again.totals()).isEqualTo(load.totals());
        assertThat(again.messages()).zipSatisfy(load.messages(), (one, other) -> {
            assertThat(one.key()).isEqualTo(other.key());
            assertThat(one.value()).isEqualTo(other.value());
        });
    }

    @Test
    void everyMessageIsCountedOrRejectedOrADuplicate() {
        long rejected = load.totals().rejectedByReason().values().stream()
                .mapToLong(Integer::longValue)
                .sum();

        long duplicates = MESSAGES - load.totals().events() - rejected;

        assertThat(duplicates).isBetween(MESSAGES / 100L, MESSAGES * 3 / 100L);
    }

    @Test
    void theOracleKnowsWhatIsWrongWithEach() {
        assertThat(load.totals().rejectedByReason())
                .containsOnlyKeys("identity_conflict", "time_in_future", "undecodable")
                .allSatisfy((reason, count) -> assertThat(count).isPositive());
    }

    @Test
    void oneUnitMoreInOneRollupIsADifference() {
        Total total = new Total(Map.of("input_tokens", 7L), 1, BigInteger.TEN);
        Totals wanted = new Totals(Map.of("a", total), Map.of());

        assertThat(wanted.differencesTo(wanted)).isEmpty();
        assertThat(wanted.differencesTo(new Totals(
                        Map.of("a", new Total(Map.of("input_tokens", 8L), 1, BigInteger.TEN)), Map.of())))
                .hasSize(1);
    }

    @Test
    void theOracleKnowsMetersThatDoNotAddUp() {
        assertThat(load.totals().rollups().values())
                .allSatisfy(total -> assertThat(total.quantities()).doesNotContainKeys("peak", "users"))
                .anySatisfy(total -> assertThat(total.decided())
                        .anyMatch(decided -> decided.startsWith("peak max "))
                        .anyMatch(decided -> decided.startsWith("users unique_count ")))
                .anySatisfy(total ->
                        assertThat(total.decided()).anyMatch(decided -> decided.contains(" unmatched_reversal ")));
    }

    @Test
    void anotherGreatestIsADifference() {
        Totals wanted = new Totals(Map.of("a", Total.ofDecided(Set.of("peak max 7"))), Map.of());
        Totals found = new Totals(Map.of("a", Total.ofDecided(Set.of("peak max 8"))), Map.of());

        assertThat(wanted.differencesTo(wanted)).isEmpty();
        assertThat(wanted.differencesTo(found)).hasSize(1);
    }

    @Test
    void aMessageRejectedTwiceIsADifference() {
        Totals wanted = new Totals(Map.of(), Map.of(new Rejected("undecodable", "00"), 1));
        Totals found = new Totals(Map.of(), Map.of(new Rejected("undecodable", "00"), 2));

        assertThat(wanted.differencesTo(found)).hasSize(1);
    }
}
