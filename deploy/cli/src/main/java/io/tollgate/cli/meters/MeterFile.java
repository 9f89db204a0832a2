package io.tollgate.cli.meters;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.tollgate.cli.ExitCode;
import io.tollgate.cli.Sentence;
import io.tollgate.cli.UserException;
import io.tollgate.meters.Aggregation;
import io.tollgate.meters.MeterCatalogue;
import io.tollgate.meters.MeterDefinition;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads meters from a file in YAML, and so in JSON too: a list {@code meters}, each with {@code name},
 * {@code aggregation}, for a time_weighted one {@code hold} (ISO 8601, such as PT1H), and if wanted {@code unit} and
 * {@code description}. What is wrong is told with the file, the line and a stable code.
 */
public final class MeterFile {

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static final Set<String> FIELDS = Set.of("name", "unit", "aggregation", "hold", "description");

    private final Path file;

    private MeterFile(Path file) {
        this.file = file;
    }

    /**
     * The usual meters and those of the file.
     *
     * @throws UserException when the file cannot be read or is wrong
     */
    public static MeterCatalogue read(Path file) {
        return new MeterFile(file).read();
    }

    private MeterCatalogue read() {
        try (InputStream in = Files.newInputStream(file);
                JsonParser parser = YAML.createParser(in)) {
            if (parser.nextToken() != JsonToken.START_OBJECT
                    || !"meters".equals(parser.nextFieldName())
                    || parser.nextToken() != JsonToken.START_ARRAY) {
                throw wrong(parser, "no_meters", "a list named meters is expected, and nothing else");
            }
            MeterCatalogue catalogue = MeterCatalogue.usual();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                int line = parser.currentTokenLocation().getLineNr();
                JsonNode written = YAML.readTree(parser);
                catalogue = with(catalogue, definition(written, line), line);
            }
            if (parser.nextToken() != JsonToken.END_OBJECT) {
                throw wrong(parser, "unknown_field", "nothing is known but the list meters");
            }
            return catalogue;
        } catch (JsonProcessingException e) {
            throw wrong(
                    e.getLocation() == null ? 1 : e.getLocation().getLineNr(),
                    "not_yaml",
                    inOneLine(e.getOriginalMessage()));
        } catch (IOException e) {
            throw new UserException(ExitCode.NO_INPUT, "cannot read %s: %s".formatted(file, Sentence.of(e)), "");
        }
    }

    private MeterCatalogue with(MeterCatalogue catalogue, MeterDefinition definition, int line) {
        if (catalogue.find(definition.name()).isPresent()) {
            boolean usual = MeterCatalogue.usual().find(definition.name()).isPresent();
            throw wrong(
                    line,
                    "duplicate_meter",
                    "the meter %s is defined %s already".formatted(definition.name(), usual ? "by Tollgate" : "above"));
        }
        return catalogue.plus(List.of(definition));
    }

    private MeterDefinition definition(JsonNode written, int line) {
        for (Iterator<String> names = written.fieldNames(); names.hasNext(); ) {
            String field = names.next();
            if (!FIELDS.contains(field)) {
                throw wrong(
                        line,
                        "unknown_field",
                        "a meter has no %s; it has name, unit, aggregation, hold and description".formatted(field));
            }
        }
        String name = required(written, "name", line);
        if (!MeterDefinition.isName(name)) {
            throw wrong(
                    line,
                    "invalid_name",
                    "\"%s\" is not a meter's name: lower-case letters, digits and underscores, a letter first, 64 characters at most"
                            .formatted(name));
        }
        String code = required(written, "aggregation", line);
        Aggregation aggregation = Aggregation.ofCode(code)
                .orElseThrow(() -> wrong(
                        line,
                        "unknown_aggregation",
                        "the aggregation of %s is \"%s\"; known are %s".formatted(name, code, aggregations())));
        return definition(name, aggregation, hold(written, name, aggregation, line), written, line);
    }

    private MeterDefinition definition(
            String name, Aggregation aggregation, Optional<Duration> hold, JsonNode written, int line) {
        try {
            return new MeterDefinition(
                    name,
                    written.path("unit").asText(),
                    aggregation,
                    hold,
                    written.path("description").asText());
        } catch (IllegalArgumentException e) {
            // All else was looked at before.
            throw wrong(line, "invalid_hold", String.valueOf(e.getMessage()));
        }
    }

    private Optional<Duration> hold(JsonNode written, String name, Aggregation aggregation, int line) {
        boolean isGauge = aggregation == Aggregation.TIME_WEIGHTED;
        if (!written.hasNonNull("hold")) {
            if (isGauge) {
                throw wrong(
                        line,
                        "missing_hold",
                        "%s is time_weighted and needs a hold, such as PT1H: how long a sample counts when no other follows"
                                .formatted(name));
            }
            return Optional.empty();
        }
        if (!isGauge) {
            throw wrong(
                    line,
                    "unexpected_hold",
                    "%s is a %s, which has no hold; only time_weighted meters have one"
                            .formatted(name, aggregation.code()));
        }
        String hold = written.path("hold").asText();
        try {
            return Optional.of(Duration.parse(hold));
        } catch (DateTimeParseException e) {
            throw wrong(
                    line, "invalid_hold", "the hold of %s is \"%s\"; write it as PT1H or PT90M".formatted(name, hold));
        }
    }

    private String required(JsonNode written, String field, int line) {
        if (!written.path(field).isTextual()) {
            throw wrong(line, "missing_field", "a meter needs a %s in text".formatted(field));
        }
        return written.path(field).asText();
    }

    /** The parser draws the place over several lines, indented; the rest says what is wrong. */
    private static String inOneLine(String message) {
        return message.lines()
                .filter(line -> !line.isBlank() && !line.startsWith(" "))
                .collect(Collectors.joining(": "));
    }

    private static String aggregations() {
        return Arrays.stream(Aggregation.values()).map(Aggregation::code).collect(Collectors.joining(", "));
    }

    private UserException wrong(JsonParser parser, String code, String what) {
        return wrong(parser.currentTokenLocation().getLineNr(), code, what);
    }

    private UserException wrong(int line, String code, String what) {
        return new UserException(
                ExitCode.DATA_ERROR, "%s, line %d: %s".formatted(file, Math.max(1, line), what), "code: " + code);
    }
}
