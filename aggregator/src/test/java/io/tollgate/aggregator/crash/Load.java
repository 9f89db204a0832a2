package io.tollgate.aggregator.crash;

import io.tollgate.aggregator.Events;
import io.tollgate.events.UsageEvent;
import io.tollgate.schemas.Digest;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;

/**
 * Events as bad as they come (2 % duplicates, 1 % conflicts, any order of time), with what their totals must be: an
 * oracle that knows nothing of partitions, stores and commits.
 *
 * @param events in the order of sending
 * @param totals by tenant, model, window and band
 * @param conflicts how many must be kept out
 */
record Load(List<UsageEvent> events, Map<String, Total> totals, int conflicts) {

    record Total(long input, long output, long events, BigInteger digest) {

        private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(128);
        static final Total NONE = new Total(0, 0, 0, BigInteger.ZERO);

        Total plus(UsageEvent event) {
            return new Total(
                    input + event.getQuantities().getOrDefault("input_tokens", 0L),
                    output + event.getQuantities().getOrDefault("output_tokens", 0L),
                    events + 1,
                    digest.add(new BigInteger(1, Digest.of(event).toBytes())).mod(MODULUS));
        }
    }

    static Load of(int count, Random random) {
        List<UsageEvent> events = new ArrayList<>();
        Map<String, Total> totals = new TreeMap<>();
        Map<String, UsageEvent> sent = new HashMap<>();
        List<String> ids = new ArrayList<>();
        int conflicts = 0;
        while (events.size() < count) {
            int kind = random.nextInt(100);
            if (kind < 2 && !ids.isEmpty()) {
                events.add(Objects.requireNonNull(sent.get(ids.get(random.nextInt(ids.size())))));
            } else if (kind < 3 && !ids.isEmpty()) {
                String id = ids.get(random.nextInt(ids.size()));
                UsageEvent original = Objects.requireNonNull(sent.get(id));
                UsageEvent other = event(id, original.getDimensions().getTenant(), random);
                if (!other.equals(original)) {
                    events.add(other);
                    conflicts++;
                }
            } else {
                String id = "event-" + ids.size();
                UsageEvent event = event(id, "tenant-" + random.nextInt(7), random);
                ids.add(id);
                sent.put(id, event);
                events.add(event);
                totals.merge(key(event), Total.NONE.plus(event), (before, one) -> before.plus(event));
            }
        }
        return new Load(events, totals, conflicts);
    }

    private static UsageEvent event(String id, String tenant, Random random) {
        // Some of today, some of years ago, in no order.
        Instant time = (random.nextBoolean() ? Events.NOON : Instant.parse("2026-01-01T00:00:00Z"))
                .plusSeconds(random.nextInt(40_000));
        UsageEvent event =
                Events.event(id, time, Map.of("input_tokens", (long) random.nextInt(300_000), "output_tokens", (long)
                        random.nextInt(900)));
        event.getDimensions().setTenant(tenant);
        event.getDimensions().setModel(random.nextBoolean() ? "gpt-4o" : "grok-3");
        return event;
    }

    private static String key(UsageEvent event) {
        long window = Math.floorDiv(event.getTime().getEpochSecond(), 900L) * 900;
        long context = event.getContextTokens();
        long band = 0;
        for (long threshold : new long[] {128_000, 200_000, 256_000, 272_000, 512_000}) {
            band = context > threshold ? threshold : band;
        }
        return "%s %s %d %d"
                .formatted(
                        event.getDimensions().getTenant(), event.getDimensions().getModel(), window, band);
    }
}
