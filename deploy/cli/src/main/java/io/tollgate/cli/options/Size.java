package io.tollgate.cli.options;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A number of bytes: {@code 64KiB}, {@code 16MiB} or {@code 1GiB}. */
public final class Size implements ITypeConverter<Long> {

    private static final Pattern FORM = Pattern.compile("([1-9]\\d{0,6})(KiB|MiB|GiB)");

    @Override
    public Long convert(String value) {
        Matcher form = FORM.matcher(value);
        if (!form.matches()) {
            throw new TypeConversionException("'" + value + "' is not a size such as 64KiB, 16MiB or 1GiB");
        }
        int shift = switch (form.group(2)) {
            case "KiB" -> 10;
            case "MiB" -> 20;
            default -> 30;
        };
        return Long.parseLong(form.group(1)) << shift;
    }
}
