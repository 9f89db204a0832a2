package io.tollgate.aggregator.rollup;

import io.tollgate.events.Dimensions;
import io.tollgate.events.EventDigest;
import io.tollgate.events.MeterObservations;
import io.tollgate.events.Observation;
import io.tollgate.events.UsageEvent;
import io.tollgate.events.UsageRollup;
import io.tollgate.meters.Aggregation;
import io.tollgate.meters.MeterCatalogue;
import io.tollgate.schemas.Codec;
import io.tollgate.schemas.Digest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What the rollups of a set of different events are, worked out from the definitions one event and one second after the
 * other. It knows nothing of order, differences, stores or commits, and shares no code with the job.
 */
public final class NaiveRollups {

    private record Series(Dimensions dimensions, long band) {}

    private record Key(Series series, long windowSecond) {}

    private record Gauge(Series series, String meter) {}

    private record Sample(long micros, long value) {}

    private final MeterCatalogue catalogue;
    private final Map<Key, UsageRollup> rollups = new HashMap<>();
    private final Map<Gauge, Map<Sample, Long>> gauges = new HashMap<>();

    private NaiveRollups(MeterCatalogue catalogue) {
        this.catalogue = catalogue;
    }

    /** In no particular order. */
    public static Collection<UsageRollup> of(Collection<UsageEvent> events, MeterCatalogue catalogue) {
        NaiveRollups naive = new NaiveRollups(catalogue);
        events.forEach(naive::add);
        naive.gauges.forEach(naive::integrate);
        naive.rollups
                .values()
                .forEach(rollup -> rollup.getObservations()
                        .values()
                        .forEach(each -> each.setValues(each.getValues().stream()
                                .filter(observation -> observation.getCount() != 0)
                                .sorted()
                                .toList())));
        return naive.rollups.values();
    }

    private void add(UsageEvent event) {
        Series series = new Series(event.getDimensions(), band(event.getContextTokens()));
        long second = event.getTime().getEpochSecond();
        long window = second - second % 900;
        UsageRollup own = at(series, window);
        own.setEventCount(own.getEventCount() + 1);
        own.setDigest(new EventDigest(
                Digest.ofBytes(own.getDigest().bytes()).plus(Digest.of(event)).toBytes()));
        long lastSecond = second;
        for (Map.Entry<String, Long> quantity : event.getQuantities().entrySet()) {
            String meter = quantity.getKey();
            boolean takenBack = quantity.getValue() < 0 || (quantity.getValue() == 0 && event.getReverses() != null);
            addQuantity(series, own, meter, event.getTime(), quantity.getValue(), takenBack ? -1 : 1);
            if (catalogue.aggregation(meter) == Aggregation.TIME_WEIGHTED) {
                lastSecond = Math.max(lastSecond, second + catalogue.hold(meter).toSeconds() - 1);
                for (long reached = window;
                        reached < second + catalogue.hold(meter).toSeconds();
                        reached += 900) {
                    UsageRollup rollup = at(series, reached);
                    rollup.getQuantities().merge(meter, 0L, Long::sum);
                    observations(rollup, meter);
                }
            }
        }
        for (long reached = window; reached <= lastSecond; reached += 900) {
            UsageRollup rollup = at(series, reached);
            rollup.setVersion(rollup.getVersion() + 1);
        }
    }

    private void addQuantity(Series series, UsageRollup own, String meter, Instant time, long amount, long direction) {
        long value = Math.abs(amount);
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, time);
        switch (catalogue.aggregation(meter)) {
            case SUM -> own.getQuantities().merge(meter, amount, Long::sum);
            case COUNT -> {
                own.getQuantities().merge(meter, direction, Long::sum);
                observations(own, meter);
            }
            case MAX, MIN, UNIQUE_COUNT -> observe(own, meter, 0, value, direction);
            case LATEST -> observe(own, meter, micros, value, direction);
            case TIME_WEIGHTED -> {
                observe(own, meter, micros, value, direction);
                gauges.computeIfAbsent(new Gauge(series, meter), key -> new HashMap<>())
                        .merge(new Sample(micros, value), direction, Long::sum);
            }
        }
    }

    private static long band(long contextTokens) {
        long band = 0;
        for (long threshold : new long[] {128_000, 200_000, 256_000, 272_000, 512_000}) {
            band = contextTokens > threshold ? threshold : band;
        }
        return band;
    }

    private void integrate(Gauge gauge, Map<Sample, Long> samples) {
        long hold = catalogue.hold(gauge.meter()).toSeconds();
        Map<Long, Long> valueAt = new TreeMap<>();
        samples.forEach((sample, count) -> {
            if (count > 0) {
                valueAt.merge(sample.micros(), sample.value(), Math::max);
            }
        });
        List<Long> times = new ArrayList<>(valueAt.keySet());
        for (int i = 0; i < times.size(); i++) {
            long from = times.get(i) / 1_000_000;
            long next = i + 1 < times.size() ? times.get(i + 1) / 1_000_000 : Long.MAX_VALUE;
            for (long second = from; second < from + hold && second < next; second++) {
                at(gauge.series(), second - second % 900)
                        .getQuantities()
                        .merge(gauge.meter(), Objects.requireNonNull(valueAt.get(times.get(i))), Long::sum);
            }
        }
    }

    private void observe(UsageRollup rollup, String meter, long time, long value, long direction) {
        List<Observation> values = observations(rollup, meter).getValues();
        for (Observation each : values) {
            if (each.getTime() == time && each.getValue() == value) {
                each.setCount(each.getCount() + direction);
                return;
            }
        }
        values.add(new Observation(time, value, direction));
    }

    private MeterObservations observations(UsageRollup rollup, String meter) {
        return rollup.getObservations()
                .computeIfAbsent(
                        meter,
                        name -> new MeterObservations(
                                catalogue.aggregation(name).code(),
                                (int) catalogue.hold(name).toSeconds(),
                                new ArrayList<>()));
    }

    private UsageRollup at(Series series, long windowSecond) {
        return rollups.computeIfAbsent(
                new Key(series, windowSecond),
                key -> new UsageRollup(
                        Instant.ofEpochSecond(windowSecond),
                        series.dimensions(),
                        series.band(),
                        0,
                        new TreeMap<>(),
                        0L,
                        new EventDigest(new byte[16]),
                        0L,
                        new TreeMap<>()));
    }

    /** The same record as it looks after a trip over the wire. */
    public static UsageRollup overTheWire(UsageRollup rollup) {
        return Codec.USAGE_ROLLUP.decode(Codec.USAGE_ROLLUP.encode(rollup));
    }
}
