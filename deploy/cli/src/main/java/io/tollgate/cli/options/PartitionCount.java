package io.tollgate.cli.options;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How many partitions a topic gets: 1 to 10,000. A rollup's row has room for 65,536. */
public final class PartitionCount implements ITypeConverter<Integer> {

    private static final int MAX = 10_000;

    @Override
    public Integer convert(String value) {
        try {
            int count = Integer.parseInt(value);
            if (count >= 1 && count <= MAX) {
                return count;
            }
        } catch (NumberFormatException e) {
            // Told below, like a number out of range.
        }
        throw new TypeConversionException("'" + value + "' is not a number of partitions, 1 to " + MAX);
    }
}
