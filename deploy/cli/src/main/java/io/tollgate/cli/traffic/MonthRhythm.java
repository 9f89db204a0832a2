package io.tollgate.cli.traffic;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** How the requests of a month spread over its hours, UTC. */
final class MonthRhythm {

    private static final long MICROS_PER_HOUR = Duration.ofHours(1).toNanos() / 1_000;

    private final Instant start;
    private final double[] cumulative;

    /** @param hourShares weight of each of the 24 hours of a working day */
    MonthRhythm(YearMonth month, List<Double> hourShares, double weekendWeight) {
        LocalDateTime first = month.atDay(1).atStartOfDay();
        this.start = first.toInstant(ZoneOffset.UTC);
        this.cumulative = new double[month.lengthOfMonth() * hourShares.size() + 1];
        for (int hour = 0; hour < cumulative.length - 1; hour++) {
            LocalDateTime time = first.plusHours(hour);
            boolean weekend = time.getDayOfWeek().compareTo(DayOfWeek.SATURDAY) >= 0;
            double weight = hourShares.get(time.getHour()) * (weekend ? weekendWeight : 1);
            cumulative[hour + 1] = cumulative[hour] + weight;
        }
    }

    /**
     * The instant before which that share of the month's requests came, in whole microseconds; never falls as the share
     * rises.
     *
     * @param share from 0 inclusive to 1 exclusive
     */
    Instant at(double share) {
        double mark = share * cumulative[cumulative.length - 1];
        int hour = hourOf(mark);
        double within = (mark - cumulative[hour]) / (cumulative[hour + 1] - cumulative[hour]);
        long micros = Math.min(MICROS_PER_HOUR - 1, (long) (within * MICROS_PER_HOUR));
        return start.plus(hour * MICROS_PER_HOUR + micros, ChronoUnit.MICROS);
    }

    /** The last hour that does not begin after the mark. */
    private int hourOf(double mark) {
        int low = 0;
        int high = cumulative.length - 2;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (cumulative[middle] <= mark) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }
}
