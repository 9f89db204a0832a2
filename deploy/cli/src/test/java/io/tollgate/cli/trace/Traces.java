package io.tollgate.cli.trace;

import io.tollgate.events.Dimensions;
import io.tollgate.events.UsageEvent;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/** Small traces and what they come to. */
final class Traces {

    static final TraceDimensions DIMENSIONS = dimensions("acme", "gpt-4o");
    static final TraceFormat AZURE = new AzureLlmTrace(DIMENSIONS, event -> Optional.empty());
    static final TraceFormat MOONCAKE =
            new MooncakeTrace(DIMENSIONS, Instant.parse("2024-07-01T00:00:00Z"), event -> Optional.empty());

    private Traces() {}

    static TraceDimensions dimensions(String tenant, String model) {
        return new TraceDimensions(Dimensions.newBuilder()
                .setTenant(tenant)
                .setProvider("openai")
                .setModel(model)
                .build());
    }

    static List<TraceLine> read(TraceFormat format, String content) {
        return read(format, content.getBytes(StandardCharsets.UTF_8));
    }

    static List<TraceLine> read(TraceFormat format, byte[] content) {
        return withFile(content, file -> lines(Trace.open(file, format)));
    }

    static List<TraceLine> readPacked(TraceFormat format, byte[] content) {
        return withFile(content, plain -> {
            Path packed = Files.createTempFile("trace", ".csv");
            try {
                try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
                    out.write(content);
                }
                return lines(Trace.open(packed, format));
            } finally {
                Files.delete(packed);
            }
        });
    }

    static List<TraceLine> lines(Trace trace) throws IOException {
        try (TraceReader reader = trace.read()) {
            return reader.stream().toList();
        }
    }

    static List<UsageEvent> events(List<TraceLine> lines) {
        return lines.stream()
                .filter(TraceLine.Usage.class::isInstance)
                .map(line -> ((TraceLine.Usage) line).event())
                .toList();
    }

    /** Where the events stand. */
    static List<Long> eventLines(List<TraceLine> lines) {
        return lines.stream()
                .filter(TraceLine.Usage.class::isInstance)
                .map(TraceLine::lineNumber)
                .toList();
    }

    static List<TraceLine.Bad> bad(List<TraceLine> lines) {
        return lines.stream()
                .filter(TraceLine.Bad.class::isInstance)
                .map(TraceLine.Bad.class::cast)
                .toList();
    }

    static long sum(List<UsageEvent> events, String meter) {
        return events.stream()
                .mapToLong(event -> event.getQuantities().getOrDefault(meter, 0L))
                .reduce(0, Math::addExact);
    }

    static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    static <R> R withFile(byte[] content, FileUse<R> use) {
        try {
            Path file = Files.createTempFile("trace", ".txt");
            try {
                Files.write(file, content);
                return use.apply(file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @FunctionalInterface
    interface FileUse<R> {
        R apply(Path file) throws IOException;
    }
}
