package io.tollgate.invoicing.contract;

import io.tollgate.invoicing.money.Money;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Promised spend. Its days are divided into stretches of so many calendar months; in each of them the amount of the
 * schedule is promised, prorated by days for a partial one. What tenants pay before tax draws it down; what is not used
 * by the end is trued up, or rolled over into the next stretch and trued up after the last.
 *
 * @param days all that it lasts
 * @param months how many calendar months a promise is for, 1 to 120; stretches are counted from the month it starts in
 * @param schedule amounts by the day from which on they are promised, in order; the first on the first day
 */
public record Commitment(String id, String description, Days days, int months, List<Promise> schedule, Unused unused)
        implements Term {

    private static final int MONTHS_MAX = 120;

    /** What becomes of what was promised and not used. */
    public enum Unused {
        TRUE_UP,
        ROLL_OVER
    }

    /**
     * A step of the schedule.
     *
     * @param amount of each whole stretch that starts on that day or later
     */
    public record Promise(LocalDate from, Money amount) {
        public Promise {
            if (amount.signum() <= 0) {
                throw new IllegalArgumentException("a promise must be more than 0, not " + amount.digits());
            }
        }
    }

    public Commitment {
        Term.requireId(id);
        if (months < 1 || months > MONTHS_MAX) {
            throw new IllegalArgumentException("a promise is for 1 to " + MONTHS_MAX + " months, not " + months);
        }
        schedule = schedule.stream().sorted(Comparator.comparing(Promise::from)).toList();
        if (schedule.isEmpty() || !schedule.get(0).from().equals(days.from())) {
            throw new IllegalArgumentException(
                    "the schedule must start on the first day of the commitment, " + days.from());
        }
        if (schedule.stream().map(Promise::from).distinct().count() != schedule.size()
                || !schedule.stream().allMatch(promise -> days.contains(promise.from()))) {
            throw new IllegalArgumentException("the steps of the schedule must start on different days of " + days);
        }
    }

    @Override
    public Validity validity() {
        return new Validity(Optional.of(days.from()), Optional.of(days.to()));
    }

    /** The whole stretch that a day lies in, be it that the commitment starts later or ends sooner. */
    public Days stretchOf(LocalDate day) {
        YearMonth first = YearMonth.from(days.from());
        long since = first.until(YearMonth.from(day), ChronoUnit.MONTHS);
        YearMonth start = first.plusMonths(since / months * months);
        return new Days(start.atDay(1), start.plusMonths(months).atDay(1));
    }

    /** What is promised for some days of a stretch, rounded. */
    public Money promised(Days part) {
        Days whole = stretchOf(part.from());
        return promisedFrom(part.from()).prorated(part.count(), whole.count());
    }

    /** What a whole stretch is promised that starts on the day. */
    public Money promisedFrom(LocalDate day) {
        return schedule.stream()
                .filter(promise -> !promise.from().isAfter(day))
                .reduce((earlier, later) -> later)
                .orElseThrow()
                .amount();
    }
}
