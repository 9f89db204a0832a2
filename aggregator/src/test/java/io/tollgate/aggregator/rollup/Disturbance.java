package io.tollgate.aggregator.rollup;

import io.tollgate.aggregator.Events;
import io.tollgate.events.EventIdentity;
import io.tollgate.events.UsageEvent;
import io.tollgate.schemas.Codec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Events for property tests, and what may happen to them on their way. */
public final class Disturbance {

    private Disturbance() {}

    /** Up to so many different events of a few series in a few hours, among them reversals, and reversals of those. */
    public static Arbitrary<List<UsageEvent>> events(int most, String... meters) {
        // Few seconds and small values: samples of one moment, equal values and values next to each other.
        Arbitrary<Instant> times = Combinators.combine(
                        Arbitraries.longs().between(0, 2 * 3600), Arbitraries.of(0L, 0L, 1L, 400_000L, 999_999L))
                .as((second, micros) -> Events.NOON.plusSeconds(second).plus(micros, ChronoUnit.MICROS));
        Arbitrary<Map<String, Long>> quantities = Arbitraries.maps(
                        Arbitraries.of(meters), Arbitraries.longs().between(0, 6))
                .ofMinSize(1);
        Arbitrary<String> models = Arbitraries.of("gpt-4o", "gpt-4o", "grok-3");
        Arbitrary<Long> contexts = Arbitraries.of(0L, 0L, 0L, 200_001L);
        Arbitrary<Integer> reversals = Arbitraries.of(0, 0, 0, 1, 2);
        return Combinators.combine(times, quantities, models, contexts, reversals)
                .as((time, amounts, model, context, count) -> {
                    UsageEvent event = Events.event("", time, amounts);
                    event.getDimensions().setModel(model);
                    event.setContextTokens(context);
                    return withReversals(event, count);
                })
                .list()
                .ofMaxSize(most)
                .map(Disturbance::numbered);
    }

    private static List<UsageEvent> withReversals(UsageEvent event, int count) {
        List<UsageEvent> all = new ArrayList<>(List.of(event));
        for (int i = 0; i < count && (i == 0 || !event.getQuantities().containsValue(0L)); i++) {
            UsageEvent reversal = copy(all.get(i));
            Map<String, Long> negated = new LinkedHashMap<>();
            reversal.getQuantities().forEach((meter, amount) -> negated.put(meter, -amount));
            reversal.setQuantities(negated);
            reversal.setReverses(new EventIdentity("test", "of the one before"));
            all.add(reversal);
        }
        return all;
    }

    private static List<UsageEvent> numbered(List<List<UsageEvent>> groups) {
        List<UsageEvent> numbered = new ArrayList<>();
        groups.forEach(group -> group.forEach(event -> {
            event.setId("event-" + numbered.size());
            numbered.add(copy(event));
        }));
        return numbered;
    }

    /** The events in another order, some of them several times. */
    public static List<UsageEvent> shuffledAndDoubled(List<UsageEvent> events, Random random) {
        List<UsageEvent> disturbed = new ArrayList<>(events);
        for (UsageEvent event : events) {
            for (int copies = random.nextInt(3); copies > 0; copies--) {
                disturbed.add(event);
            }
        }
        Collections.shuffle(disturbed, random);
        return disturbed;
    }

    private static UsageEvent copy(UsageEvent event) {
        return Codec.USAGE_EVENT.decode(Codec.USAGE_EVENT.encode(event));
    }
}
