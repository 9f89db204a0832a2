package io.tollgate.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.tollgate.aggregator.Progress;
import io.tollgate.cli.ExitCode;
import io.tollgate.cli.UserException;
import io.tollgate.cli.api.ApiClient;
import io.tollgate.cli.instance.InstanceOptions.WantedPorts;
import io.tollgate.cli.instance.ReadyFile;
import io.tollgate.cli.instance.ScratchInstance;
import io.tollgate.cli.invoice.InvoicePrinter;
import io.tollgate.cli.options.Count;
import io.tollgate.cli.options.Month;
import io.tollgate.cli.prices.ListPrices;
import io.tollgate.cli.traffic.DemoTraffic;
import io.tollgate.emitter.Emitter;
import io.tollgate.emitter.EmitterConfig;
import io.tollgate.events.UsageEvent;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tollgate demo}: a month of a small platform, from events to invoices. */
@Command(
        name = "demo",
        description = "Starts everything in a fresh directory, meters and bills a month of generated traffic, and shows"
                + " an invoice and totals. The directory goes when the demo ends.")
public final class DemoCommand implements Callable<Integer> {

    private static final Duration COUNTED_WITHIN = Duration.ofMinutes(5);

    @Option(names = "--exit", description = "End after showing the figures, instead of staying for a look around.")
    private boolean exit;

    @Option(
            names = "--events",
            paramLabel = "N",
            converter = Count.class,
            description = "How many requests the month has. Default: 120,000.")
    private long events = DemoTraffic.DEFAULT_EVENTS;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Seed. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--month",
            paramLabel = "YYYY-MM",
            converter = Month.class,
            description = "Which month. Default: the last one.")
    private YearMonth month = YearMonth.now(Clock.systemUTC()).minusMonths(1);

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out =
                Objects.requireNonNull(spec, "picocli sets it").commandLine().getOut();
        DemoTraffic traffic = new DemoTraffic(month, seed, events);
        out.println("Starting Kafka, ClickHouse, PostgreSQL and Tollgate in a fresh directory ...");
        out.flush();
        try (ScratchInstance scratch = ScratchInstance.start(
                "demo", WantedPorts.USUAL, spec.commandLine().getErr())) {
            ReadyFile ready = scratch.instance().endpoints();
            ListPrices.publishIfNone(ready);
            send(traffic, ready);
            show(ready, out);
            if (!exit) {
                DemoTour.print(ready, scratch.instance().directory(), month, out);
                throw scratch.hold();
            }
            scratch.succeeded();
        }
        return ExitCode.OK;
    }

    private void send(DemoTraffic traffic, ReadyFile ready) {
        EmitterConfig config = ready.emitter().withClientId("tollgate-demo").withMaxBlock(Duration.ofMinutes(1));
        try (Emitter emitter = Emitter.create(config);
                Progress progress = new Progress(ready.kafka());
                ProgressBar bar = new ProgressBarBuilder()
                        .setTaskName(month + " of 8 models")
                        .setInitialMax(traffic.size())
                        .setUnit(" requests", 1)
                        .setUpdateIntervalMillis(200)
                        .showSpeed()
                        .build()) {
            for (UsageEvent event : traffic) {
                // Failures are counted by the emitter.
                var unused = emitter.emit(event);
                bar.step();
            }
            emitter.flush();
            if (emitter.counts().failed() > 0 || !progress.awaitEverythingSentSoFar(COUNTED_WITHIN)) {
                throw new UserException(
                        ExitCode.UNAVAILABLE,
                        "the month's traffic was not counted in time",
                        "this machine may be very busy; try fewer events with --events");
            }
        }
    }

    private void show(ReadyFile ready, PrintWriter out) {
        ApiClient api = new ApiClient(ready.api(), ready.tokens().finance());
        List<JsonNode> invoices = new ArrayList<>();
        for (String tenant : tenants(api)) {
            invoices.add(ApiClient.json(api.post(
                    "/v1/invoices/%s:finalize".formatted(ApiClient.encode("%s.%s.1".formatted(tenant, month))))));
        }
        out.printf("%n%s is closed: %d final invoices.%n%n", month, invoices.size());
        // The shortest one is the one that a reader takes in.
        InvoicePrinter.print(
                invoices.stream()
                        .min(Comparator.comparingInt(
                                invoice -> invoice.path("lines").size()))
                        .orElseThrow(),
                out);
        MonthTotals.print(api, month, invoices, out);
    }

    private List<String> tenants(ApiClient api) {
        List<String> tenants = new ArrayList<>();
        api.get("/v1/spend?groupBy=tenant&limit=10000&" + MonthTotals.range(month))
                .path("rows")
                .forEach(row -> tenants.add(row.path("group").path("tenant").asText()));
        return tenants;
    }
}
