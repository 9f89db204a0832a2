package io.tollgate.cli.trace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What the columns of a table say about usage: for each member of an event where it comes from. A row becomes a
 * CloudEvent in JSON, so that it is read and checked like one that came over HTTP.
 *
 * @param csv how the lines are written, of a file of lines
 * @param source whose ids they are; without it the replay names it
 * @param id the columns that make up the id; none when the whole row does
 * @param data members of the event's {@code data} that are one value
 * @param quantities by meter
 * @param canonical the mapping as text, without how lines are written: the same for files that say the same
 */
public record Mapping(
        Csv csv,
        TimeColumn time,
        Optional<Cell> source,
        List<String> id,
        SortedMap<String, Cell> data,
        SortedMap<String, Cell> tags,
        SortedMap<String, Cell> quantities,
        String canonical) {

    static final String USAGE = "usage";
    static final String CONTEXT_TOKENS = "contextTokens";

    private static final String EVENT_TYPE = "io.tollgate.usage.v1";
    private static final int SHOWN_CHARACTERS = 40;
    private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1,40}");
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            // So that a number arrives as it was written, at whoever refuses it.
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    /**
     * Reads a mapping from a file in YAML.
     *
     * @throws MappingException when it is wrong; the message names line and member
     * @throws IOException when the file cannot be read
     */
    public static Mapping read(Path file) throws IOException {
        return MappingFile.read(file);
    }

    /** Every column that it names. */
    SortedSet<String> columns() {
        TreeSet<String> columns = new TreeSet<>(id);
        columns.add(time.column());
        source.flatMap(Cell::column).ifPresent(columns::add);
        for (Map<String, Cell> cells : List.of(data, tags, quantities)) {
            cells.values().forEach(cell -> cell.column().ifPresent(columns::add));
        }
        return columns;
    }

    /**
     * The event of a row.
     *
     * @param name its id, unless the mapping names columns
     * @param ofReplay its source, unless the mapping names one
     */
    ObjectNode event(JsonNode row, String name, String ofReplay) throws FaultyLineException {
        ObjectNode event = JSON.createObjectNode();
        event.put("specversion", "1.0").put("type", EVENT_TYPE);
        event.put("source", source.isPresent() ? required("source", source.get(), row) : ofReplay);
        event.put("id", id.isEmpty() ? name : id(row));
        event.put("time", time.read(required("time", column(time.column()), row)));
        ObjectNode members = event.putObject("data");
        for (Map.Entry<String, Cell> member : data.entrySet()) {
            switch (member.getKey()) {
                case USAGE -> usage(member.getValue(), row, members);
                case CONTEXT_TOKENS -> amount(member.getKey(), member.getValue(), row, members);
                default -> text(member.getKey(), member.getValue(), row, members);
            }
        }
        ObjectNode labels = members.putObject("tags");
        for (Map.Entry<String, Cell> tag : tags.entrySet()) {
            text(tag.getKey(), tag.getValue(), row, labels);
        }
        if (!quantities.isEmpty()) {
            ObjectNode amounts = members.putObject("quantities");
            for (Map.Entry<String, Cell> meter : quantities.entrySet()) {
                amount(meter.getKey(), meter.getValue(), row, amounts);
            }
        }
        return event;
    }

    /** Several columns with a slash between them, escaped, so that a/b and c are not a and b/c. */
    private String id(JsonNode row) throws FaultyLineException {
        if (id.size() == 1) {
            return required("id", column(id.get(0)), row);
        }
        List<String> parts = new ArrayList<>();
        for (String column : id) {
            parts.add(required("id", column(column), row).replace("%", "%25").replace("/", "%2F"));
        }
        return String.join("/", parts);
    }

    private static void text(String member, Cell cell, JsonNode row, ObjectNode to) throws FaultyLineException {
        cell.text(row).ifPresent(value -> to.put(member, value));
    }

    private static void amount(String member, Cell cell, JsonNode row, ObjectNode to) throws FaultyLineException {
        Optional<String> text = cell.text(row);
        if (text.isPresent()) {
            // 12.0 is refused with 12.5, as over HTTP: who writes it counts in floating point, which loses units.
            if (!INTEGER.matcher(text.get()).matches()) {
                throw new FaultyLineException(
                        "not_an_integer",
                        "%s is \"%s\", which is no whole number in digits".formatted(member, shown(text.get())));
            }
            to.put(member, new BigInteger(text.get()));
        }
    }

    private static void usage(Cell cell, JsonNode row, ObjectNode to) throws FaultyLineException {
        Optional<JsonNode> body = cell.value(row);
        if (body.isPresent()) {
            to.set(USAGE, body.get().isTextual() ? parsed(body.get().textValue()) : body.get());
        }
    }

    private static JsonNode parsed(String json) throws FaultyLineException {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException | NumberFormatException e) {
            throw new FaultyLineException("malformed_json", "usage is \"" + shown(json) + "\", which is not JSON", e);
        }
    }

    private static String required(String member, Cell cell, JsonNode row) throws FaultyLineException {
        Optional<String> value = cell.text(row);
        if (value.isEmpty()) {
            throw new FaultyLineException(
                    "missing_attribute",
                    "%s is missing: column %s is empty"
                            .formatted(member, cell.column().orElse("")));
        }
        return value.get();
    }

    private static Cell column(String name) {
        return new Cell(Optional.of(name), Optional.empty(), Optional.empty());
    }

    private static String shown(String text) {
        return text.length() <= SHOWN_CHARACTERS ? text : text.substring(0, SHOWN_CHARACTERS) + "…";
    }
}
