package io.tollgate.ingest.cloudevents;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * Times as in RFC 3339, section 5.6, to the microsecond: further digits are cut off, never rounded, so that no event
 * moves into the next window. Read by hand, since every event has one and a regular expression takes longer than the
 * whole rest of its reading.
 */
final class Rfc3339 {

    private static final String SHAPE = "0000-00-00T00:00:00";
    private static final int MONTH_AT = 5;
    private static final int DAY_AT = 8;
    private static final int HOUR_AT = 11;
    private static final int MINUTE_AT = 14;
    private static final int SECOND_AT = 17;
    private static final int YEAR_DIGITS = 4;
    private static final int OFFSET_LENGTH = "+00:00".length();
    private static final int HOUR_MAX = 23;
    private static final int MINUTE_MAX = 59;
    private static final int MICROS_DIGITS = 6;
    private static final int NANOS_PER_MICRO = 1_000;
    private static final int NANOS_OF_LAST_MICRO = 999_999_000;
    private static final int LEAP = 60;
    private static final int TEXT_MAX = 128;

    private Rfc3339() {}

    static Optional<Instant> parse(String text) {
        int fractionEnd = hasShape(text) ? fractionEnd(text) : -1;
        if (fractionEnd < 0) {
            return Optional.empty();
        }
        int offsetMinutes = 0;
        if (!isZulu(text, fractionEnd)) {
            if (!hasOffset(text, fractionEnd)) {
                return Optional.empty();
            }
            int hour = number(text, fractionEnd + 1, 2);
            int minute = number(text, fractionEnd + 4, 2);
            if (hour > HOUR_MAX || minute > MINUTE_MAX) {
                return Optional.empty();
            }
            offsetMinutes = 60 * hour + minute;
        }
        boolean isWest = text.charAt(fractionEnd) == '-';
        return instant(text, micros(text, fractionEnd), isWest ? -offsetMinutes : offsetMinutes);
    }

    private static Optional<Instant> instant(String text, int micros, int offsetMinutes) {
        int second = number(text, SECOND_AT, 2);
        boolean leap = second == LEAP;
        try {
            Instant written = LocalDateTime.of(
                            number(text, 0, YEAR_DIGITS),
                            number(text, MONTH_AT, 2),
                            number(text, DAY_AT, 2),
                            number(text, HOUR_AT, 2),
                            number(text, MINUTE_AT, 2),
                            // A leap second is the end of its day, and of its billing period, not the next one's start.
                            leap ? LEAP - 1 : second,
                            leap ? NANOS_OF_LAST_MICRO : micros * NANOS_PER_MICRO)
                    .toInstant(ZoneOffset.UTC);
            // Not ZoneOffset: RFC 3339 has offsets up to 23:59, Java up to 18:00.
            Instant instant = offsetMinutes == 0 ? written : written.minusSeconds(60L * offsetMinutes);
            return leap && !endsTheDay(instant) ? Optional.empty() : Optional.of(instant);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** Date and time to the second, and at least one character more. */
    private static boolean hasShape(String text) {
        if (text.length() <= SHAPE.length() || text.length() > TEXT_MAX) {
            return false;
        }
        for (int i = 0; i < SHAPE.length(); i++) {
            char wanted = SHAPE.charAt(i);
            char c = text.charAt(i);
            boolean fits = switch (wanted) {
                case '0' -> isDigit(c);
                case 'T' -> c == 'T' || c == 't' || c == ' ';
                default -> c == wanted;
            };
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    /** Where what comes after the fraction begins; less than 0 if there is no fraction behind a point, or nothing. */
    private static int fractionEnd(String text) {
        int at = SHAPE.length();
        if (text.charAt(at) != '.') {
            return at;
        }
        at++;
        while (at < text.length() && isDigit(text.charAt(at))) {
            at++;
        }
        return at == SHAPE.length() + 1 || at == text.length() ? -1 : at;
    }

    private static boolean isZulu(String text, int at) {
        return at == text.length() - 1 && (text.charAt(at) == 'Z' || text.charAt(at) == 'z');
    }

    private static boolean hasOffset(String text, int at) {
        return text.length() - at == OFFSET_LENGTH
                && (text.charAt(at) == '+' || text.charAt(at) == '-')
                && isDigit(text.charAt(at + 1))
                && isDigit(text.charAt(at + 2))
                && text.charAt(at + 3) == ':'
                && isDigit(text.charAt(at + 4))
                && isDigit(text.charAt(at + 5));
    }

    private static int micros(String text, int fractionEnd) {
        int micros = 0;
        for (int digit = 0; digit < MICROS_DIGITS; digit++) {
            int at = SHAPE.length() + 1 + digit;
            micros = 10 * micros + (at < fractionEnd ? text.charAt(at) - '0' : 0);
        }
        return micros;
    }

    private static boolean endsTheDay(Instant instant) {
        LocalDateTime utc = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
        return utc.getHour() == HOUR_MAX && utc.getMinute() == MINUTE_MAX;
    }

    /** The digits are known to be such. */
    private static int number(String text, int from, int digits) {
        int number = 0;
        for (int at = from; at < from + digits; at++) {
            number = 10 * number + text.charAt(at) - '0';
        }
        return number;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
