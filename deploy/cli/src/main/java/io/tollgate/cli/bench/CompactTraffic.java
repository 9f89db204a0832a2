package io.tollgate.cli.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tollgate.events.Dimensions;
import io.tollgate.events.UsageEvent;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;

/**
 * Plain chat requests of a hundred tenants on two models, some forty to a rollup, 2 % of them sent twice: small events, so
 * that the job and not the network is measured. Deterministic.
 */
final class CompactTraffic {

    private static final Instant START = Instant.parse("2026-06-01T00:00:00Z");
    static final int PARTITIONS = 4;
    private static final int TENANTS_PER_PARTITION = 25;
    private static final int MODELS = 2;
    private static final int EVENTS_PER_ROLLUP = 40;
    private static final int DUPLICATES_PER_HUNDRED = 2;

    private final long end;
    private final Random random;
    private final List<Dimensions> series;
    private UsageEvent last;
    private long next;

    /**
     * @param first number of the first event: traffic with other numbers has other identities
     * @param events how many, repeated ones included
     */
    CompactTraffic(long first, long events, long seed) {
        this.next = first;
        this.end = first + events;
        this.random = new Random(seed);
        this.series = tenants()
                .flatMap(tenant -> IntStream.range(0, MODELS).mapToObj(model -> dimensions(tenant, model)))
                .toList();
        this.last = event(series, first);
    }

    boolean hasNext() {
        return next < end;
    }

    UsageEvent next() {
        if (random.nextInt(100) >= DUPLICATES_PER_HUNDRED) {
            last = event(series, next);
        }
        next++;
        return last;
    }

    /** As many for each partition: a job is as fast as the thread with most of the load, and that is not the question. */
    private static Stream<String> tenants() {
        return IntStream.range(0, PARTITIONS)
                .boxed()
                .flatMap(partition -> IntStream.iterate(0, number -> number + 1)
                        .mapToObj(number -> "tenant-" + number)
                        .filter(tenant ->
                                BuiltInPartitioner.partitionForKey(tenant.getBytes(UTF_8), PARTITIONS) == partition)
                        .limit(TENANTS_PER_PARTITION));
    }

    private static Dimensions dimensions(String tenant, int model) {
        return Dimensions.newBuilder()
                .setTenant(tenant)
                .setProvider("openai")
                .setModel("model-" + model)
                .setAcceleratorType("nvidia-h100")
                .build();
    }

    private static UsageEvent event(List<Dimensions> series, long index) {
        long window = index / ((long) series.size() * EVENTS_PER_ROLLUP);
        long input = 1 + index % 4_000;
        return UsageEvent.newBuilder()
                .setSource("bench")
                .setId("request-" + index)
                .setTime(START.plusSeconds(window * 900 + index % 900))
                .setDimensions(series.get((int) (index % series.size())))
                .setContextTokens(input)
                .setQuantities(new TreeMap<>(Map.of("input_tokens", input, "output_tokens", 1 + index % 300)))
                .build();
    }
}
