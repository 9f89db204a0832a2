package io.tollgate.cli.crash;

import io.tollgate.cli.crash.Totals.Rejected;
import io.tollgate.cli.crash.Totals.Total;
import io.tollgate.events.Dimensions;
import io.tollgate.events.EventIdentity;
import io.tollgate.events.UsageEvent;
import io.tollgate.schemas.Codec;
import io.tollgate.schemas.Digest;
import io.tollgate.schemas.Topics;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Events as bad as they come, with what must become of them: an oracle that knows nothing of partitions, stores and
 * commits. In a hundred messages there are two duplicates, a conflict, half a reversal, a fifth of an event from the far
 * future and a fifth of bytes that are no event; times are of two years in no order. Two of the meters are sums, one a
 * greatest and one a unique count. The same seed gives the same load.
 *
 * @param messages in the order of sending; a tenant's keep their order
 */
record Load(List<ProducerRecord<byte[], byte[]>> messages, Totals totals) {

    private static final int TENANTS = 7;
    private static final int MAX_INPUT = 300_000;
    private static final List<String> MODELS = List.of("gpt-4o", "grok-3", "llama-4");
    private static final List<String> ACCELERATORS = List.of("nvidia-h100", "maia-100", "cobalt-100");
    private static final List<Instant> DAYS =
            List.of(Instant.parse("2023-11-16T00:00:00Z"), Instant.parse("2026-01-01T00:00:00Z"));
    private static final Instant FAR_FUTURE = Instant.parse("2199-01-01T00:00:00Z");
    private static final long[] BANDS = {128_000, 200_000, 256_000, 272_000, 512_000};

    /** @param count how many messages, at least one */
    static Load of(int count, long seed) {
        return new Maker(new Random(seed)).make(count);
    }

    private static final class Maker {

        private final Random random;
        private final List<ProducerRecord<byte[], byte[]>> messages = new ArrayList<>();
        private final Map<String, Total> rollups = new TreeMap<>();
        private final Map<String, Observed> observed = new TreeMap<>();
        private final Map<Rejected, Integer> rejected = new TreeMap<>();
        private final List<UsageEvent> counted = new ArrayList<>();

        Maker(Random random) {
            this.random = random;
        }

        Load make(int count) {
            while (messages.size() < count) {
                int kind = counted.isEmpty() ? 1_000 : random.nextInt(1_000);
                if (kind < 20) {
                    send(anyCounted());
                } else if (kind < 30) {
                    sendConflict(anyCounted());
                } else if (kind < 35) {
                    UsageEvent original = anyCounted();
                    sendAndCount(reversal(original));
                    if (kind == 34 && messages.size() < count) {
                        // Once too often: it takes back what is no longer there.
                        sendAndCount(reversal(original));
                    }
                } else if (kind < 37) {
                    UsageEvent event = event("early-" + messages.size(), tenant());
                    event.setTime(FAR_FUTURE);
                    send(event);
                    reject("time_in_future", Codec.USAGE_EVENT.encode(event));
                } else if (kind < 39) {
                    sendPoison();
                } else {
                    sendAndCount(event("event-" + messages.size(), tenant()));
                }
            }
            observed.forEach((key, all) -> rollups.merge(key, Total.ofDecided(all.decided()), Total::plus));
            return new Load(List.copyOf(messages), new Totals(rollups, rejected));
        }

        private void sendConflict(UsageEvent original) {
            UsageEvent other = event(original.getId(), original.getDimensions().getTenant());
            // More than any original has.
            other.setQuantities(Map.of("input_tokens", MAX_INPUT + 1L + random.nextInt(1_000)));
            send(other);
            reject("identity_conflict", Codec.USAGE_EVENT.encode(other));
        }

        /** Bytes that never were an event, or the half of one. */
        private void sendPoison() {
            byte[] whole = Codec.USAGE_EVENT.encode(event("poison-" + messages.size(), tenant()));
            byte[] noise = new byte[random.nextInt(64)];
            random.nextBytes(noise);
            byte[] bytes = random.nextBoolean() ? noise : Arrays.copyOf(whole, whole.length / 2);
            send(tenant(), bytes);
            reject("undecodable", bytes);
        }

        private void sendAndCount(UsageEvent event) {
            send(event);
            counted.add(event);
            Total one = new Total(
                    Observed.sums(event), 1, new BigInteger(1, Digest.of(event).toBytes()));
            rollups.merge(key(event), Total.NONE.plus(one), Total::plus);
            observed.computeIfAbsent(key(event), key -> new Observed()).add(event);
        }

        private void send(UsageEvent event) {
            send(event.getDimensions().getTenant(), Codec.USAGE_EVENT.encode(event));
        }

        private void send(String tenant, byte[] bytes) {
            messages.add(new ProducerRecord<>(Topics.USAGE_EVENTS, tenant.getBytes(StandardCharsets.UTF_8), bytes));
        }

        private void reject(String reason, byte[] bytes) {
            rejected.merge(new Rejected(reason, HexFormat.of().formatHex(bytes)), 1, Integer::sum);
        }

        private UsageEvent anyCounted() {
            return counted.get(random.nextInt(counted.size()));
        }

        private String tenant() {
            return "tenant-" + random.nextInt(TENANTS);
        }

        private UsageEvent event(String id, String tenant) {
            long input = random.nextInt(MAX_INPUT);
            Map<String, Long> quantities = new TreeMap<>(Observed.quantities(random.nextInt(50), random.nextInt(20)));
            quantities.put("input_tokens", input);
            quantities.put("output_tokens", (long) random.nextInt(900));
            return UsageEvent.newBuilder()
                    .setSource("crash")
                    .setId(id)
                    .setTime(DAYS.get(random.nextInt(DAYS.size())).plusSeconds(random.nextInt(40_000)))
                    .setDimensions(Dimensions.newBuilder()
                            .setTenant(tenant)
                            .setProvider("openai")
                            .setModel(MODELS.get(random.nextInt(MODELS.size())))
                            .setAcceleratorType(ACCELERATORS.get(random.nextInt(ACCELERATORS.size())))
                            .build())
                    .setContextTokens(input)
                    .setQuantities(quantities)
                    .build();
        }

        /** Takes all of it back, under an identity of its own. */
        private UsageEvent reversal(UsageEvent original) {
            Map<String, Long> negated = new TreeMap<>();
            original.getQuantities().forEach((meter, amount) -> negated.put(meter, -amount));
            UsageEvent reversal = event(
                    "reversal-" + messages.size(), original.getDimensions().getTenant());
            reversal.setTime(original.getTime());
            reversal.setDimensions(original.getDimensions());
            reversal.setContextTokens(original.getContextTokens());
            reversal.setQuantities(negated);
            reversal.setReverses(new EventIdentity(original.getSource(), original.getId()));
            return reversal;
        }
    }

    private static String key(UsageEvent event) {
        long band = 0;
        for (long threshold : BANDS) {
            band = event.getContextTokens() > threshold ? threshold : band;
        }
        return Rollups.key(
                event.getDimensions().getTenant(),
                event.getDimensions().getModel(),
                event.getDimensions().getAcceleratorType(),
                Math.floorDiv(event.getTime().getEpochSecond(), 900L) * 900,
                band);
    }
}
