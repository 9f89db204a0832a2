package io.tollgate.cli.trace;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The column that says when the usage was, and how it says so: {@code rfc3339}, {@code epoch_seconds},
 * {@code epoch_millis}, {@code epoch_micros}, or a pattern of {@link DateTimeFormatter} that holds date and time of day,
 * with a zone where it has no offset. Of a local time that a clock shows twice the earlier is meant; one that it skips is
 * refused.
 */
final class TimeColumn {

    private static final String RFC_3339 = "rfc3339";
    private static final Map<String, ChronoUnit> EPOCHS = Map.of(
            "epoch_seconds", ChronoUnit.SECONDS,
            "epoch_millis", ChronoUnit.MILLIS,
            "epoch_micros", ChronoUnit.MICROS);
    private static final ZonedDateTime SAMPLE = ZonedDateTime.parse("2023-11-16T18:17:03.979960Z");

    private final String column;
    private final String format;
    private final Optional<DateTimeFormatter> pattern;
    private final Optional<ZoneId> zone;

    @JsonCreator
    TimeColumn(
            @JsonProperty("column") Optional<String> column,
            @JsonProperty("format") Optional<String> format,
            @JsonProperty("zone") Optional<String> zone) {
        this.column = column.orElseThrow(() -> new MappingException("time has no column"));
        this.format = format.orElseThrow(() -> new MappingException("time has no format: rfc3339, epoch_seconds,"
                + " epoch_millis, epoch_micros, or a pattern such as uuuu-MM-dd HH:mm:ss"));
        this.zone = zone.map(TimeColumn::zone);
        boolean named = this.format.equals(RFC_3339) || EPOCHS.containsKey(this.format);
        this.pattern = named ? Optional.empty() : Optional.of(pattern(this.format));
        if (named && zone.isPresent()) {
            throw new MappingException(this.format + " needs no zone; leave it out");
        }
        this.pattern.ifPresent(this::check);
    }

    String column() {
        return column;
    }

    /** The time as in RFC 3339, in UTC unless it stood so in the file. */
    String read(String text) throws FaultyLineException {
        if (format.equals(RFC_3339)) {
            return text;
        }
        try {
            return (pattern.isPresent() ? local(pattern.get(), text) : epoch(text)).toString();
        } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
            String shown = text.length() <= 40 ? text : text.substring(0, 40) + "…";
            String where = zone.map(name -> " in " + name).orElse("");
            throw new FaultyLineException(
                    "invalid_time", "column %s is \"%s\", which is no %s%s".formatted(column, shown, format, where), e);
        }
    }

    private Instant epoch(String text) {
        return Instant.EPOCH.plus(Long.parseLong(text), EPOCHS.get(format));
    }

    private Instant local(DateTimeFormatter formatter, String text) {
        TemporalAccessor parsed = formatter.parseBest(text, ZonedDateTime::from, LocalDateTime::from);
        if (parsed instanceof ZonedDateTime withOffset) {
            return withOffset.toInstant();
        }
        LocalDateTime local = LocalDateTime.from(parsed);
        ZoneId there = zone.orElseThrow();
        if (there.getRules().getValidOffsets(local).isEmpty()) {
            throw new DateTimeException("skipped by the clock");
        }
        return local.atZone(there).toInstant();
    }

    private static DateTimeFormatter pattern(String format) {
        try {
            return new DateTimeFormatterBuilder()
                    .appendPattern(format)
                    // Or a yyyy would be a year of no era, which the strict style refuses.
                    .parseDefaulting(ChronoField.ERA, 1)
                    .toFormatter(Locale.ROOT)
                    // Strict, because the usual style makes 28 of a 30 February.
                    .withResolverStyle(ResolverStyle.STRICT);
        } catch (IllegalArgumentException e) {
            throw new MappingException("format \"" + format + "\" is none of rfc3339, epoch_seconds, epoch_millis,"
                    + " epoch_micros, and no pattern: " + e.getMessage());
        }
    }

    /** Tries the pattern out: what it leaves out is better told once than of every row. */
    private void check(DateTimeFormatter formatter) {
        TemporalAccessor read;
        try {
            read = formatter.parseBest(SAMPLE.format(formatter), ZonedDateTime::from, LocalDateTime::from);
        } catch (DateTimeException e) {
            throw new MappingException("format \"" + format + "\" does not hold a date and a time of day");
        }
        if (read instanceof ZonedDateTime == zone.isPresent()) {
            throw new MappingException(
                    zone.isPresent()
                            ? "format \"" + format + "\" has an offset; leave zone out"
                            : "format \"" + format + "\" has no offset, so say the zone, such as zone: UTC");
        }
    }

    private static ZoneId zone(String name) {
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            throw new MappingException("zone \"" + name + "\" is not known; write UTC, Europe/Berlin, +05:45 …");
        }
    }
}
