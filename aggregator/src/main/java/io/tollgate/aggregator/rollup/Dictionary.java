package io.tollgate.aggregator.rollup;

import io.tollgate.aggregator.wire.EventBytes;
import io.tollgate.aggregator.wire.Slice;
import io.tollgate.aggregator.wire.SliceMap;
import io.tollgate.events.Dimensions;
import io.tollgate.meters.Aggregation;
import io.tollgate.meters.MeterCatalogue;
import io.tollgate.schemas.Codec;
import io.tollgate.schemas.Digest;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Knows series and meters by their bytes in an event. Not for many threads. */
final class Dictionary {

    private final MeterCatalogue catalogue;
    private final SliceMap<Series> seriesByBytes = new SliceMap<>();
    private final Map<Digest, Series> seriesByDigest = new HashMap<>();
    private final SliceMap<Meter> metersByBytes = new SliceMap<>();
    private final Map<String, Meter> metersByName = new HashMap<>();

    /** @param catalogue says how meters are counted */
    Dictionary(MeterCatalogue catalogue) {
        this.catalogue = catalogue;
    }

    /** The series of the event. */
    Series series(EventBytes event) {
        Series known = seriesByBytes.get(event.bytes(), event.dimensions());
        if (known != null) {
            return known;
        }
        Dimensions dimensions = Codec.USAGE_EVENT.decode(event.bytes()).getDimensions();
        // The same tags in another order are the same series.
        dimensions.setTags(new TreeMap<>(dimensions.getTags()));
        Series series = seriesByDigest.computeIfAbsent(
                Digest.of(dimensions), digest -> new Series(seriesByDigest.size(), dimensions, digest));
        seriesByBytes.put(event.bytes(), event.dimensions(), series);
        return series;
    }

    /** The meter whose name lies there. */
    Meter meter(byte[] bytes, Slice name) {
        Meter known = metersByBytes.get(bytes, name);
        if (known != null) {
            return known;
        }
        Meter meter = meter(new String(bytes, name.start(), name.length(), StandardCharsets.UTF_8));
        metersByBytes.put(bytes, name, meter);
        return meter;
    }

    Meter meter(String name) {
        return metersByName.computeIfAbsent(
                name,
                unknown -> new Meter(unknown, catalogue.aggregation(unknown), (int)
                        catalogue.hold(unknown).toSeconds()));
    }

    /** The meter of that name if it is counted so, else one of its own. */
    Meter meter(String name, Aggregation aggregation, int holdSeconds) {
        Meter present = meter(name);
        return present.aggregation() == aggregation && present.holdSeconds() == holdSeconds
                ? present
                : new Meter(name, aggregation, holdSeconds);
    }

    /** How much it knows, in entries. */
    int size() {
        return seriesByBytes.size() + metersByBytes.size();
    }

    /** Forgets everything. Series and meters from before must not be used with those from after. */
    void clear() {
        seriesByBytes.clear();
        seriesByDigest.clear();
        metersByBytes.clear();
        metersByName.clear();
    }
}
