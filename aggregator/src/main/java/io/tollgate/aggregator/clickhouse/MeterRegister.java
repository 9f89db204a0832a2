package io.tollgate.aggregator.clickhouse;

import io.tollgate.meters.Aggregation;
import io.tollgate.meters.MeterCatalogue;
import io.tollgate.meters.MeterDefinition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * How meters have been counted in this database (table {@code meters}): all that are not sums, since their first use. A
 * meter that is counted in one way today and in another tomorrow would be added up as one quantity, so a catalogue that
 * says otherwise than the register is refused. Instances that start at once may register the same meter twice; where they
 * differ, whoever reads both refuses.
 */
final class MeterRegister {

    private final ClickHouse clickhouse;

    /** @param clickhouse a database that is up to date */
    MeterRegister(ClickHouse clickhouse) {
        this.clickhouse = clickhouse;
    }

    /** One way of counting, as people read it: {@code time_weighted with a hold of PT1H}. */
    private record Counted(String aggregation, long holdSeconds) implements Comparable<Counted> {

        static final Counted SUM = new Counted(Aggregation.SUM.code(), 0);

        static Counted of(MeterDefinition meter) {
            return new Counted(
                    meter.aggregation().code(),
                    meter.hold().orElse(Duration.ZERO).toSeconds());
        }

        @Override
        public int compareTo(Counted other) {
            return toString().compareTo(other.toString());
        }

        @Override
        public String toString() {
            return holdSeconds == 0 ? aggregation : aggregation + " with a hold of " + Duration.ofSeconds(holdSeconds);
        }
    }

    /**
     * Holds the catalogue against the register, and registers what is new in it.
     *
     * @throws IllegalStateException when a meter has been counted otherwise; the message says which, and what to do
     * @throws ClickHouseUnavailableException when ClickHouse does not answer
     */
    void agreeWith(MeterCatalogue catalogue) {
        SortedMap<String, SortedSet<Counted>> registered = registered();
        refuseOther(registered, catalogue);
        List<MeterDefinition> missing = catalogue.definitions().stream()
                .filter(meter -> meter.aggregation() != Aggregation.SUM)
                .filter(meter -> !registered.containsKey(meter.name()))
                .toList();
        if (missing.isEmpty()) {
            return;
        }
        refuseUsed(missing);
        clickhouse.execute(insert(missing));
        // Somebody else may have registered one of them otherwise since we looked. Both write before they look again,
        // so
        // at least one of the two sees both.
        refuseOther(registered(), catalogue);
    }

    private SortedMap<String, SortedSet<Counted>> registered() {
        SortedMap<String, SortedSet<Counted>> registered = new TreeMap<>();
        clickhouse
                .rows("SELECT name, aggregation, toInt64(hold_seconds) AS hold FROM meters FINAL")
                .forEach(row -> registered
                        .computeIfAbsent(row.getString("name"), name -> new TreeSet<>())
                        .add(new Counted(row.getString("aggregation"), row.getLong("hold"))));
        return registered;
    }

    private static void refuseOther(SortedMap<String, SortedSet<Counted>> registered, MeterCatalogue catalogue) {
        List<String> problems = new ArrayList<>();
        registered.forEach((name, ways) -> {
            Optional<MeterDefinition> known = catalogue.find(name);
            Counted wanted = known.map(Counted::of).orElse(Counted.SUM);
            if (!ways.equals(Set.of(wanted))) {
                problems.add("%s is registered in ClickHouse as %s, and the catalogue %s"
                        .formatted(
                                name,
                                ways.stream().map(Counted::toString).collect(Collectors.joining(" and as ")),
                                known.isPresent() ? "says " + wanted : "does not know it, which would make it a sum"));
            }
        });
        if (!problems.isEmpty()) {
            throw new IllegalStateException(
                    "%s: start with the same --meters file as before (all instances with the same), or give the meter that is to be counted otherwise another name"
                            .formatted(String.join("; ", problems)));
        }
    }

    /** Rollups of before the register, or of a meter that was a sum because nobody had defined it. */
    private void refuseUsed(List<MeterDefinition> missing) {
        String names = missing.stream().map(MeterRegister::name).collect(Collectors.joining(", "));
        Set<String> used = new HashSet<>();
        clickhouse
                .rows("SELECT DISTINCT toString(arrayJoin(mapKeys(quantities))) AS meter FROM rollups"
                        + " WHERE hasAny(mapKeys(quantities), [" + names + "])")
                .forEach(row -> used.add(row.getString("meter")));
        List<MeterDefinition> refused =
                missing.stream().filter(meter -> used.contains(meter.name())).toList();
        if (!refused.isEmpty()) {
            throw new IllegalStateException(
                    "%s: give it another name in the catalogue and in its events (if you know that the rollups hold what the catalogue says, register it: %s)"
                            .formatted(
                                    refused.stream()
                                            .map(meter ->
                                                    "%s is already in rollups, not registered, which means as a sum, and the catalogue says %s"
                                                            .formatted(meter.name(), Counted.of(meter)))
                                            .collect(Collectors.joining("; ")),
                                    insert(refused)));
        }
    }

    private static String insert(List<MeterDefinition> meters) {
        return "INSERT INTO meters (name, aggregation, hold_seconds) VALUES "
                + meters.stream()
                        .map(meter -> "(%s, '%s', %d)"
                                .formatted(
                                        name(meter),
                                        meter.aggregation().code(),
                                        Counted.of(meter).holdSeconds()))
                        .collect(Collectors.joining(", "));
    }

    /** A meter's name needs no escaping: see {@link MeterDefinition}. */
    private static String name(MeterDefinition meter) {
        return "'" + meter.name() + "'";
    }
}
