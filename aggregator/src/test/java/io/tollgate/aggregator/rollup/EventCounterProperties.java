package io.tollgate.aggregator.rollup;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.aggregator.Meters;
import io.tollgate.events.UsageEvent;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever happens to events on their way, and to the job while it counts them, the rollups are what they must be. */
class EventCounterProperties {

    @Property(tries = 150)
    void sumsAndCounts(@ForAll("sumsAndCounts") List<UsageEvent> events, @ForAll Random random) {
        holdsFor(events, random);
    }

    @Property(tries = 200)
    void maxMinAndUnique(@ForAll("maxMinAndUnique") List<UsageEvent> events, @ForAll Random random) {
        holdsFor(events, random);
    }

    @Property(tries = 200)
    void latest(@ForAll("latest") List<UsageEvent> events, @ForAll Random random) {
        holdsFor(events, random);
    }

    @Property(tries = 400)
    void timeWeighted(@ForAll("timeWeighted") List<UsageEvent> events, @ForAll Random random) {
        holdsFor(events, random);
    }

    @Property(tries = 300)
    void allMetersAtOnce(@ForAll("all") List<UsageEvent> events, @ForAll Random random) {
        holdsFor(events, random);
    }

    private static void holdsFor(List<UsageEvent> events, Random random) {
        try (CountedStream job = new CountedStream(Meters.OF_EACH_KIND)) {
            for (UsageEvent event : Disturbance.shuffledAndDoubled(events, random)) {
                assertThat(job.count(event)).isInstanceOf(Outcome.Counted.class);
                switch (random.nextInt(12)) {
                    case 0 -> job.commit();
                    case 1 -> job.restart();
                    case 2 -> job.crash();
                    default -> {
                        // Goes on.
                    }
                }
            }
            assertThat(job.rollups())
                    .containsExactlyInAnyOrderElementsOf(NaiveRollups.of(events, Meters.OF_EACH_KIND).stream()
                            .map(NaiveRollups::overTheWire)
                            .toList());
        }
    }

    @Provide
    Arbitrary<List<UsageEvent>> sumsAndCounts() {
        return Disturbance.events(30, "input_tokens", "output_tokens", "calls");
    }

    @Provide
    Arbitrary<List<UsageEvent>> maxMinAndUnique() {
        return Disturbance.events(30, "peak", "least", "users");
    }

    @Provide
    Arbitrary<List<UsageEvent>> latest() {
        return Disturbance.events(30, "seats");
    }

    @Provide
    Arbitrary<List<UsageEvent>> timeWeighted() {
        return Disturbance.events(25, "disk", "cpus");
    }

    @Provide
    Arbitrary<List<UsageEvent>> all() {
        return Disturbance.events(
                20, "input_tokens", "calls", "peak", "least", "seats", "users", "disk", "cpus", "brand_new");
    }
}
