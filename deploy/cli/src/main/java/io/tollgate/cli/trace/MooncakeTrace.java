package io.tollgate.cli.trace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tollgate.events.UsageEvent;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The Mooncake traces of Kimi's chat service: JSON lines with {@code timestamp} (milliseconds from the start),
 * {@code input_length}, {@code output_length} and {@code hash_ids}, one for each 512 tokens of the prompt. A block that an
 * earlier good line, or this one, named before is read from the cache; the last block may be partial, and tokens beyond the
 * listed blocks are fresh. Fresh and cached tokens always add up to {@code input_length}.
 *
 * @param start the instant of timestamp 0
 * @param check what an event must be besides readable
 */
public record MooncakeTrace(TraceDimensions dimensions, Instant start, EventCheck check) implements TraceFormat {

    /** Fixed, so that a second replay has the same times as the first: the month in which the trace was published. */
    public static final Instant DEFAULT_START = Instant.parse("2024-07-01T00:00:00Z");

    /** Mooncake's README: "each hash ID represents a block of 512 tokens". */
    static final long BLOCK_TOKENS = 512;

    private static final Instant END_OF_TIME = Instant.parse("9999-12-31T23:59:59.999999Z");

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** @throws IllegalArgumentException when the start is finer than microseconds */
    public MooncakeTrace {
        if (!start.equals(start.truncatedTo(ChronoUnit.MICROS))) {
            throw new IllegalArgumentException("start " + start + " is finer than microseconds");
        }
    }

    @Override
    public String name() {
        return "mooncake";
    }

    @Override
    public List<String> settings() {
        List<String> settings = new ArrayList<>(dimensions.values());
        settings.add(start.toString());
        return List.copyOf(settings);
    }

    @Override
    public LineParser parser(String source) {
        return new Parser(source, this);
    }

    private static final class Parser implements LineParser {

        private final String source;
        private final MooncakeTrace trace;
        private final SeenBlocks seen = new SeenBlocks();

        Parser(String source, MooncakeTrace trace) {
            this.source = source;
            this.trace = trace;
        }

        @Override
        public Optional<UsageEvent> parse(RawLine line, String name) throws FaultyLineException {
            JsonNode request = json(line);
            Instant time = time(trace.start(), amount(request, "timestamp"));
            long input = amount(request, "input_length");
            long output = amount(request, "output_length");
            long[] blocks = blocks(request);
            UsageEvent event = UsageEvent.newBuilder()
                    .setSource(source)
                    .setId(name)
                    .setTime(time)
                    .setDimensions(trace.dimensions().toAvro())
                    .setContextTokens(input)
                    .setQuantities(quantities(input, 0, output))
                    .build();
            FaultyLineException.throwIf(trace.check().problemOf(event));
            // Only a line that is wholly good fills the cache.
            event.setQuantities(quantities(input, cachedTokens(blocks, input), output));
            return Optional.of(event);
        }

        private static Map<String, Long> quantities(long input, long cached, long output) {
            // Sorted, because the order of Map.of changes from one JVM to the next, and the encoded bytes with it.
            return new TreeMap<>(
                    Map.of("input_tokens", input - cached, "cache_read_tokens", cached, "output_tokens", output));
        }

        private long cachedTokens(long[] blocks, long input) {
            long cached = 0;
            for (int i = 0; i < blocks.length; i++) {
                if (!seen.add(blocks[i])) {
                    cached += Math.max(0, Math.min(BLOCK_TOKENS, input - i * BLOCK_TOKENS));
                }
            }
            return cached;
        }
    }

    private static JsonNode json(RawLine line) throws FaultyLineException {
        JsonNode request;
        try {
            request = JSON.readTree(line.bytes());
        } catch (JsonProcessingException e) {
            throw new FaultyLineException("malformed_json", "not JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new FaultyLineException("not_utf8", "the line is not UTF-8 text", e);
        }
        if (!request.isObject()) {
            throw new FaultyLineException("malformed_json", "the line is JSON but not an object");
        }
        return request;
    }

    private static long amount(JsonNode request, String field) throws FaultyLineException {
        JsonNode value = request.get(field);
        if (value == null) {
            throw new FaultyLineException("missing_field", field + " is missing");
        }
        if (!value.isIntegralNumber()) {
            throw new FaultyLineException("not_an_integer", field + " is not an integer");
        }
        if (value.bigIntegerValue().signum() < 0) {
            throw new FaultyLineException("negative_quantity", field + " is negative");
        }
        if (!value.canConvertToLong()) {
            throw new FaultyLineException("quantity_too_large", field + " is beyond 2^63 - 1");
        }
        return value.longValue();
    }

    private static Instant time(Instant start, long milliseconds) throws FaultyLineException {
        try {
            Instant time = start.plusMillis(milliseconds);
            if (!time.isAfter(END_OF_TIME)) {
                return time;
            }
        } catch (DateTimeException | ArithmeticException e) {
            throw tooLate(milliseconds, e);
        }
        throw tooLate(milliseconds, null);
    }

    private static FaultyLineException tooLate(long milliseconds, @Nullable RuntimeException cause) {
        return new FaultyLineException(
                "unparsable_time", "timestamp " + milliseconds + " ms lies beyond the year 9999", cause);
    }

    private static long[] blocks(JsonNode request) throws FaultyLineException {
        JsonNode ids = request.get("hash_ids");
        if (ids == null) {
            throw new FaultyLineException("missing_field", "hash_ids is missing");
        }
        if (!ids.isArray()) {
            throw new FaultyLineException("not_an_array", "hash_ids is not an array");
        }
        long[] blocks = new long[ids.size()];
        for (int i = 0; i < blocks.length; i++) {
            JsonNode id = ids.get(i);
            if (!id.isIntegralNumber() || !id.canConvertToLong()) {
                throw new FaultyLineException("not_an_integer", "hash_ids[" + i + "] is not a 64-bit integer");
            }
            blocks[i] = id.longValue();
        }
        return blocks;
    }
}
