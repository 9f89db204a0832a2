package io.tollgate.cli.trace;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads a {@link Mapping} from YAML, strictly: what is not known is refused with its line, for it would be ignored. */
final class MappingFile {

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .addModule(new Jdk8Module())
            .build();

    /** Members of an event's data that are one value; those of CloudEventParser, less what is read otherwise. */
    private static final Set<String> VALUES = Set.of(
            "tenant",
            "project",
            "provider",
            "model",
            "requestedModel",
            "acceleratorType",
            "region",
            "operation",
            "serviceTier",
            "outcome",
            Mapping.CONTEXT_TOKENS,
            Mapping.USAGE,
            "usageFormat");

    private static final List<String> CELL = List.of("column", "constant", "default");
    private static final Set<String> OTHERS = Set.of("csv", "time", "source", "id", "tags", "quantities");

    private final Path file;
    private Csv csv = Csv.USUAL;
    private @Nullable TimeColumn time;
    private Optional<Cell> source = Optional.empty();
    private List<String> id = new ArrayList<>();
    private final SortedMap<String, Cell> data = new TreeMap<>();
    private final SortedMap<String, Cell> tags = new TreeMap<>();
    private final SortedMap<String, Cell> quantities = new TreeMap<>();
    private int line = 1;
    private String member = "";

    private MappingFile(Path file) {
        this.file = file;
    }

    static Mapping read(Path file) throws IOException {
        return new MappingFile(file).read();
    }

    private Mapping read() throws IOException {
        try (InputStream in = Files.newInputStream(file);
                JsonParser parser = YAML.createParser(in)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new MappingException(file
                        + " is no mapping: members are expected, such as time: {column: TIMESTAMP, format: rfc3339}");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                at(parser, parser.currentName());
                member(parser);
            }
            if (parser.nextToken() != null) {
                throw new MappingException(file + " holds more than one document");
            }
        } catch (MappingException e) {
            throw e;
        } catch (JsonProcessingException e) {
            throw told(e);
        }
        return whole();
    }

    private void member(JsonParser parser) throws IOException {
        parser.nextToken();
        switch (member) {
            case "csv" -> csv = object(parser, Csv.class, List.of("delimiter", "quote", "header", "charset"));
            case "time" -> time = object(parser, TimeColumn.class, List.of("column", "format", "zone"));
            case "source" -> source = Optional.of(object(parser, Cell.class, CELL));
            case "id" -> id = YAML.readValue(parser, new TypeReference<List<String>>() {});
            case "tags" -> cells(parser, tags);
            case "quantities" -> cells(parser, quantities);
            default -> {
                if (!VALUES.contains(member)) {
                    throw wrong("a mapping has no " + member + "; it has " + known());
                }
                data.put(member, object(parser, Cell.class, CELL));
            }
        }
    }

    private void cells(JsonParser parser, SortedMap<String, Cell> cells) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw wrong(member + " is a list of names, each with {column: NAME}");
        }
        String above = member;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            at(parser, above + "." + name);
            parser.nextToken();
            cells.put(name, object(parser, Cell.class, CELL));
        }
    }

    /** What is not known is looked for first: what it was meant to be is then missing, too, and that would be told. */
    private <T> T object(JsonParser parser, Class<T> type, List<String> known) throws IOException {
        JsonNode tree = YAML.readTree(parser);
        for (Map.Entry<String, JsonNode> each : tree.properties()) {
            if (!known.contains(each.getKey())) {
                throw wrong("%s has no %s; it has %s".formatted(member, each.getKey(), String.join(", ", known)));
            }
        }
        return YAML.treeToValue(tree, type);
    }

    private Mapping whole() throws IOException {
        TimeColumn when = time;
        if (when == null) {
            throw new MappingException(file + " has no time: say time: {column: TIMESTAMP, format: rfc3339}");
        }
        boolean usage = data.containsKey(Mapping.USAGE);
        if (usage != quantities.isEmpty()) {
            throw new MappingException(file + " needs either quantities, or usage with usageFormat");
        }
        if (usage != data.containsKey("usageFormat")) {
            throw new MappingException(file + " needs both of usage and usageFormat, or none");
        }
        if (!id.isEmpty() && source.isEmpty()) {
            throw new MappingException(file + " takes the id from columns, so it must say whose ids they are: add"
                    + " source: {constant: NAME}");
        }
        return new Mapping(csv, when, source, List.copyOf(id), data, tags, quantities, canonical());
    }

    /** Sorted, because the order in which members are written means nothing. */
    private String canonical() throws IOException {
        JsonNode tree = YAML.readTree(Files.readAllBytes(file));
        TreeMap<String, Object> members = new TreeMap<>();
        for (var each : tree.properties()) {
            members.put(each.getKey(), YAML.treeToValue(each.getValue(), Object.class));
        }
        members.remove("csv");
        return YAML.writeValueAsString(members);
    }

    private void at(JsonParser parser, String name) {
        member = name;
        line = parser.currentTokenLocation().getLineNr();
    }

    private MappingException told(JsonProcessingException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof MappingException mapping) {
                return wrong(member + ": " + mapping.getMessage());
            }
        }
        if (e instanceof JsonMappingException) {
            String form = OTHERS.contains(member) && !member.equals("source")
                    ? "see the documentation of mappings"
                    : "write {column: NAME}, {column: NAME, default: VALUE} or {constant: VALUE}";
            return wrong(member + " is not of the expected form; " + form);
        }
        if (e.getLocation() != null) {
            line = e.getLocation().getLineNr();
        }
        String words = e.getOriginalMessage()
                .lines()
                .filter(text -> !text.isBlank() && !text.startsWith(" "))
                .collect(Collectors.joining(": "));
        return wrong("not YAML: " + words);
    }

    private static String known() {
        TreeSet<String> known = new TreeSet<>(VALUES);
        known.addAll(OTHERS);
        return String.join(", ", known);
    }

    private MappingException wrong(String what) {
        return new MappingException("%s, line %d: %s".formatted(file, line, what));
    }
}
