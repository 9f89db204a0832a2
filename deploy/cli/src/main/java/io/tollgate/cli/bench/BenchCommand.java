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
            "  ingest       the emitter against a bare Kafka producer, the edge against a bare Jetty handler",
            "  pipeline     events/s from the emitter to ClickHouse, everything embedded",
            "  aggregator   the job against a plain consumer and a naive Streams job, on one topic; latency; restore",
            "  dedup        what remembering --events identities costs in memory, disk and time",
            "  billing      invoices/s from rollups to final invoices, at several numbers of tenants; --lines, --windows,",
            "               --contracts",
            "  spend        a tenant's month by day and model over HTTP, among many rollups; --rows, --clients, --requests",
            "  budget       1,000 budget checks a second over HTTP, due at their times",
            "  crash        the job killed again and again in the middle of a load, against an oracle"
        })
public final class BenchCommand implements Callable<Integer> {

    enum Benchmark {
        INGEST,
        PIPELINE,
        AGGREGATOR,
        DEDUP,
        BILLING,
        SPEND,
        BUDGET,
        CRASH
    }

    private static final long USUAL_EVENTS = 1_000_000;
    /** The compiler is still busy for the first five million. */
    private static final long EVENTS_TO_BE_WARM = 12_000_000;

    private static final int EVENTS_A_KILL = 6_000;

    @Parameters(paramLabel = "NAME", description = "Which one: ${COMPLETION-CANDIDATES}.")
    private @Nullable Benchmark benchmark;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the figures to this file as JSON.")
    private @Nullable Path json;

    @Option(
            names = "--events",
            paramLabel = "N",
            converter = Count.class,
            description = "How many events. Default: 1000000; aggregator: 12000000; crash: 6000 for each kill.")
    private @Nullable Long events;

    @Option(
            names = "--kills",
            paramLabel = "N",
            defaultValue = "100",
            converter = Count.class,
            description = "crash: how many kills. Default: ${DEFAULT-VALUE}.")
    private long kills;

    @Option(
            names = "--tenants",
            paramLabel = "N",
            split = ",",
            defaultValue = "2000,20000,100000",
            description = "billing: how many tenants, each number measured by itself. Default: ${DEFAULT-VALUE}.")
    private List<Integer> tenants = List.of();

    @Option(
            names = "--lines",
            paramLabel = "N",
            defaultValue = "30",
            description = "billing: lines of an invoice. Default: ${DEFAULT-VALUE}.")
    private int lines;

    @Option(
            names = "--contracts",
            description =
                    "billing: give each tenant a contract, with a price and a discount of its own, a commitment, a"
                            + " credit and tax.")
    private boolean contracts;

    @Option(
            names = "--windows",
            paramLabel = "N",
            defaultValue = "10",
            description = "billing: rollups of each product of a tenant. Default: ${DEFAULT-VALUE}.")
    private int windows;

    @Option(
            names = "--rows",
            paramLabel = "N",
            split = ",",
            converter = Count.class,
            defaultValue = "5000000,50000000",
            description =
                    "spend: how many rollups, growing, each number measured by itself. Default: ${DEFAULT-VALUE}.")
    private List<Long> rows = List.of();

    @Option(
            names = "--clients",
            paramLabel = "N",
            defaultValue = "8",
            description = "spend: how many ask at once. Default: ${DEFAULT-VALUE}.")
    private int clients;

    @Option(
            names = "--requests",
            paramLabel = "N",
            defaultValue = "2000",
            description =
                    "spend: how many questions are measured at each number of rollups. Default: ${DEFAULT-VALUE}.")
    private int requests;

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
        Measured measured = measure(out, spec.commandLine().getErr());
        List<Figure> figures = measured.figures();
        TextTable table = new TextTable().left("Figure").right("Value").left("Unit");
        figures.forEach(figure -> table.row(figure.name(), shown(figure.value()), figure.unit()));
        out.println();
        out.print(table.render());
        out.flush();
        if (json != null) {
            write(figures, json);
        }
        return measured.exitCode();
    }

    private Measured measure(PrintWriter out, PrintWriter err) {
        long count = Objects.requireNonNullElse(events, USUAL_EVENTS);
        return switch (Objects.requireNonNull(benchmark, "picocli requires it")) {
            case INGEST -> Measured.of(new IngestBenchmark(count, seed, out).run());
            case PIPELINE -> Measured.of(new PipelineBenchmark(count, seed, out, err).run());
            case AGGREGATOR ->
                Measured.of(new AggregatorBenchmark(Objects.requireNonNullElse(events, EVENTS_TO_BE_WARM), seed, out)
                        .run());
            case DEDUP -> Measured.of(new DedupBenchmark(count, seed, out).run());
            case BILLING -> Measured.of(new BillingBenchmark(tenants, lines, windows, contracts, out, err).run());
            case SPEND -> Measured.of(new SpendBenchmark(rows, clients, requests, seed, out, err).run());
            case BUDGET -> Measured.of(new BudgetBenchmark(seed, out, err).run());
            case CRASH ->
                new CrashBenchmark(kills, Objects.requireNonNullElse(events, kills * EVENTS_A_KILL), seed, out, err)
                        .run();
        };
    }

    /** Counts to the unit, measurements to four digits. */
    private static String shown(double value) {
        if (value == Math.rint(value)) {
            return TextTable.decimal(new BigDecimal(value));
        }
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
