package io.tollgate.ingest.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import io.tollgate.emitter.rules.Fault;
import io.tollgate.emitter.rules.RejectionReason;
import io.tollgate.events.Dimensions;
import io.tollgate.events.EventIdentity;
import io.tollgate.events.UsageEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class EventPolicyTest {

    private static final Instant ARRIVAL = Instant.parse("2026-02-10T00:00:00Z");

    private static UsageEvent event(Consumer<UsageEvent> change) {
        Dimensions dimensions =
                new Dimensions("acme", "", Map.of(), "openai", "gpt-4o", "", "", "", "chat", "standard", "success");
        UsageEvent event = new UsageEvent("s", "1", ARRIVAL, dimensions, 0L, Map.of("input_tokens", 1L), null);
        change.accept(event);
        return event;
    }

    private static List<RejectionReason> faults(EventPolicy policy, boolean backfill, Consumer<UsageEvent> change) {
        return policy.check(event(change), ARRIVAL, backfill).stream()
                .map(Fault::reason)
                .toList();
    }

    @Test
    void usageIsTooOldAfter35DaysUnlessItIsABackfill() {
        Consumer<UsageEvent> justInTime = event -> event.setTime(ARRIVAL.minus(Duration.ofDays(35)));
        Consumer<UsageEvent> tooLate =
                event -> event.setTime(ARRIVAL.minus(Duration.ofDays(35)).minusMillis(1));
        assertThat(faults(EventPolicy.DEFAULT, false, justInTime)).isEmpty();
        assertThat(faults(EventPolicy.DEFAULT, false, tooLate)).containsExactly(RejectionReason.TIME_TOO_OLD);
        assertThat(faults(EventPolicy.DEFAULT, true, tooLate)).isEmpty();
        assertThat(faults(EventPolicy.DEFAULT.withAgeMax(Duration.ofDays(36)), false, tooLate))
                .isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> EventPolicy.DEFAULT.withAgeMax(Duration.ZERO));
    }

    @Test
    void operationsAndTiersAreKnownOnes() {
        Consumer<UsageEvent> misspelt = event -> {
            event.getDimensions().setOperation("embeding");
            event.getDimensions().setServiceTier("Standard");
        };
        assertThat(faults(EventPolicy.DEFAULT, true, misspelt))
                .containsExactly(RejectionReason.UNKNOWN_OPERATION, RejectionReason.UNKNOWN_SERVICE_TIER);
        assertThat(EventPolicy.DEFAULT.check(event(misspelt), ARRIVAL, true))
                .extracting(Fault::detail)
                .contains("serviceTier is 'Standard'; known are batch, flex, priority, provisioned, standard.");
        assertThat(faults(
                        EventPolicy.DEFAULT.withKnown(Optional.of(Set.of("embeding")), Optional.empty()),
                        false,
                        misspelt))
                .isEmpty();
    }

    @Test
    void metersAndModelsAreKnownOnesOnlyIfThereAreLists() {
        Consumer<UsageEvent> strange = event -> event.setQuantities(Map.of("b", 1L, "a", 1L, "input_tokens", 1L));
        assertThat(faults(EventPolicy.DEFAULT, false, strange)).isEmpty();
        EventPolicy strict = EventPolicy.DEFAULT
                .withMeters(Optional.of(Set.of("input_tokens")))
                .withModels(Optional.of(Set.of("openai/gpt-4o-mini")));
        assertThat(strict.check(event(strange), ARRIVAL, false))
                .extracting(Fault::reason, Fault::detail)
                .containsExactly(
                        tuple(RejectionReason.UNKNOWN_MODEL, "The model 'openai/gpt-4o' is not known."),
                        tuple(RejectionReason.UNKNOWN_METER, "The meter 'a' is not known."),
                        tuple(RejectionReason.UNKNOWN_METER, "The meter 'b' is not known."));
    }

    @Test
    void aReversalMayNameWhatIsNotKnownAnyMore() {
        EventPolicy strict = EventPolicy.DEFAULT.withMeters(Optional.of(Set.of()));
        assertThat(faults(strict, false, event -> event.setReverses(new EventIdentity("s", "0"))))
                .isEmpty();
    }
}
