package io.tollgate.cli.trace;

import io.tollgate.ingest.cloudevents.CloudEventParser;
import io.tollgate.ingest.cloudevents.EventDefaults;
import io.tollgate.ingest.cloudevents.Parsed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** Tables with mappings, read as the command reads them. */
final class Tables {

    private static final EventDefaults ACME = new EventDefaults(
            Optional.of("acme"),
            Optional.of("openai"),
            Optional.of("gpt-4o"),
            Optional.empty(),
            Optional.empty(),
            "chat",
            "standard");

    private static final EventParser EVENTS = line -> {
        Parsed parsed = CloudEventParser.parse(line, ACME, Instant.parse("2026-01-01T00:00:00Z"));
        return parsed instanceof Parsed.Rejected rejected
                ? new EventParser.Parsed.Rejected(rejected.reason().code(), rejected.detail())
                : new EventParser.Parsed.Accepted(((Parsed.Accepted) parsed).event());
    };

    private Tables() {}

    static Mapping mapping(String yaml) {
        return Traces.withFile(yaml.getBytes(java.nio.charset.StandardCharsets.UTF_8), Mapping::read);
    }

    /** A mapping of the repository's documentation. */
    static Mapping documented(String name) throws IOException {
        return Mapping.read(Path.of("mappings", name));
    }

    static TraceFormat csv(Mapping mapping) {
        return new MappedTrace(MappedTrace.Form.CSV, mapping, List.of("acme"), EVENTS);
    }

    static TraceFormat parquet(Mapping mapping) {
        return new MappedTrace(MappedTrace.Form.PARQUET, mapping, List.of("acme"), EVENTS);
    }

    /** Writes rows as Parquet and reads them by the mapping. */
    static <R> List<TraceLine> parquet(
            Mapping mapping, String schema, CompressionCodecName codec, List<R> rows, BiConsumer<Group, R> fill) {
        return Traces.withFile(new byte[0], file -> {
            write(file, schema, codec, rows, fill);
            return Traces.lines(Trace.open(file, parquet(mapping)));
        });
    }

    static <R> void write(Path file, String schema, CompressionCodecName codec, List<R> rows, BiConsumer<Group, R> fill)
            throws IOException {
        Files.deleteIfExists(file);
        MessageType type = MessageTypeParser.parseMessageType(schema);
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(new LocalOutputFile(file))
                .withConf(new PlainParquetConfiguration())
                .withType(type)
                .withCompressionCodec(codec)
                .build()) {
            for (R row : rows) {
                Group group = new SimpleGroup(type);
                fill.accept(group, row);
                writer.write(group);
            }
        }
    }
}
