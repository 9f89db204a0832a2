package io.tollgate.invoicing.budget;

import io.tollgate.invoicing.usage.TimeRange;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneId;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;
import java.util.Optional;

/** When a budget begins anew. Days are those of the tenant's zone. */
public sealed interface Cycle {

    /** The period that an instant lies in; empty if it lies in none. */
    Optional<TimeRange> at(Instant instant, ZoneId zone);

    /** For people and JSON: {@code month}, or {@code fixed}. */
    String label();

    /** Period after period, without end. */
    record Every(Unit unit) implements Cycle {

        @Override
        public Optional<TimeRange> at(Instant instant, ZoneId zone) {
            LocalDate first = unit.first(instant.atZone(zone).toLocalDate());
            return Optional.of(days(first, first.plus(unit.length), zone));
        }

        @Override
        public String label() {
            return unit.label();
        }
    }

    /**
     * Once.
     *
     * @param from first day
     * @param to the day after the last
     */
    record Fixed(LocalDate from, LocalDate to) implements Cycle {

        public Fixed {
            if (!from.isBefore(to)) {
                throw new IllegalArgumentException("a budget from " + from + " to " + to + " has no day");
            }
        }

        @Override
        public Optional<TimeRange> at(Instant instant, ZoneId zone) {
            return Optional.of(days(from, to, zone)).filter(range -> range.contains(instant));
        }

        @Override
        public String label() {
            return "fixed";
        }
    }

    /** How long a period is. Weeks begin on Monday (ISO 8601), quarters with January, April, July and October. */
    enum Unit {
        DAY(Period.ofDays(1)),
        WEEK(Period.ofWeeks(1)),
        MONTH(Period.ofMonths(1)),
        QUARTER(Period.ofMonths(3)),
        YEAR(Period.ofYears(1));

        private final Period length;

        Unit(Period length) {
            this.length = length;
        }

        private LocalDate first(LocalDate day) {
            return switch (this) {
                case DAY -> day;
                case WEEK -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
                case MONTH -> day.withDayOfMonth(1);
                case QUARTER -> day.with(IsoFields.DAY_OF_QUARTER, 1);
                case YEAR -> day.withDayOfYear(1);
            };
        }

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static TimeRange days(LocalDate from, LocalDate to, ZoneId zone) {
        return new TimeRange(
                from.atStartOfDay(zone).toInstant(), to.atStartOfDay(zone).toInstant());
    }
}
