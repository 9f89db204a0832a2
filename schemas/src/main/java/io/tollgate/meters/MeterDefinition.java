package io.tollgate.meters;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a meter counts.
 *
 * @param name lower-case letters, digits and underscores, a letter first, 64 characters at most
 * @param unit of the quantities in events, in the singular: token, byte, millisecond; may be empty
 * @param hold how long a sample of a {@link Aggregation#TIME_WEIGHTED} meter counts at most when no other follows: whole
 *     seconds, up to {@link #LONGEST_HOLD}; empty for all other aggregations
 * @param description a sentence for people; may be empty
 */
public record MeterDefinition(
        String name, String unit, Aggregation aggregation, Optional<Duration> hold, String description) {

    /** A sample makes quantities in each window that it may hold into, so that cannot be any number of them. */
    public static final Duration LONGEST_HOLD = Duration.ofHours(24);

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,63}");

    public MeterDefinition {
        if (!isName(name)) {
            throw new IllegalArgumentException(
                    "\"%s\" is not a meter's name: lower-case letters, digits and underscores, a letter first, 64 characters at most"
                            .formatted(name));
        }
        if (hold.isPresent() != (aggregation == Aggregation.TIME_WEIGHTED)) {
            throw new IllegalArgumentException(
                    hold.isPresent()
                            ? "%s is a %s, which has no hold; only time_weighted meters have one"
                                    .formatted(name, aggregation.code())
                            : "%s is time_weighted and needs a hold: how long a sample counts when no other follows"
                                    .formatted(name));
        }
        if (hold.isPresent() && !isHold(hold.get())) {
            throw new IllegalArgumentException(
                    "the hold of %s is %s; it must be whole seconds, from PT1S to PT24H".formatted(name, hold.get()));
        }
    }

    /** A sum. */
    public static MeterDefinition sum(String name, String unit, String description) {
        return new MeterDefinition(name, unit, Aggregation.SUM, Optional.empty(), description);
    }

    /** Any but a time-weighted one. */
    public static MeterDefinition of(String name, String unit, Aggregation aggregation, String description) {
        return new MeterDefinition(name, unit, aggregation, Optional.empty(), description);
    }

    /** A gauge. */
    public static MeterDefinition timeWeighted(String name, String unit, Duration hold, String description) {
        return new MeterDefinition(name, unit, Aggregation.TIME_WEIGHTED, Optional.of(hold), description);
    }

    /** Whether a meter may be called so. */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    private static boolean isHold(Duration hold) {
        return hold.equals(hold.truncatedTo(ChronoUnit.SECONDS))
                && hold.compareTo(Duration.ZERO) > 0
                && hold.compareTo(LONGEST_HOLD) <= 0;
    }
}
