package io.tollgate.ingest.cloudevents;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Times as in RFC 3339, section 5.6, to the microsecond: further digits are cut off, never rounded, so that no event
 * moves into the next window.
 */
final class Rfc3339 {

    private static final Pattern SYNTAX = Pattern.compile("(\\d{4})-(\\d{2})-(\\d{2})[Tt ](\\d{2}):(\\d{2}):(\\d{2})"
            + "(?:\\.(\\d+))?(?:[Zz]|([+-])(\\d{2}):(\\d{2}))");
    private static final int YEAR = 1;
    private static final int MONTH = 2;
    private static final int DAY = 3;
    private static final int HOUR = 4;
    private static final int MINUTE = 5;
    private static final int SECOND = 6;
    private static final int FRACTION = 7;
    private static final int SIGN = 8;
    private static final int OFFSET_HOUR = 9;
    private static final int OFFSET_MINUTE = 10;
    private static final int HOUR_MAX = 23;
    private static final int MINUTE_MAX = 59;
    private static final int MICROS_DIGITS = 6;
    private static final int NANOS_PER_MICRO = 1_000;
    private static final int NANOS_OF_LAST_MICRO = 999_999_000;
    private static final int LEAP = 60;
    private static final int TEXT_MAX = 128;

    private Rfc3339() {}

    static Optional<Instant> parse(String text) {
        Matcher parts = SYNTAX.matcher(text);
        if (text.length() > TEXT_MAX || !parts.matches()) {
            return Optional.empty();
        }
        int offsetHour = parts.group(SIGN) == null ? 0 : number(parts, OFFSET_HOUR);
        int offsetMinute = parts.group(SIGN) == null ? 0 : number(parts, OFFSET_MINUTE);
        if (offsetHour > HOUR_MAX || offsetMinute > MINUTE_MAX) {
            return Optional.empty();
        }
        int second = number(parts, SECOND);
        boolean leap = second == LEAP;
        try {
            Instant written = LocalDateTime.of(
                            number(parts, YEAR),
                            number(parts, MONTH),
                            number(parts, DAY),
                            number(parts, HOUR),
                            number(parts, MINUTE),
                            // A leap second is the end of its day, and of its billing period, not the next one's start.
                            leap ? LEAP - 1 : second,
                            leap ? NANOS_OF_LAST_MICRO : nanos(parts.group(FRACTION)))
                    .toInstant(ZoneOffset.UTC);
            // Not ZoneOffset: RFC 3339 has offsets up to 23:59, Java up to 18:00.
            long offsetSeconds = 60L * (60L * offsetHour + offsetMinute);
            Instant instant = written.minusSeconds("-".equals(parts.group(SIGN)) ? -offsetSeconds : offsetSeconds);
            return leap && !endsTheDay(instant) ? Optional.empty() : Optional.of(instant);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static boolean endsTheDay(Instant instant) {
        LocalDateTime utc = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
        return utc.getHour() == HOUR_MAX && utc.getMinute() == MINUTE_MAX;
    }

    private static int number(Matcher parts, int group) {
        return Integer.parseInt(parts.group(group));
    }

    private static int nanos(@Nullable String fraction) {
        if (fraction == null) {
            return 0;
        }
        String micros = (fraction + "000000").substring(0, MICROS_DIGITS);
        return Integer.parseInt(micros) * NANOS_PER_MICRO;
    }
}
