package io.tollgate.invoicing.focus;

import io.tollgate.meters.Aggregation;
import io.tollgate.meters.MeterCatalogue;
import io.tollgate.meters.MeterDefinition;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Units as FOCUS writes them (attribute "Unit Format"): {@code Tokens}, {@code 1000000 Tokens}, {@code B-Hours}. Of a meter
 * that nobody described to Tollgate, the last word of its name if that is a plural, or else {@code Units}.
 */
final class MeterUnit {

    /** What a thing is counted in of which there is no better word. */
    static final String UNITS = "Units";

    private static final Map<String, String> IRREGULAR = Map.of("query", "Queries", "byte", "B");
    private static final MeterCatalogue KNOWN = MeterCatalogue.usual();

    private MeterUnit() {}

    /** The base unit of a meter. */
    static String of(String meter) {
        return KNOWN.find(meter).map(MeterUnit::of).orElseGet(() -> guessed(meter));
    }

    /** So many of them at once; the unit alone for one. */
    static String per(BigInteger number, String unit) {
        return number.equals(BigInteger.ONE) ? unit : number + " " + unit;
    }

    /** For people: {@code Cache Write 5m Tokens}. */
    static String words(String meter) {
        return Arrays.stream(meter.split("_", -1))
                .filter(word -> !word.isEmpty())
                .map(MeterUnit::capitalised)
                .collect(Collectors.joining(" "));
    }

    private static String of(MeterDefinition meter) {
        String unit = meter.aggregation() == Aggregation.TIME_WEIGHTED ? meter.unit() + "-second" : meter.unit();
        String[] parts = unit.split("-", -1);
        // All but the last are in the singular: Unit-Milliseconds.
        for (int i = 0; i < parts.length; i++) {
            parts[i] = parts[i].equals("byte") || i == parts.length - 1 ? plural(parts[i]) : capitalised(parts[i]);
        }
        return String.join("-", parts);
    }

    private static String plural(String word) {
        return IRREGULAR.getOrDefault(word, capitalised(word) + "s");
    }

    private static String guessed(String meter) {
        String last = meter.substring(meter.lastIndexOf('_') + 1);
        return last.matches("[a-z]{3,}s") ? capitalised(last) : UNITS;
    }

    private static String capitalised(String word) {
        return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }
}
