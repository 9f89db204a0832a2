package io.tollgate.invoicing.contract;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Currency;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * All versions of a tenant's contract: which applies when. On any day the latest version that is effective by then
 * applies, and it alone; if that one has ended, none does.
 */
public final class ContractHistory {

    private final List<ContractVersion> latestFirst;

    /**
     * A term and the days over which contracts in force say exactly that, however many versions they are.
     *
     * @param <T> kind of term
     */
    public record Run<T extends Term>(T term, Days days) {}

    /** @param versions at least one, all of one tenant and currency */
    public ContractHistory(List<ContractVersion> versions) {
        if (versions.isEmpty()) {
            throw new IllegalArgumentException("a contract's history needs a version");
        }
        Contract first = versions.get(0).content();
        for (ContractVersion version : versions) {
            if (!version.content().tenant().equals(first.tenant())
                    || !version.content().currency().equals(first.currency())
                    || !version.content().priceCurrency().equals(first.priceCurrency())) {
                throw new IllegalArgumentException("versions of a contract share tenant and currencies");
            }
        }
        latestFirst = versions.stream()
                .sorted(Comparator.comparing(ContractVersion::version).reversed())
                .toList();
    }

    public String tenant() {
        return latestFirst.get(0).content().tenant();
    }

    /** Of what is billed. */
    public Currency currency() {
        return latestFirst.get(0).content().currency();
    }

    public Currency priceCurrency() {
        return latestFirst.get(0).content().priceCurrency();
    }

    /** In order. */
    public List<ContractVersion> versions() {
        return latestFirst.stream()
                .sorted(Comparator.comparing(ContractVersion::version))
                .toList();
    }

    /** The version in force on a day. */
    public Optional<ContractVersion> on(LocalDate day) {
        return latestBy(day).filter(version -> version.content().isInForceOn(day));
    }

    /** The version in force on the last of the days on which any is. */
    public Optional<ContractVersion> lastIn(Days days) {
        List<InForce> inForce = inForce(days);
        return inForce.isEmpty()
                ? Optional.empty()
                : Optional.of(inForce.get(inForce.size() - 1).version());
    }

    /** The versions in force on some of the days, in order of time. */
    public List<Integer> versionsIn(Days days) {
        return inForce(days).stream()
                .map(stretch -> stretch.version().version())
                .distinct()
                .toList();
    }

    /** The first day that any version applies on. */
    public LocalDate firstDay() {
        return latestFirst.stream()
                .map(version -> version.content().effectiveFrom())
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    /** The zone that the month begins in. Before any contract that is UTC; after the last, its zone stays. */
    public ZoneId zoneOf(YearMonth month) {
        return latestBy(month.atDay(1))
                .map(version -> version.content().timeZone())
                .orElse(ZoneOffset.UTC);
    }

    /** When the month begins. Each month ends where the next begins, so that none is billed twice or not at all. */
    public Instant startOf(YearMonth month) {
        return startOf(month.atDay(1));
    }

    /** When a day begins, in the zone of the contract of that day; the first of a month begins with the month. */
    public Instant startOf(LocalDate day) {
        return day.atStartOfDay(latestBy(day)
                        .map(version -> version.content().timeZone())
                        .orElse(ZoneOffset.UTC))
                .toInstant();
    }

    /** The version that prices an instant. */
    Optional<ContractVersion> at(Instant instant) {
        return latestFirst.stream()
                .filter(version -> !instant.isBefore(version.content().start()))
                .findFirst()
                .filter(version -> version.content()
                        .effectiveTo()
                        .map(end -> instant.isBefore(version.content().startOf(end)))
                        .orElse(true));
    }

    /** The day that an instant lies in, in the zone of the contract in force then, or else in another. */
    public LocalDate dayOf(Instant instant, ZoneId otherwise) {
        return LocalDate.ofInstant(
                instant,
                at(instant).map(version -> version.content().timeZone()).orElse(otherwise));
    }

    /** When anything may change that a line can tell: lines are split there. */
    NavigableSet<Instant> changes() {
        NavigableSet<Instant> changes = new TreeSet<>();
        for (ContractVersion version : latestFirst) {
            Contract contract = version.content();
            changes.add(contract.start());
            contract.effectiveTo().map(contract::startOf).ifPresent(changes::add);
            contract.terms().stream()
                    .flatMap(term -> term.validity().bounds())
                    .map(contract::startOf)
                    .forEach(changes::add);
        }
        return changes;
    }

    /** The terms of a kind that are in force on some of the days, in order of id and time. */
    public <T extends Term> List<Run<T>> runs(Class<T> kind, Days days) {
        List<Run<T>> runs = new ArrayList<>();
        for (InForce stretch : inForce(days)) {
            for (Term term : stretch.version().content().terms()) {
                if (kind.isInstance(term)) {
                    term.validity().within(stretch.days()).ifPresent(on -> extend(runs, kind.cast(term), on));
                }
            }
        }
        runs.sort(Comparator.comparing((Run<T> run) -> run.term().id()).thenComparing(Run::days));
        return runs;
    }

    private record InForce(ContractVersion version, Days days) {}

    private static <T extends Term> void extend(List<Run<T>> runs, T term, Days days) {
        for (int i = 0; i < runs.size(); i++) {
            Run<T> run = runs.get(i);
            // A version that says the same of the term leaves it as it is.
            if (run.term().equals(term) && run.days().to().equals(days.from())) {
                runs.set(i, new Run<>(term, new Days(run.days().from(), days.to())));
                return;
            }
        }
        runs.add(new Run<>(term, days));
    }

    private List<InForce> inForce(Days days) {
        NavigableSet<LocalDate> cuts = new TreeSet<>(List.of(days.from(), days.to()));
        for (ContractVersion version : latestFirst) {
            cuts.add(version.content().effectiveFrom());
            version.content().effectiveTo().ifPresent(cuts::add);
        }
        List<LocalDate> bounds = cuts.stream()
                .filter(day -> !day.isBefore(days.from()) && !day.isAfter(days.to()))
                .toList();
        List<InForce> stretches = new ArrayList<>();
        for (int i = 1; i < bounds.size(); i++) {
            Days between = new Days(bounds.get(i - 1), bounds.get(i));
            on(between.from()).ifPresent(version -> stretches.add(new InForce(version, between)));
        }
        return stretches;
    }

    private Optional<ContractVersion> latestBy(LocalDate day) {
        return latestFirst.stream()
                .filter(version -> !day.isBefore(version.content().effectiveFrom()))
                .findFirst();
    }
}
