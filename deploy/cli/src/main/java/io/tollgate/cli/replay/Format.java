package io.tollgate.cli.replay;

import java.util.Arrays;
import java.util.Iterator;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The formats that a trace may have. */
enum Format {
    AZURE_LLM("azure-llm"),
    MOONCAKE("mooncake"),
    CLOUDEVENTS_JSONL("cloudevents-jsonl"),
    CSV("csv"),
    PARQUET("parquet");

    private final String label;

    Format(String label) {
        this.label = label;
    }

    /** As it is written on the command line. */
    @Override
    public String toString() {
        return label;
    }

    private static String all() {
        return Arrays.stream(values()).map(Format::toString).collect(Collectors.joining(", "));
    }

    /** Reads a format; what it lists are the labels, not the names of constants. */
    static final class Converter implements ITypeConverter<Format> {

        @Override
        public Format convert(String value) {
            return Arrays.stream(values())
                    .filter(format -> format.label.equalsIgnoreCase(value))
                    .findFirst()
                    .orElseThrow(
                            () -> new TypeConversionException("'" + value + "' is not a format; there are " + all()));
        }
    }

    /** For the help. */
    static final class Labels implements Iterable<String> {

        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(values()).map(Format::toString).iterator();
        }
    }
}
