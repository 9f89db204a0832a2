package io.tollgate.cli.traffic;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tollgate.cli.trace.AzureLlmTrace;
import io.tollgate.cli.trace.MooncakeTrace;
import io.tollgate.cli.trace.Trace;
import io.tollgate.cli.trace.TraceDimensions;
import io.tollgate.cli.trace.TraceFormat;
import io.tollgate.cli.trace.TraceLine;
import io.tollgate.cli.trace.TraceReader;
import io.tollgate.events.Dimensions;
import io.tollgate.events.UsageEvent;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * Derives {@code traffic-figures.json} from the traces: {@link #main} writes it, a test compares it with what is committed.
 */
final class TrafficDerivation {

    static final String AZURE = "traces/AzureLLMInferenceTrace_code.csv";
    static final String MOONCAKE = "traces/mooncake_synthetic_trace.jsonl.gz";
    static final String SERVEGEN = "traces/servegen_deepseek-r1_mm-image.tar.gz";

    /** Denser towards the ends, where the distributions are steep. */
    private static final List<Double> PROBABILITIES = List.of(
            0.0, 0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75,
            0.8, 0.85, 0.9, 0.925, 0.95, 0.965, 0.975, 0.985, 0.99, 0.995, 0.999, 1.0);

    private static final int DECIMALS = 6;

    private static final String ABOUT =
            "Figures of public traces from which demo traffic is drawn. Derived by TrafficDerivation in this module's"
                    + " tests, which also compare them with the traces; not to be edited by hand. A quantile is the smallest"
                    + " value that at least that share of the requests does not exceed; between quantiles the generator goes"
                    + " in straight lines, and it draws lengths and shares independently of each other, which the traces do"
                    + " not. 'means' are those of the traces themselves.";

    private TrafficDerivation() {}

    /** First argument: the directory with the traces. Second: the file to write. */
    public static void main(String[] arguments) throws IOException {
        Path data = Path.of(arguments[0]);
        ObjectNode figures = derive(data.resolve(AZURE), data.resolve(MOONCAKE), data.resolve(SERVEGEN));
        ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
        Files.writeString(Path.of(arguments[1]), json.writeValueAsString(figures) + "\n");
    }

    static ObjectNode derive(Path azure, Path mooncake, Path servegen) throws IOException {
        Map<String, Distribution> observed = new LinkedHashMap<>();
        Distribution context = observed.computeIfAbsent("azure_code_context_tokens", name -> new Distribution());
        Distribution generated = observed.computeIfAbsent("azure_code_generated_tokens", name -> new Distribution());
        each(azure, new AzureLlmTrace(anyone(), event -> Optional.empty()), (event, quantities) -> {
            context.add((double) event.getContextTokens(), 1);
            generated.add(quantities.getOrDefault("output_tokens", 0L), 1);
        });
        Distribution input = observed.computeIfAbsent("mooncake_input_tokens", name -> new Distribution());
        Distribution output = observed.computeIfAbsent("mooncake_output_tokens", name -> new Distribution());
        Distribution hits = observed.computeIfAbsent("mooncake_cache_hit_share", name -> new Distribution());
        each(
                mooncake,
                new MooncakeTrace(anyone(), MooncakeTrace.DEFAULT_START, event -> Optional.empty()),
                (event, quantities) -> {
                    double cached = quantities.getOrDefault("cache_read_tokens", 0L);
                    input.add((double) event.getContextTokens(), 1);
                    output.add(quantities.getOrDefault("output_tokens", 0L), 1);
                    hits.add(cached / event.getContextTokens(), 1);
                });
        ServeGen clients = ServeGen.read(servegen);
        observed.put("servegen_r1_input_tokens", clients.input());
        observed.put("servegen_r1_output_tokens", clients.output());
        observed.put("servegen_r1_reasoning_share", clients.reasoning());
        return figures(observed, clients);
    }

    private static ObjectNode figures(Map<String, Distribution> observed, ServeGen clients) {
        ObjectNode figures = JsonNodeFactory.instance.objectNode();
        figures.put("about", ABOUT);
        figures.set("provenance", provenance());
        figures.set("probabilities", numbers(PROBABILITIES));
        ObjectNode quantiles = figures.putObject("quantiles");
        ObjectNode means = figures.putObject("means");
        observed.forEach((name, distribution) -> {
            quantiles.set(name, numbers(distribution.quantiles(PROBABILITIES)));
            means.put(name, rounded(distribution.mean()));
        });
        figures.set("clientShares", numbers(clients.clientShares()));
        figures.set("hourShares", numbers(clients.hourShares()));
        return figures;
    }

    private static ArrayNode provenance() {
        ArrayNode provenance = JsonNodeFactory.instance.arrayNode();
        provenance.add(origin(
                "azure_code_*",
                "Azure Public Dataset, AzureLLMInferenceTrace_code.csv: one hour of a coding service, 2023-11-16, 8,819 requests",
                "CC-BY-4.0",
                "Each request counts once."));
        provenance.add(origin(
                "mooncake_*",
                "Mooncake (Kimi), mooncake_synthetic_trace.jsonl: 17 minutes of a chat service, 3,993 requests",
                "Apache-2.0",
                "Each request counts once. A 512-token block that an earlier request named is a cache hit; the share is of"
                        + " the request's own prompt."));
        provenance.add(
                origin(
                        "servegen_r1_*, clientShares, hourShares",
                        "ServeGen (Alibaba), deepseek-r1: rates and length distributions of 73 clients over one day",
                        "Apache-2.0",
                        "A client's distribution of every six hours, weighted with its requests in them; the reasoning share is of the"
                                + " output. clientShares are all clients' shares of the day's requests, largest first. hourShares"
                                + " count from the trace's start, whose time of day it does not tell; they are taken as hours UTC."));
        return provenance;
    }

    private static ObjectNode origin(String figures, String source, String licence, String how) {
        ObjectNode origin = JsonNodeFactory.instance.objectNode();
        return origin.put("figures", figures)
                .put("source", source)
                .put("licence", licence)
                .put("how", how);
    }

    private static ArrayNode numbers(List<Double> values) {
        ArrayNode numbers = JsonNodeFactory.instance.arrayNode();
        values.forEach(value -> numbers.add(rounded(value)));
        return numbers;
    }

    private static BigDecimal rounded(double value) {
        BigDecimal exact = BigDecimal.valueOf(value)
                .setScale(DECIMALS, RoundingMode.HALF_UP)
                .stripTrailingZeros();
        return exact.scale() < 0 ? exact.setScale(0) : exact;
    }

    private static TraceDimensions anyone() {
        return new TraceDimensions(Dimensions.newBuilder()
                .setTenant("anyone")
                .setProvider("any")
                .setModel("any")
                .build());
    }

    private static void each(Path file, TraceFormat format, BiConsumer<UsageEvent, Map<String, Long>> use)
            throws IOException {
        try (TraceReader reader = Trace.open(file, format).read();
                Stream<TraceLine> lines = reader.stream()) {
            lines.forEach(line -> {
                UsageEvent event = ((TraceLine.Usage) line).event();
                use.accept(event, event.getQuantities());
            });
        }
    }
}
