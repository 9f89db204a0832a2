package io.tollgate.cli.bench;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tollgate.cli.ExitCode;
import io.tollgate.cli.Sentence;
import io.tollgate.cli.UserException;
import io.tollgate.cli.options.Count;
import io.tollgate.cli.terminal.TextTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tollgate bench}: measures on this machine. */
@Command(
        name = "bench",
        description = "Measures on this machine, in a fresh directory, and prints the figures.",
        footer = {
            "",
            "Benchmarks:",
            "  pipeline     events/s from the emitter to ClickHouse, everything embedded",
            "  aggregator   the job against a plain consumer and a naive Streams job, on one topic; latency; restore",
            "  dedup        what remembering --events identities costs in memory, disk and time"
        })
public final class BenchCommand implements Callable<Integer> {

    enum Benchmark {
        PIPELINE,
        AGGREGATOR,
        DEDUP
    }

    @Parameters(paramLabel = "NAME", description = "Which one: ${COMPLETION-CANDIDATES}.")
    private @Nullable Benchmark benchmark;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the figures to this file as JSON.")
    private @Nullable Path json;

    @Option(
            names = "--events",
            paramLabel = "N",
            defaultValue = "1000000",
            converter = Count.class,
            description = "How many events. Default: ${DEFAULT-VALUE}.")
    private long events;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Seed. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out =
                Objects.requireNonNull(spec, "picocli sets it").commandLine().getOut();
        out.printf(
                "Machine: %d cores, %s %s, Java %s; seed %d%n",
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                System.getProperty("java.version"),
                seed);
        List<Figure> figures = switch (Objects.requireNonNull(benchmark, "picocli requires it")) {
            case PIPELINE ->
                new PipelineBenchmark(events, seed, out, spec.commandLine().getErr()).run();
            case AGGREGATOR -> new AggregatorBenchmark(events, seed, out).run();
            case DEDUP -> new DedupBenchmark(events, seed, out).run();
        };
        TextTable table = new TextTable().left("Figure").right("Value").left("Unit");
        figures.forEach(figure -> table.row(figure.name(), shown(figure.value()), figure.unit()));
        out.println();
        out.print(table.render());
        out.flush();
        if (json != null) {
            write(figures, json);
        }
        return ExitCode.OK;
    }

    private static String shown(double value) {
        BigDecimal rounded = new BigDecimal(value, new MathContext(4)).stripTrailingZeros();
        return TextTable.decimal(rounded.scale() < 0 ? rounded.setScale(0) : rounded);
    }

    private static void write(List<Figure> figures, Path file) {
        JsonMapper mapper =
                JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        try {
            Files.writeString(file, mapper.writeValueAsString(Map.of("figures", figures)) + "\n");
        } catch (IOException e) {
            throw new UserException(
                    ExitCode.NO_INPUT, "cannot write %s: %s".formatted(file, Sentence.of(e)), "name another file");
        }
    }
}
