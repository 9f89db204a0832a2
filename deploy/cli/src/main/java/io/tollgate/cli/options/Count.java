package io.tollgate.cli.options;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A whole number of at least 1. */
public final class Count implements ITypeConverter<Long> {

    @Override
    public Long convert(String value) {
        try {
            long count = Long.parseLong(value);
            if (count >= 1) {
                return count;
            }
        } catch (NumberFormatException e) {
            // Told below, like a number that is too small.
        }
        throw new TypeConversionException("'" + value + "' is not a whole number of at least 1");
    }
}
