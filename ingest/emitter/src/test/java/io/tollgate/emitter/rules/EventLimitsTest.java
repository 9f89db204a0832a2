package io.tollgate.emitter.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.events.Dimensions;
import io.tollgate.events.EventIdentity;
import io.tollgate.events.UsageEvent;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EventLimitsTest {

    private static final Instant ARRIVAL = Instant.parse("2026-01-02T00:00:00Z");

    private static UsageEvent good() {
        return UsageEvent.newBuilder()
                .setSource("gateway-1")
                .setId("1")
                .setTime(ARRIVAL)
                .setDimensions(Dimensions.newBuilder()
                        .setTenant("acme")
                        .setProvider("openai")
                        .setModel("gpt-4o")
                        .setTags(new TreeMap<>(Map.of("team", "red")))
                        .build())
                .setQuantities(new TreeMap<>(Map.of("input_tokens", 7L)))
                .build();
    }

    private static void faults(Consumer<UsageEvent> change, RejectionReason... reasons) {
        UsageEvent event = good();
        change.accept(event);
        assertThat(EventLimits.check(event, ARRIVAL)).extracting(Fault::reason).containsExactly(reasons);
    }

    private static void dimensionFaults(Consumer<Dimensions> change, RejectionReason... reasons) {
        faults(event -> change.accept(event.getDimensions()), reasons);
    }

    @Test
    void aWholeEventIsAccepted() {
        faults(event -> {});
    }

    @Test
    void whatIdentifiesAndWhatIsBilledMustBeNamed() {
        faults(event -> event.setSource(""), RejectionReason.MISSING_ATTRIBUTE);
        faults(event -> event.setId(""), RejectionReason.MISSING_ATTRIBUTE);
        dimensionFaults(dimensions -> dimensions.setTenant(""), RejectionReason.MISSING_DIMENSION);
        dimensionFaults(dimensions -> dimensions.setProvider(""), RejectionReason.MISSING_DIMENSION);
        dimensionFaults(dimensions -> dimensions.setModel(""), RejectionReason.MISSING_DIMENSION);
        dimensionFaults(dimensions -> dimensions.setOutcome(""), RejectionReason.MISSING_DIMENSION);
        dimensionFaults(dimensions -> dimensions.setProject(""));
    }

    @Test
    void identifiersAreBoundedAndHoldNoControlCharacters() {
        dimensionFaults(dimensions -> dimensions.setModel("a\u0000b"), RejectionReason.INVALID_IDENTIFIER);
        dimensionFaults(dimensions -> dimensions.setModel("a\ud800b"), RejectionReason.INVALID_IDENTIFIER);
        dimensionFaults(dimensions -> dimensions.setModel("a\ufffe"), RejectionReason.INVALID_IDENTIFIER);
        dimensionFaults(dimensions -> dimensions.setModel(" "), RejectionReason.INVALID_IDENTIFIER);
        dimensionFaults(dimensions -> dimensions.setModel("\ud83d\ude00".repeat(256)));
        dimensionFaults(dimensions -> dimensions.setModel("a".repeat(257)), RejectionReason.INVALID_IDENTIFIER);
        dimensionFaults(dimensions -> dimensions.setTenant("acme corp"), RejectionReason.INVALID_IDENTIFIER);
        dimensionFaults(dimensions -> dimensions.setTenant("a".repeat(129)), RejectionReason.INVALID_IDENTIFIER);
        dimensionFaults(dimensions -> dimensions.setTenant("ops@acme-1.example"));
    }

    @Test
    void tagsAreBounded() {
        dimensionFaults(dimensions -> dimensions.setTags(numbered(32, "")));
        dimensionFaults(dimensions -> dimensions.setTags(numbered(33, "")), RejectionReason.TOO_MANY_TAGS);
        dimensionFaults(dimensions -> dimensions.setTags(Map.of("", "a")), RejectionReason.INVALID_TAG);
        dimensionFaults(dimensions -> dimensions.setTags(Map.of("a".repeat(65), "a")), RejectionReason.INVALID_TAG);
        dimensionFaults(dimensions -> dimensions.setTags(Map.of("a", "a".repeat(257))), RejectionReason.INVALID_TAG);
    }

    private static <V> Map<String, V> numbered(int size, V value) {
        return IntStream.range(0, size).boxed().collect(Collectors.toMap(number -> "n" + number, number -> value));
    }

    @Test
    void quantitiesAreThereAndNotNegative() {
        faults(event -> event.setQuantities(Map.of()), RejectionReason.NO_QUANTITIES);
        faults(event -> event.setQuantities(numbered(64, 1L)));
        faults(event -> event.setQuantities(numbered(65, 1L)), RejectionReason.TOO_MANY_QUANTITIES);
        faults(event -> event.setQuantities(Map.of("Tokens", 1L)), RejectionReason.INVALID_METER);
        faults(event -> event.setQuantities(Map.of("a".repeat(65), 1L)), RejectionReason.INVALID_METER);
        faults(event -> event.setQuantities(Map.of("a", 0L, "b", Long.MAX_VALUE)));
        faults(event -> event.setQuantities(Map.of("a", -1L)), RejectionReason.NEGATIVE_QUANTITY);
        faults(event -> event.setContextTokens(-1), RejectionReason.NEGATIVE_CONTEXT);
    }

    @Test
    void aReversalNamesAnotherEventAndTakesAway() {
        faults(event -> {
            event.setReverses(new EventIdentity("gateway-1", "0"));
            event.setQuantities(Map.of("a", -1L, "b", 0L));
        });
        faults(event -> event.setReverses(new EventIdentity("gateway-1", "0")), RejectionReason.POSITIVE_REVERSAL);
        faults(
                event -> {
                    event.setReverses(new EventIdentity("gateway-1", "1"));
                    event.setQuantities(Map.of("a", -1L));
                },
                RejectionReason.INVALID_REVERSAL);
        faults(
                event -> {
                    event.setReverses(new EventIdentity("gateway-1", ""));
                    event.setQuantities(Map.of("a", -1L));
                },
                RejectionReason.INVALID_REVERSAL);
    }

    @Test
    void anEventMayBeOldButNotFromTheFuture() {
        faults(event -> event.setTime(Instant.EPOCH));
        faults(event -> event.setTime(Instant.EPOCH.minusNanos(1000)), RejectionReason.TIME_BEFORE_1970);
        faults(event -> event.setTime(ARRIVAL.plus(EventLimits.AHEAD_MAX)));
        faults(
                event -> event.setTime(ARRIVAL.plus(EventLimits.AHEAD_MAX).plusNanos(1000)),
                RejectionReason.TIME_IN_FUTURE);
    }

    @Test
    void allFaultsAreNamedAndExplained() {
        UsageEvent event = good();
        event.setId("");
        event.getDimensions().setModel("x".repeat(1000));
        event.setQuantities(Map.of("B", 1L, "A", 1L));
        assertThat(EventLimits.check(event, ARRIVAL))
                .extracting(Fault::reason)
                .containsExactly(
                        RejectionReason.MISSING_ATTRIBUTE,
                        RejectionReason.INVALID_IDENTIFIER,
                        RejectionReason.INVALID_METER,
                        RejectionReason.INVALID_METER);
        assertThat(EventLimits.check(event, ARRIVAL))
                .allSatisfy(fault ->
                        assertThat(fault.explanation()).hasSizeLessThan(400).endsWith("."));
    }

    @Test
    void codesAreSnakeCaseAndAdviceIsASentence() {
        assertThat(RejectionReason.values()).allSatisfy(reason -> {
            assertThat(reason.code()).matches("[a-z][a-z0-9_]*");
            assertThat(reason.advice()).endsWith(".").doesNotContain("..");
        });
    }
}
