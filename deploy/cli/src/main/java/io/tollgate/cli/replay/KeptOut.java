package io.tollgate.cli.replay;

import io.tollgate.events.RejectedEvent;
import io.tollgate.schemas.Codec;
import io.tollgate.schemas.MalformedMessageException;
import java.nio.ByteBuffer;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Which events of a replay the job did not count, and why. */
final class KeptOut {

    private static final String STAGE = "aggregator";

    private final SentEvents sent;
    private final int shown;
    private final List<RejectedEvent> first = new ArrayList<>();
    private final TreeMap<String, Long> reasons = new TreeMap<>();
    private final TreeMap<YearMonth, Long> months = new TreeMap<>();
    private long count;

    /** @param shown how many are kept to be shown one by one */
    KeptOut(SentEvents sent, int shown) {
        this.sent = sent;
        this.shown = shown;
    }

    /** Takes a record of the rejected topic into account, if it is of the job and of this replay. */
    void add(RejectedEvent event) {
        if (!event.getStage().equals(STAGE) || !sent.places().contain(event.getOrigin())) {
            return;
        }
        count++;
        reasons.merge(event.getReason(), 1L, Long::sum);
        month(event).ifPresent(month -> months.merge(month, 1L, Long::sum));
        if (first.size() < shown) {
            first.add(event);
        }
    }

    long count() {
        return count;
    }

    /** How many there are of each reason. */
    SortedMap<String, Long> reasons() {
        return Collections.unmodifiableSortedMap(reasons);
    }

    /** The first ones. */
    List<RejectedEvent> first() {
        return Collections.unmodifiableList(first);
    }

    /** The last month, in UTC, of which an event was sent that was not kept out. */
    Optional<YearMonth> lastMonthWithUsage() {
        return new TreeMap<>(sent.months())
                .descendingMap().entrySet().stream()
                        .filter(month -> month.getValue() > months.getOrDefault(month.getKey(), 0L))
                        .map(java.util.Map.Entry::getKey)
                        .findFirst();
    }

    private static Optional<YearMonth> month(RejectedEvent event) {
        ByteBuffer original = event.getOriginal().duplicate();
        byte[] bytes = new byte[original.remaining()];
        original.get(bytes);
        try {
            return Optional.of(SentEvents.month(Codec.USAGE_EVENT.decode(bytes)));
        } catch (MalformedMessageException e) {
            // It was sent by this replay, so it was a usage event; only a truncated original could be none.
            return Optional.empty();
        }
    }
}
