package io.tollgate.invoicing.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.Window;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * Many gateways with a network that loses, repeats, delays and reorders calls, against a model that knows what was really
 * spent and when it can be counted.
 */
class LeaseProperties {

    private static final Instant START = Instant.parse("2023-11-10T00:00:00Z");
    private static final long BUDGET = 1_000;
    private static final Duration COUNTED_WITHIN = Duration.ofSeconds(30);
    private static final int STEPS = 400;

    private final Map<String, Lease> leases = new HashMap<>();
    private final Set<String> known = new HashSet<>();
    private final List<Spent> spent = new ArrayList<>();
    private final PriorityQueue<Call> network =
            new PriorityQueue<>((one, other) -> one.arrival().compareTo(other.arrival()));
    private Standing standing = standing(0, START.minus(COUNTED_WITHIN));
    private Instant through = START.minus(COUNTED_WITHIN);
    private Instant stalledUntil = START;
    private long missedMax;

    private record Spent(Instant at, Instant arrived, Instant countable, long amount) {}

    private record Call(Instant arrival, Runnable work) {}

    /** What a gateway has heard that it may spend, until when by its own clock. */
    private record Heard(String lease, long amount, Instant until) {}

    @Property(tries = 300)
    void nobodyOverspendsByMoreThanWhatIsCountedLate(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 12) int gateways, @ForAll boolean late) {
        startOver();
        Random random = new Random(seed);
        List<Heard> heard = new ArrayList<>();
        Instant now = START;
        for (int step = 0; step < STEPS; step++) {
            now = now.plusMillis(100 + random.nextInt(900));
            deliver(now);
            switch (random.nextInt(6)) {
                case 0, 1 -> ask(random, random.nextInt(gateways), step, now, heard);
                case 2, 3 -> spend(random, now, heard, late);
                case 4 -> count(now);
                default -> end(random, now, heard);
            }
            assertThat(total()).isLessThanOrEqualTo(BUDGET + missedMax);
        }
        if (!late) {
            assertThat(missedMax).isZero();
        }
        // When all is quiet and counted, nothing is held any more, and what is left is what was not spent: no call that
        // was
        // lost or came twice has left a trace.
        Instant quiet = now.plus(Duration.ofHours(2));
        deliver(quiet);
        count(quiet);
        assertThat(decide(Amounts.of("requests", 1), quiet).budgets().get(0).remaining())
                .contains(new BigDecimal(BUDGET - total()));
    }

    @Property(tries = 300)
    void aJobThatIsBehindForAnHourAndCatchesUpLosesNothingAndCountsNothingTwice(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 12) int gateways) {
        startOver();
        Random random = new Random(seed);
        List<Heard> heard = new ArrayList<>();
        Instant now = START;
        Instant stall = START.plusSeconds(random.nextInt(60));
        for (int step = 0; step < STEPS; step++) {
            boolean stalled = now.isAfter(stall) && now.isBefore(stall.plus(Duration.ofHours(1)));
            stalledUntil = stalled ? stall.plus(Duration.ofHours(1)) : now;
            now = now.plusMillis(100 + random.nextInt(stalled ? 30_000 : 900));
            deliver(now);
            switch (random.nextInt(6)) {
                case 0, 1 -> ask(random, random.nextInt(gateways), step, now, heard);
                case 2, 3 -> spend(random, now, heard, false);
                case 4 -> count(now);
                default -> end(random, now, heard);
            }
            assertThat(missedMax).isZero();
            assertThat(total()).isLessThanOrEqualTo(BUDGET);
        }
        Instant quiet = now.plus(Duration.ofHours(2));
        deliver(quiet);
        count(quiet);
        assertThat(decide(Amounts.of("requests", 1), quiet).budgets().get(0).remaining())
                .contains(new BigDecimal(BUDGET - total()));
    }

    /** All tries share this object. */
    private void startOver() {
        leases.clear();
        known.clear();
        spent.clear();
        network.clear();
        standing = standing(0, START.minus(COUNTED_WITHIN));
        through = START.minus(COUNTED_WITHIN);
        stalledUntil = START;
        missedMax = 0;
    }

    private void ask(Random random, int gateway, int step, Instant now, List<Heard> heard) {
        String id = "gateway-" + gateway + "-" + step;
        long amount = 10L + random.nextInt(120);
        Duration length = Duration.ofSeconds(5 + random.nextInt(40));
        send(random, now, arrival -> {
            Optional<Lease> lease = take(id, amount, length, arrival);
            // The answer may be lost; or it comes twice, and the second one says nothing new.
            if (lease.isPresent() && random.nextInt(4) > 0 && known.add(id)) {
                heard.add(new Heard(id, amount, now.plus(length)));
            }
        });
    }

    private void spend(Random random, Instant now, List<Heard> heard, boolean late) {
        if (heard.isEmpty()) {
            return;
        }
        int index = random.nextInt(heard.size());
        Heard lease = heard.get(index);
        if (lease.amount() > 0 && now.isBefore(lease.until())) {
            long amount = 1L + random.nextInt((int) lease.amount());
            long seconds = late && random.nextInt(10) == 0 ? 31L + random.nextInt(100) : random.nextInt(15);
            Instant arrived = now.plusSeconds(seconds);
            Instant begun = arrived.isAfter(stalledUntil) ? arrived : stalledUntil;
            spent.add(new Spent(now, arrived, begun.plusSeconds(random.nextInt(15)), amount));
            heard.set(index, new Heard(lease.lease(), lease.amount() - amount, lease.until()));
        }
    }

    private void end(Random random, Instant now, List<Heard> heard) {
        if (heard.isEmpty()) {
            return;
        }
        Heard lease = heard.remove(random.nextInt(heard.size()));
        Lease kept = leases.getOrDefault(lease.lease(), Lease.granted("", who(), Amounts.NONE, START, START));
        long used = kept.held()
                        .in(standing.budget().measure())
                        .orElse(BigDecimal.ZERO)
                        .longValue()
                - lease.amount();
        // Some are never heard of again.
        if (random.nextInt(3) > 0) {
            send(random, now, arrival -> settle(lease.lease(), used, arrival));
            send(random, now, arrival -> renew(lease.lease(), arrival));
        }
    }

    private void settle(String id, long used, Instant now) {
        Lease.Change change = given(id).settle(Amounts.of("requests", used), now);
        leases.put(id, ((Lease.Change.Made) change).lease());
    }

    private void renew(String id, Instant now) {
        if (given(id).renew(now.plusSeconds(20), now) instanceof Lease.Change.Made made) {
            leases.put(id, made.lease());
        }
    }

    private Optional<Lease> take(String id, long amount, Duration length, Instant now) {
        if (!leases.containsKey(id)) {
            Amounts wanted = Amounts.of("requests", amount);
            if (!decide(wanted, now).allowed()) {
                return Optional.empty();
            }
            leases.put(id, Lease.granted(id, who(), wanted, now, now.plus(length)));
        }
        return Optional.of(given(id));
    }

    private Lease given(String id) {
        return Objects.requireNonNull(leases.get(id));
    }

    private Decision decide(Amounts wanted, Instant now) {
        return new Gate(Duration.ofDays(1)).lease(List.of(standing), leases.values(), who(), wanted, now);
    }

    /** All that can be counted by now; it says until when it has all that was used, though some may be late. */
    private void count(Instant now) {
        Watermark watermark = new Watermark(COUNTED_WITHIN);
        Optional<Instant> uncounted = spent.stream()
                .filter(each -> each.arrived().isBefore(watermark.arrivedBefore(now)))
                .filter(each -> each.countable().isAfter(now))
                .map(each -> Window.startOf(each.at()))
                .min(Instant::compareTo);
        through = watermark.at(now, through, uncounted);
        long counted = spent.stream()
                .filter(each -> !each.countable().isAfter(now))
                .mapToLong(Spent::amount)
                .sum();
        missedMax = Math.max(
                missedMax,
                spent.stream()
                        .filter(each ->
                                !each.at().isAfter(through) && each.countable().isAfter(now))
                        .mapToLong(Spent::amount)
                        .sum());
        standing = standing(counted, through);
    }

    private interface Work {
        void at(Instant arrival);
    }

    /** Never, once or three times, sooner or later. */
    private void send(Random random, Instant now, Work work) {
        int times = List.of(0, 1, 1, 1, 3).get(random.nextInt(5));
        for (int i = 0; i < times; i++) {
            Instant arrival = now.plusMillis(1 + random.nextInt(20_000));
            network.add(new Call(arrival, () -> work.at(arrival)));
        }
    }

    private void deliver(Instant now) {
        while (!network.isEmpty() && !network.peek().arrival().isAfter(now)) {
            network.remove().work().run();
        }
    }

    private long total() {
        return spent.stream().mapToLong(Spent::amount).sum();
    }

    private static Subject who() {
        return new Subject("acme", Optional.of("search"), new TreeMap<>());
    }

    private static Standing standing(long counted, Instant through) {
        Budget.Wish wish = new Budget.Wish(
                "requests",
                new Subject("acme", Optional.empty(), new TreeMap<>()),
                new Cycle.Every(Cycle.Unit.MONTH),
                new Measure.OfMeter("requests"),
                new BigDecimal(BUDGET),
                new TreeSet<>(),
                new TreeSet<>(),
                true,
                false,
                new TreeSet<>());
        TimeRange month = wish.cycle().at(START, ZoneOffset.UTC).orElseThrow();
        return new Standing(
                new Budget("budget", 1, false, wish, START, START),
                ZoneOffset.UTC,
                Optional.of(new Counted(
                        month,
                        ZoneOffset.UTC,
                        new BigDecimal(counted),
                        new TreeMap<>(),
                        Optional.empty(),
                        through,
                        new TreeMap<>())));
    }
}
