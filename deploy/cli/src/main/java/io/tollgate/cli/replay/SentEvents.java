package io.tollgate.cli.replay;

import io.tollgate.events.UsageEvent;
import java.math.BigInteger;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a replay has sent: as little of it as is needed to tell of it afterwards. */
final class SentEvents {

    private static final int TENANTS_MAX = 2;

    private final Places places;
    private final TreeMap<YearMonth, Long> months = new TreeMap<>();
    private final TreeSet<String> tenants = new TreeSet<>();
    private final TreeMap<String, BigInteger> amounts = new TreeMap<>();
    private long count;
    private @Nullable Instant first;
    private @Nullable Instant last;

    SentEvents(Places places) {
        this.places = places;
    }

    void add(UsageEvent event) {
        Instant time = event.getTime();
        count++;
        first = first == null || time.isBefore(first) ? time : first;
        last = last == null || time.isAfter(last) ? time : last;
        months.merge(month(event), 1L, Long::sum);
        event.getQuantities()
                .forEach((meter, amount) -> amounts.merge(meter, BigInteger.valueOf(amount), BigInteger::add));
        if (tenants.size() < TENANTS_MAX) {
            tenants.add(event.getDimensions().getTenant());
        }
    }

    static YearMonth month(UsageEvent event) {
        return YearMonth.from(event.getTime().atZone(ZoneOffset.UTC));
    }

    long count() {
        return count;
    }

    /** Where Kafka has them. */
    Places places() {
        return places;
    }

    /** Time of the earliest. */
    Optional<Instant> first() {
        return Optional.ofNullable(first);
    }

    /** Time of the latest. */
    Optional<Instant> last() {
        return Optional.ofNullable(last);
    }

    /** How many there are of each month, in UTC. */
    SortedMap<YearMonth, Long> months() {
        return Collections.unmodifiableSortedMap(months);
    }

    /** What they say of each meter, added up. */
    SortedMap<String, BigInteger> amounts() {
        return Collections.unmodifiableSortedMap(amounts);
    }

    /** Whose they are, when they are all of one tenant. */
    Optional<String> onlyTenant() {
        return tenants.size() == 1 ? Optional.of(tenants.first()) : Optional.empty();
    }
}
