package io.tollgate.cli.trace;

import io.tollgate.events.UsageEvent;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.time.format.SignStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The Azure LLM inference traces of 2023 and 2024 (Azure Public Dataset): CSV with {@code TIMESTAMP, ContextTokens,
 * GeneratedTokens}. Times are UTC where they name no offset, with up to nine fractional digits, of which microseconds are
 * kept. The header decides the order of the columns; without one they come as published.
 *
 * @param check what an event must be besides readable
 */
public record AzureLlmTrace(TraceDimensions dimensions, EventCheck check) implements TraceFormat {

    private static final String TIMESTAMP = "timestamp";
    private static final String CONTEXT = "contexttokens";
    private static final String GENERATED = "generatedtokens";
    private static final List<String> PUBLISHED = List.of(TIMESTAMP, CONTEXT, GENERATED);

    private static final Pattern INTEGER = Pattern.compile("-?[0-9]+");

    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder()
            .appendValue(ChronoField.YEAR, 4, 4, SignStyle.NEVER)
            .appendPattern("-MM-dd HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
            .optionalStart()
            .appendOffset("+HH:MM", "Z")
            .optionalEnd()
            .toFormatter(Locale.ROOT)
            .withResolverStyle(ResolverStyle.STRICT);

    @Override
    public String name() {
        return "azure-llm";
    }

    @Override
    public List<String> settings() {
        return dimensions.values();
    }

    @Override
    public LineParser parser(String source) {
        return new Parser(source, dimensions, check);
    }

    private static final class Parser implements LineParser {

        private final String source;
        private final TraceDimensions dimensions;
        private final EventCheck check;
        private List<String> columns = PUBLISHED;
        private boolean first = true;

        Parser(String source, TraceDimensions dimensions, EventCheck check) {
            this.source = source;
            this.dimensions = dimensions;
            this.check = check;
        }

        @Override
        public Optional<UsageEvent> parse(RawLine line, String name) throws FaultyLineException {
            boolean mayBeHeader = first;
            first = false;
            List<String> fields = Csv.USUAL.fields(line);
            if (mayBeHeader && isHeader(fields)) {
                columns = normalised(fields);
                return Optional.empty();
            }
            if (fields.size() != columns.size()) {
                throw new FaultyLineException(
                        "wrong_column_count",
                        "expected " + columns.size() + " columns (" + String.join(", ", columns) + "), found "
                                + fields.size());
            }
            Instant time = time(fields.get(columns.indexOf(TIMESTAMP)));
            long context = amount("ContextTokens", fields.get(columns.indexOf(CONTEXT)));
            long generated = amount("GeneratedTokens", fields.get(columns.indexOf(GENERATED)));
            UsageEvent event = UsageEvent.newBuilder()
                    .setSource(source)
                    .setId(name)
                    .setTime(time)
                    .setDimensions(dimensions.toAvro())
                    .setContextTokens(context)
                    // Sorted, because the order of Map.of changes from one JVM to the next, and the encoded bytes with
                    // it.
                    .setQuantities(new TreeMap<>(Map.of("input_tokens", context, "output_tokens", generated)))
                    .build();
            FaultyLineException.throwIf(check.problemOf(event));
            return Optional.of(event);
        }
    }

    private static boolean isHeader(List<String> fields) {
        List<String> names = normalised(fields);
        return names.size() == PUBLISHED.size() && names.containsAll(PUBLISHED);
    }

    private static List<String> normalised(List<String> fields) {
        return fields.stream()
                .map(field -> field.strip().toLowerCase(Locale.ROOT))
                .toList();
    }

    private static Instant time(String field) throws FaultyLineException {
        String text = field.strip();
        // ISO 8601's T for the published blank.
        if (text.length() > 10 && text.charAt(10) == 'T') {
            text = text.substring(0, 10) + ' ' + text.substring(11);
        }
        try {
            TemporalAccessor parsed = TIME.parseBest(text, OffsetDateTime::from, LocalDateTime::from);
            Instant instant = parsed instanceof OffsetDateTime withOffset
                    ? withOffset.toInstant()
                    : LocalDateTime.from(parsed).toInstant(ZoneOffset.UTC);
            return instant.truncatedTo(ChronoUnit.MICROS);
        } catch (DateTimeParseException e) {
            throw new FaultyLineException(
                    "unparsable_time",
                    "TIMESTAMP " + shown(field) + " is not of the form 2023-11-16 18:17:03.9799600",
                    e);
        }
    }

    private static long amount(String column, String field) throws FaultyLineException {
        String text = field.strip();
        if (!INTEGER.matcher(text).matches()) {
            throw new FaultyLineException("not_an_integer", column + " " + shown(field) + " is not an integer");
        }
        if (text.charAt(0) == '-') {
            throw new FaultyLineException("negative_quantity", column + " " + shown(field) + " is negative");
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new FaultyLineException("quantity_too_large", column + " " + shown(field) + " is beyond 2^63 - 1", e);
        }
    }

    private static String shown(String field) {
        return '"' + (field.length() <= 40 ? field : field.substring(0, 40) + "…") + '"';
    }
}
