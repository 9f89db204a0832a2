package io.tollgate.ingest.corrections;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.emitter.rules.EventLimits;
import io.tollgate.events.Dimensions;
import io.tollgate.events.EventIdentity;
import io.tollgate.events.UsageEvent;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Laws of the identity and the content of reversals; jqwik prints the seed of each run. */
class ReversalProperties {

    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678901Z");

    private static EventIdentity identity(String id) {
        return new EventIdentity("https://gateway.example/eu", id);
    }

    private static UsageEvent event(String id, Map<String, Long> quantities) {
        return new UsageEvent(
                "https://gateway.example/eu",
                id,
                TIME,
                Dimensions.newBuilder()
                        .setTenant("acme")
                        .setProvider("openai")
                        .setModel("gpt-4o")
                        .build(),
                130_000L,
                quantities,
                null);
    }

    @Property
    void aReversalOfAGoodEventKeepsAllRules(
            @ForAll("ids") String id, @ForAll("quantities") Map<String, Long> quantities) {
        UsageEvent event = event(id, quantities);
        UsageEvent reversal = Reversal.of(event);
        assertThat(EventLimits.check(event, TIME)).isEmpty();
        assertThat(EventLimits.check(reversal, TIME)).isEmpty();
    }

    @Property
    void whatAnEventAddedItsReversalTakesAwayWhereItWasAdded(
            @ForAll("ids") String id, @ForAll("quantities") Map<String, Long> quantities) {
        UsageEvent event = event(id, quantities);
        UsageEvent reversal = Reversal.of(event);
        Map<String, Long> left = new HashMap<>(event.getQuantities());
        reversal.getQuantities().forEach((meter, amount) -> left.merge(meter, amount, Long::sum));
        assertThat(left.values()).containsOnly(0L);
        assertThat(left).hasSameSizeAs(quantities);
        assertThat(reversal.getDimensions()).isEqualTo(event.getDimensions());
        assertThat(reversal.getTime()).isEqualTo(event.getTime());
        assertThat(reversal.getContextTokens()).isEqualTo(event.getContextTokens());
        assertThat(reversal.getReverses()).isEqualTo(identity(id));
        assertThat(reversal).isEqualTo(Reversal.of(event(id, new HashMap<>(quantities))));
    }

    @Property
    void noTwoEventsShareAReversalOrAnAmendment(@ForAll("ids") String one, @ForAll("ids") String other) {
        assertThat(Derived.REVERSAL.of(identity(one)).equals(Derived.REVERSAL.of(identity(other))))
                .isEqualTo(one.equals(other));
        assertThat(Derived.AMENDMENT.of(identity(one)).equals(Derived.AMENDMENT.of(identity(other))))
                .isEqualTo(one.equals(other));
        assertThat(List.of(Derived.REVERSAL.of(identity(one)), identity(one)))
                .doesNotContain(Derived.AMENDMENT.of(identity(one)), Derived.AMENDMENT.of(identity(other)));
    }

    @Example
    void theIdentityIsWrittenDownBecauseLaterVersionsMustComeToTheSame() {
        assertThat(Derived.REVERSAL.of(identity("42")).getId()).isEqualTo("42:reversal");
        assertThat(Derived.REVERSAL.of(identity("a".repeat(247))).getId()).hasSize(256);
        assertThat(Derived.REVERSAL.of(identity("a".repeat(248))).getId())
                .isEqualTo("reversal:sha-256:fdff3ab023a901d4e6d47d39905cc6a4d394b9297d2605ac17efbf10da969fd2");
    }

    @Example
    void andThatOfAnAmendment() {
        EventIdentity amendment = Derived.AMENDMENT.of(identity("42"));
        assertThat(amendment.getId()).isEqualTo("42:amendment");
        assertThat(Derived.AMENDMENT.of(amendment).getId()).isEqualTo("42:amendment:amendment");
        assertThat(Derived.AMENDMENT.of(identity("a".repeat(248))).getId())
                .isEqualTo("amendment:sha-256:fdff3ab023a901d4e6d47d39905cc6a4d394b9297d2605ac17efbf10da969fd2");
    }

    @Provide
    Arbitrary<String> ids() {
        Arbitrary<String> any = Arbitraries.strings()
                .withChars('a', 'z')
                .withChars(':', '/', '%', '€')
                .ofMinLength(1)
                .ofMaxLength(256);
        // Near the limit, and ids that look like reversals'.
        return Arbitraries.oneOf(
                any,
                Arbitraries.integers().between(240, 256).map("x"::repeat),
                any.filter(id -> id.length() < 240).map(id -> id + ":reversal"),
                any.map(id -> Derived.REVERSAL.of(identity(id)).getId()));
    }

    @Provide
    Arbitrary<Map<String, Long>> quantities() {
        return Arbitraries.maps(
                        Arbitraries.of("input_tokens", "output_tokens", "requests", "accelerator_ms"),
                        Arbitraries.longs().between(0, Long.MAX_VALUE))
                .ofMinSize(1);
    }
}
