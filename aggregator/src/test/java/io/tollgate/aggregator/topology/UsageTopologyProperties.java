package io.tollgate.aggregator.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.aggregator.Events;
import io.tollgate.aggregator.Meters;
import io.tollgate.aggregator.rollup.Disturbance;
import io.tollgate.aggregator.rollup.NaiveRollups;
import io.tollgate.events.UsageEvent;
import io.tollgate.events.UsageRollup;
import io.tollgate.schemas.Codec;
import io.tollgate.schemas.Digest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class UsageTopologyProperties {

    private static final Instant ARRIVAL = Instant.parse("2026-03-01T00:00:00Z");

    @Property(tries = 60)
    void permutationAndDuplicationChangeNothing(@ForAll("events") List<UsageEvent> events, @ForAll Random random) {
        List<UsageEvent> disturbed = new ArrayList<>(events);
        for (UsageEvent event : events) {
            for (int copies = random.nextInt(3); copies > 0; copies--) {
                disturbed.add(event);
            }
        }
        Collections.shuffle(disturbed, random);

        assertThat(rollupsOf(disturbed)).isEqualTo(rollupsOf(events));
    }

    @Property(tries = 60)
    void everyEventIsInExactlyOneRollup(@ForAll("events") List<UsageEvent> events) {
        List<UsageRollup> rollups = rollupsOf(events);

        assertThat(rollups.stream().mapToLong(UsageRollup::getEventCount).sum()).isEqualTo(events.size());
        assertThat(rollups.stream()
                        .map(rollup -> Digest.ofBytes(rollup.getDigest().bytes()))
                        .reduce(Digest.ZERO, Digest::plus))
                .isEqualTo(events.stream().map(Digest::of).reduce(Digest.ZERO, Digest::plus));
        assertThat(rollups.stream()
                        .mapToLong(rollup -> rollup.getQuantities().getOrDefault("input_tokens", 0L))
                        .sum())
                .isEqualTo(events.stream()
                        .mapToLong(event -> event.getQuantities().getOrDefault("input_tokens", 0L))
                        .sum());
    }

    @Property(tries = 40)
    void anyOrderAnyDuplicationAndAnySplitIntoRestartsGiveTheSameRollupsOfAllKindsOfMeters(
            @ForAll("eventsOfAllKinds") List<UsageEvent> events, @ForAll Random random) {
        TopologyConfig config = new TopologyConfig(Duration.ofDays(35), 3, 3).withMeters(Meters.OF_EACH_KIND);
        List<UsageEvent> disturbed = Disturbance.shuffledAndDoubled(events, random);
        TopologyDriver job = new TopologyDriver(config, ARRIVAL);
        for (UsageEvent event : disturbed) {
            job.send(event, ARRIVAL);
            if (random.nextInt(20) == 0) {
                job = job.restarted(config, ARRIVAL);
            }
        }
        try (TopologyDriver last = job) {
            assertThat(last.rejected()).isEmpty();
            assertThat(last.rollups())
                    .containsExactlyInAnyOrderElementsOf(NaiveRollups.of(events, Meters.OF_EACH_KIND).stream()
                            .map(NaiveRollups::overTheWire)
                            .toList());
        }
    }

    @Provide
    Arbitrary<List<UsageEvent>> eventsOfAllKinds() {
        return Disturbance.events(
                15, "input_tokens", "output_tokens", "calls", "peak", "least", "seats", "users", "disk", "cpus");
    }

    @Provide
    Arbitrary<List<UsageEvent>> events() {
        Arbitrary<Instant> times = Arbitraries.longs().between(0, 4 * 3600).map(Events.NOON::plusSeconds);
        Arbitrary<Map<String, Long>> quantities = Arbitraries.maps(
                        Arbitraries.of("input_tokens", "output_tokens", "reasoning_tokens"),
                        Arbitraries.longs().between(0, 300_000))
                .ofMinSize(1);
        Arbitrary<String> models = Arbitraries.of("gpt-4o", "grok-3");
        Arbitrary<UsageEvent> event = Combinators.combine(times, quantities, models)
                .as((time, amounts, model) -> {
                    UsageEvent made = Events.event("", time, amounts);
                    made.getDimensions().setModel(model);
                    return made;
                });
        return event.list().ofMaxSize(40).map(UsageTopologyProperties::withDistinctIds);
    }

    private static List<UsageEvent> withDistinctIds(List<UsageEvent> events) {
        List<UsageEvent> numbered = new ArrayList<>();
        for (UsageEvent event : events) {
            UsageEvent copy = Codec.USAGE_EVENT.decode(Codec.USAGE_EVENT.encode(event));
            copy.setId("event-" + numbered.size());
            numbered.add(copy);
        }
        return numbered;
    }

    private static List<UsageRollup> rollupsOf(List<UsageEvent> events) {
        try (TopologyDriver job = new TopologyDriver(new TopologyConfig(Duration.ofDays(35), 3, 3), ARRIVAL)) {
            events.forEach(event -> job.send(event, ARRIVAL));
            assertThat(job.rejected()).isEmpty();
            return job.rollups();
        }
    }
}
