package io.tollgate.cli.trace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tollgate.events.UsageEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * A table, in CSV or Parquet, with a mapping that says what its columns are.
 *
 * @param options what the command line says of usage that the mapping leaves open
 * @param events reads the CloudEvent that a row becomes
 */
public record MappedTrace(Form form, Mapping mapping, List<String> options, EventParser events) implements TraceFormat {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** What the table is written in. */
    public enum Form {
        CSV,
        PARQUET
    }

    @Override
    public String name() {
        return form == Form.CSV ? "csv" : "parquet";
    }

    @Override
    public List<String> settings() {
        List<String> settings = new ArrayList<>(options);
        settings.add(mapping.canonical());
        return settings;
    }

    @Override
    public boolean isParquet() {
        return form == Form.PARQUET;
    }

    @Override
    public LineParser parser(String source) {
        return new Rows(source);
    }

    private final class Rows implements LineParser {

        private final String source;
        private List<String> columns = List.of();

        Rows(String source) {
            this.source = source;
        }

        @Override
        public Optional<UsageEvent> parse(RawLine line, String name) throws FaultyLineException {
            Optional<JsonNode> row = form == Form.CSV ? fields(line) : Optional.of(object(line));
            if (row.isEmpty()) {
                return Optional.empty();
            }
            EventParser.Parsed parsed = events.parse(bytes(mapping.event(row.get(), name, source)));
            if (parsed instanceof EventParser.Parsed.Rejected rejected) {
                throw new FaultyLineException(rejected.reason(), rejected.detail());
            }
            return Optional.of(((EventParser.Parsed.Accepted) parsed).event());
        }

        private Optional<JsonNode> fields(RawLine line) throws FaultyLineException {
            List<String> fields = mapping.csv().fields(line);
            if (columns.isEmpty()) {
                boolean header = mapping.csv().hasHeader();
                columns = header ? fields.stream().map(String::strip).toList() : numbers(fields.size());
                check(columns);
                if (header) {
                    return Optional.empty();
                }
            }
            if (fields.size() != columns.size()) {
                throw new FaultyLineException(
                        "wrong_column_count", "expected " + columns.size() + " columns, found " + fields.size());
            }
            ObjectNode row = JSON.createObjectNode();
            for (int i = 0; i < columns.size(); i++) {
                row.put(columns.get(i), fields.get(i));
            }
            return Optional.of(row);
        }

        private JsonNode object(RawLine line) {
            try {
                JsonNode row = JSON.readTree(line.bytes());
                if (columns.isEmpty()) {
                    columns = new ArrayList<>();
                    row.fieldNames().forEachRemaining(columns::add);
                    check(columns);
                }
                return row;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Once for the file, before anything of it is used: a mistake here would make every row a bad one. */
    private void check(List<String> there) {
        SortedSet<String> missing = new TreeSet<>(mapping.columns());
        missing.removeAll(new HashSet<>(there));
        if (!missing.isEmpty()) {
            throw new MappingException("the file has no column %s, which the mapping names; it has %s"
                    .formatted(String.join(", ", missing), String.join(", ", there)));
        }
        for (String column : mapping.columns()) {
            if (there.indexOf(column) != there.lastIndexOf(column)) {
                throw new MappingException("the file has two columns named " + column);
            }
        }
    }

    private static List<String> numbers(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(Integer::toString).toList();
    }

    private static byte[] bytes(ObjectNode event) {
        try {
            return JSON.writeValueAsBytes(event);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree can always be written", e);
        }
    }
}
