package io.tollgate.invoicing.billing;

import io.tollgate.invoicing.clickhouse.ClickHouseArchive;
import io.tollgate.invoicing.clickhouse.ClickHouseArchive.Progress;
import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.Whose;
import io.tollgate.invoicing.usage.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How fresh figures are. Every accepted event is in the archive, and its rollup follows; usage is counted up to where the first
 * event is that is in the archive and not in a rollup. Events that have not reached the archive are not known of.
 */
public final class Freshness {

    /** What is older was counted long ago, or is late, which no figure of an open month can tell. */
    private static final Duration LOOKED_AT = Duration.ofDays(2);

    /** Asked for with each figure of a dashboard; the archive need not be read each time. */
    private static final Duration KEPT = Duration.ofSeconds(5);

    private static final int KEPT_MAX = 1_000;

    private final ClickHouseArchive archive;
    private final Map<Whose, Known> known = Collections.synchronizedMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Whose, Known> eldest) {
            return size() > KEPT_MAX;
        }
    });

    private record Known(Instant at, Progress progress) {}

    public Freshness(ClickHouseArchive archive) {
        this.archive = archive;
    }

    /**
     * Event time before which all is counted that the archive knows.
     *
     * @return empty if the range ended days ago, or if there was no usage in these days
     */
    public Optional<Instant> countedThrough(TimeRange range, Whose whose, Instant now) {
        if (!range.to().isAfter(since(now))) {
            return Optional.empty();
        }
        Progress progress = progress(whose, now);
        return progress.uncounted().or(progress::newest).map(until -> until.isAfter(range.to()) ? range.to() : until);
    }

    /** Start of the earliest window of the last days whose figures will still change; empty if nothing is known to be missing. */
    public Optional<Instant> uncounted(Whose whose, Instant now) {
        return progress(whose, now).uncounted();
    }

    /**
     * Start of the earliest window from {@code since} on in which an event is not counted that arrived before then; empty if
     * nothing is known to be missing. Nothing is looked at that is older than two days.
     */
    Optional<Instant> uncounted(Whose whose, Instant since, Instant arrivedBefore, Instant now) {
        Instant oldest = Stream.of(Window.startOf(since), since(now))
                .max(Instant::compareTo)
                .orElseThrow();
        return archive.progress(new TimeRange(oldest, tomorrow(now)), whose, arrivedBefore)
                .uncounted();
    }

    private Progress progress(Whose whose, Instant now) {
        Known kept = known.get(whose);
        if (kept == null || kept.at().plus(KEPT).isBefore(now)) {
            TimeRange days = new TimeRange(since(now), tomorrow(now));
            kept = new Known(now, archive.progress(days, whose, days.to()));
            known.put(whose, kept);
        }
        return kept.progress();
    }

    /** Sources' clocks may be ahead of ours. */
    private static Instant tomorrow(Instant now) {
        return Window.startOf(now.plus(Duration.ofDays(1)));
    }

    private static Instant since(Instant now) {
        return Window.startOf(now.minus(LOOKED_AT));
    }
}
