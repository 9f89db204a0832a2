package io.tollgate.cli.options;

import java.time.DateTimeException;
import java.time.Instant;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** An instant in UTC, as in RFC 3339. */
public final class PointInTime implements ITypeConverter<Instant> {

    @Override
    public Instant convert(String value) {
        try {
            return Instant.parse(value);
        } catch (DateTimeException e) {
            throw new TypeConversionException("'" + value + "' is not a time in UTC, such as 2024-07-01T00:00:00Z");
        }
    }
}
