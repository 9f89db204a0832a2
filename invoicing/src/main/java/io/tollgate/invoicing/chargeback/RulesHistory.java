package io.tollgate.invoicing.chargeback;

import io.tollgate.invoicing.spend.SpendDimension;
import io.tollgate.invoicing.usage.Detail;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All versions of a tenant's rules: which apply when. On any day the latest version that is effective by then applies, and
 * it alone.
 *
 * @param versions in order; may be none
 */
public record RulesHistory(List<RulesVersion> versions) {

    public static final RulesHistory NONE = new RulesHistory(List.of());

    public RulesHistory {
        versions = versions.stream()
                .sorted(Comparator.comparing(RulesVersion::version))
                .toList();
    }

    /** Number of the latest version; 0 if there is none. */
    public int latest() {
        return versions.stream().mapToInt(RulesVersion::version).max().orElse(0);
    }

    /** As it was when that version was the latest. */
    public RulesHistory upTo(int version) {
        return new RulesHistory(
                versions.stream().filter(each -> each.version() <= version).toList());
    }

    /** The version in force on a day. */
    public Optional<RulesVersion> on(LocalDate day) {
        return versions.stream()
                .filter(each -> !each.rules().effectiveFrom().isAfter(day))
                .reduce((earlier, later) -> later);
    }

    /** The version in force on the month's last day, by which it is reported and posted. */
    public Optional<RulesVersion> atEndOf(YearMonth month) {
        return on(month.atEndOfMonth());
    }

    /** The versions in force on some day of the month, in order. */
    public List<RulesVersion> in(YearMonth month) {
        return month.atDay(1)
                .datesUntil(month.plusMonths(1).atDay(1))
                .flatMap(day -> on(day).stream())
                .distinct()
                .sorted(Comparator.comparing(RulesVersion::version))
                .toList();
    }

    /** Days in the month, but the first, on which other rules begin to apply, now or when fewer versions were known. */
    public SortedSet<LocalDate> changesIn(YearMonth month) {
        return versions.stream()
                .map(version -> version.rules().effectiveFrom())
                .filter(day -> YearMonth.from(day).equals(month) && day.getDayOfMonth() > 1)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * What usage of a month must be told apart by for the rules to be applied that are in force then, now or when fewer
     * versions were known.
     */
    public Detail detail(YearMonth month, int known) {
        List<RulesVersion> applied = Stream.concat(in(month).stream(), upTo(known).in(month).stream())
                .toList();
        Set<SpendDimension> named = applied.stream()
                .flatMap(version -> version.rules().assignments().stream())
                .flatMap(assignment -> assignment.when().keySet().stream())
                .collect(Collectors.toSet());
        Stream<String> targets = applied.stream()
                .flatMap(version -> version.rules().assignments().stream())
                .filter(assignment -> assignment.target() instanceof Assignment.Target.ValueOfTag)
                .map(assignment -> ((Assignment.Target.ValueOfTag) assignment.target()).key());
        return Detail.of(
                named.contains(SpendDimension.PROJECT),
                Stream.concat(named.stream().flatMap(dimension -> dimension.tagKey().stream()), targets)
                        .collect(Collectors.toSet()));
    }

    /**
     * The cost centres that rules in force in the month know, by id: as the latest of those that know them has them. No
     * circle comes of several versions: who knows a cost centre knows its parent.
     */
    public SortedMap<String, CostCentre> costCentres(YearMonth month) {
        SortedMap<String, CostCentre> known = new TreeMap<>();
        in(month).forEach(version -> version.rules().costCentres().forEach(centre -> known.put(centre.id(), centre)));
        return known;
    }
}
