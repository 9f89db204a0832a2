package io.tollgate.cli.options;

import java.time.DateTimeException;
import java.time.YearMonth;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code YYYY-MM}. */
public final class Month implements ITypeConverter<YearMonth> {

    @Override
    public YearMonth convert(String value) {
        try {
            return YearMonth.parse(value);
        } catch (DateTimeException e) {
            throw new TypeConversionException("'" + value + "' is not a month of the form YYYY-MM, such as 2023-11");
        }
    }
}
