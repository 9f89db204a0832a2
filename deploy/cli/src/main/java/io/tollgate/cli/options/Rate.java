package io.tollgate.cli.options;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** So many in a time: {@code 5000/s}, {@code 300/min} or {@code 1000000/h}. */
public record Rate(long count, Duration per) {

    private static final Pattern FORM = Pattern.compile("([1-9]\\d{0,11})/(s|min|h)");

    /** The time between two that follow each other, rounded up: at most so many, not about so many. */
    public Duration interval() {
        return Duration.ofNanos((per.toNanos() + count - 1) / count);
    }

    /** Reads a rate. */
    public static final class Converter implements ITypeConverter<Rate> {

        @Override
        public Rate convert(String value) {
            Matcher form = FORM.matcher(value);
            if (!form.matches()) {
                throw new TypeConversionException("'" + value + "' is not a rate such as 5000/s, 300/min or 1000000/h");
            }
            return new Rate(
                    Long.parseLong(form.group(1)),
                    switch (form.group(2)) {
                        case "s" -> Duration.ofSeconds(1);
                        case "min" -> Duration.ofMinutes(1);
                        default -> Duration.ofHours(1);
                    });
        }
    }
}
