package io.tollgate.invoicing.spend;

import io.tollgate.invoicing.rating.UnbilledUsage;
import io.tollgate.invoicing.usage.Detail;
import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.Whose;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Which spend, or usage, is asked for.
 *
 * @param zone whose days, hours and months are meant; the offsets of all zones are multiples of 15 minutes today
 * @param groupBy if empty, everything of a stretch of time is one group
 * @param only dimension to the values that are wanted; what is not named may have any. The empty value means "none"
 * @param tagValues by keys of tags that are grouped by, the values that matter: what has others counts as having none, so that
 *     there are no more groups than matter
 */
public record SpendQuestion(
        TimeRange range,
        Granularity granularity,
        ZoneId zone,
        Whose whose,
        List<SpendDimension> groupBy,
        Map<SpendDimension, Set<String>> only,
        Map<String, Set<String>> tagValues) {

    public SpendQuestion {
        groupBy = List.copyOf(groupBy);
        only = Collections.unmodifiableMap(new LinkedHashMap<>(only));
        tagValues = Map.copyOf(tagValues);
    }

    /** All values of tags matter. */
    public SpendQuestion(
            TimeRange range,
            Granularity granularity,
            ZoneId zone,
            Whose whose,
            List<SpendDimension> groupBy,
            Map<SpendDimension, Set<String>> only) {
        this(range, granularity, zone, whose, groupBy, only, Map.of());
    }

    /** The same about another stretch of time. */
    public SpendQuestion during(TimeRange other) {
        return new SpendQuestion(other, granularity, zone, whose, groupBy, only, tagValues);
    }

    /** All of a range, in one sum. */
    public static SpendQuestion of(TimeRange range, Whose whose, List<SpendDimension> groupBy) {
        return new SpendQuestion(range, Granularity.TOTAL, ZoneId.of("UTC"), whose, groupBy, Map.of());
    }

    /** What usage has to be told apart by. */
    public Detail detail() {
        Set<String> tags = new TreeSet<>();
        boolean byProject = false;
        for (SpendDimension dimension : dimensions()) {
            dimension.tagKey().ifPresent(tags::add);
            byProject |= dimension.equals(SpendDimension.PROJECT);
        }
        return Detail.of(byProject, tags).withTagValues(tagValues);
    }

    private List<SpendDimension> dimensions() {
        return Stream.concat(groupBy.stream(), only.keySet().stream()).toList();
    }

    /** The stretches of time that it is told by, in order; the first and the last may be parts of a day, hour or month. */
    public List<TimeRange> periods() {
        return range.cutAt(starts());
    }

    /** Whether usage that has these values is asked for. */
    boolean isWanted(Function<SpendDimension, String> valueOf) {
        return only.isEmpty()
                || only.entrySet().stream()
                        .allMatch(filter -> filter.getValue().contains(valueOf.apply(filter.getKey())));
    }

    /** Whether anything of the tenant is, by what is filtered. */
    public boolean isWanted(String tenant) {
        return Optional.ofNullable(only.get(SpendDimension.TENANT))
                .map(wanted -> wanted.contains(tenant))
                .orElse(true);
    }

    /** Whether an exception is, by what it tells. */
    boolean isWanted(UnbilledUsage exception) {
        return only.entrySet().stream()
                .allMatch(filter -> filter.getKey()
                        .of(exception)
                        .map(filter.getValue()::contains)
                        .orElse(true));
    }

    private List<Instant> starts() {
        return switch (granularity) {
            case TOTAL -> List.of();
            case WINDOW -> steps(ChronoUnit.MINUTES, 15);
            // Not of local time: an hour that clocks are put back over comes twice.
            case HOUR -> steps(ChronoUnit.HOURS, 1);
            case DAY -> days(day -> day.plusDays(1));
            case MONTH -> days(day -> day.withDayOfMonth(1).plusMonths(1));
        };
    }

    private List<Instant> steps(ChronoUnit unit, int step) {
        ZonedDateTime first = range.from().atZone(zone).truncatedTo(ChronoUnit.HOURS);
        List<Instant> starts = new ArrayList<>();
        for (Instant each = first.toInstant(); each.isBefore(range.to()); each = each.plus(step, unit)) {
            starts.add(each);
        }
        return starts;
    }

    private List<Instant> days(UnaryOperator<LocalDate> next) {
        List<Instant> starts = new ArrayList<>();
        for (LocalDate day = LocalDate.ofInstant(range.from(), zone);
                day.atStartOfDay(zone).toInstant().isBefore(range.to());
                day = next.apply(day)) {
            starts.add(day.atStartOfDay(zone).toInstant());
        }
        return starts;
    }
}
