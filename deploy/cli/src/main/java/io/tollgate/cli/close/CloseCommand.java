package io.tollgate.cli.close;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tollgate.cli.ExitCode;
import io.tollgate.cli.UserException;
import io.tollgate.cli.api.ApiClient;
import io.tollgate.cli.instance.CatchUp;
import io.tollgate.cli.instance.ReadyFile;
import io.tollgate.cli.instance.RunningInstance;
import io.tollgate.cli.options.Month;
import io.tollgate.cli.terminal.LiveProgress;
import io.tollgate.cli.terminal.TextTable;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.YearMonth;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tollgate close}: closes a month for all tenants. */
@Command(
        name = "close",
        description = "Closes a month for all tenants: everybody's invoice becomes final.",
        footer = {
            "",
            "What somebody must decide on first is listed, and blocks its tenant, or all where it is nobody's. Let it pass"
                    + " with --waive, or mend it and close again. Closing again changes nothing that is final, and goes"
                    + " on where it was cut off.",
            "",
            "Exit status: 0 closed, 1 something is blocked or the month is open, 69 no instance."
        })
public final class CloseCommand implements Callable<Integer> {

    private static final Duration LOOK_EVERY = Duration.ofMillis(250);
    private static final int SHOWN = 50;

    @Parameters(paramLabel = "YYYY-MM", converter = Month.class, description = "The month, in UTC.")
    private @Nullable YearMonth month;

    @Option(names = "--in-grace", description = "Do not wait for the end of the grace.")
    private boolean inGrace;

    @ArgGroup(exclusive = false)
    private @Nullable Waiver waiver;

    @Option(names = "--json", description = "Print the run as JSON, as the API gives it.")
    private boolean json;

    @Mixin
    private RunningInstance instance = new RunningInstance();

    @Spec
    private @Nullable CommandSpec spec;

    /** What is let pass. */
    private static final class Waiver {
        @Option(
                names = "--waive",
                required = true,
                paramLabel = "CODE",
                description = "Let pass what is listed under this code, as it stands.")
        private String code = "";

        @Option(names = "--by", required = true, paramLabel = "NAME", description = "Who decides so.")
        private String by = "";

        @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why.")
        private String reason = "";

        @Option(names = "--tenant", paramLabel = "T", description = "Only this one's.")
        private @Nullable String tenant;

        ObjectNode wish() {
            ObjectNode wish = JsonNodeFactory.instance
                    .objectNode()
                    .put("code", code)
                    .put("by", by)
                    .put("reason", reason);
            return tenant == null ? wish : wish.put("tenant", tenant);
        }
    }

    @Override
    public Integer call() {
        CommandSpec command = Objects.requireNonNull(spec, "picocli sets it");
        PrintWriter out = command.commandLine().getOut();
        ReadyFile ready = instance.find();
        CatchUp.await(ready);
        ApiClient api = new ApiClient(ready.api(), ready.tokens().finance());
        ObjectNode wish = JsonNodeFactory.instance
                .objectNode()
                .put("period", String.valueOf(month))
                .put("inGrace", inGrace);
        JsonNode run = closed(api, wish, command.commandLine().getErr());
        String path = path(run);
        if (waiver != null) {
            api.post(path + "/waivers", waiver.wish());
            run = closed(api, wish, command.commandLine().getErr());
        }
        if (json) {
            out.println(run.toPrettyString());
        } else {
            print(run, api.get(path + "/exceptions?limit=" + SHOWN).path("exceptions"), out);
        }
        out.flush();
        return switch (run.path("state").asText()) {
            case "finished" -> ExitCode.OK;
            case "blocked" -> ExitCode.REFUSED;
            default ->
                throw new UserException(
                        ExitCode.UNAVAILABLE,
                        "the run failed: " + run.path("failure").asText(),
                        "close the month again: it goes on where it stopped");
        };
    }

    private static JsonNode closed(ApiClient api, JsonNode wish, PrintWriter err) {
        JsonNode run = api.post("/v1/bill-runs", wish);
        String path = path(run);
        if (!isRunning(run)) {
            return run;
        }
        try (LiveProgress progress = new LiveProgress("Closing", "tenants", 0, -1, err)) {
            while (isRunning(run)) {
                LockSupport.parkNanos(LOOK_EVERY.toNanos());
                run = api.get(path);
                JsonNode tenants = run.path("tenants");
                progress.all(tenants.path("total").asLong());
                progress.accept(
                        tenants.path("total").asLong() - tenants.path("pending").asLong());
            }
        }
        return run;
    }

    private static boolean isRunning(JsonNode run) {
        return run.path("state").asText().equals("running");
    }

    private static String path(JsonNode run) {
        return "/v1/bill-runs/" + ApiClient.encode(run.path("id").asText());
    }

    private static void print(JsonNode run, JsonNode exceptions, PrintWriter out) {
        JsonNode tenants = run.path("tenants");
        out.printf(
                "%s is %s: %,d invoices, %,d tenants blocked, %,d used nothing, %,d still to do%n",
                run.path("period").asText(),
                run.path("state").asText(),
                tenants.path("invoiced").asLong(),
                tenants.path("blocked").asLong(),
                tenants.path("nothing").asLong(),
                tenants.path("pending").asLong());
        for (JsonNode total : run.path("totals")) {
            out.printf(
                    "Invoiced: %s %s%n",
                    TextTable.decimal(new BigDecimal(total.path("total").asText())),
                    total.path("currency").asText());
        }
        for (JsonNode id : run.path("voidInvoices")) {
            out.printf("Voided and not billed again: %s%n", id.asText());
        }
        if (exceptions.isEmpty()) {
            return;
        }
        TextTable table =
                new TextTable().left("Tenant").left("Code").left("What").left("Waived by");
        for (JsonNode exception : exceptions) {
            table.row(
                    exception.path("tenant").asText("everybody"),
                    exception.path("code").asText(),
                    exception.path("detail").asText(),
                    exception.at("/waiver/by").asText(""));
        }
        out.println();
        out.print(table.render());
        long more = run.path("exceptionCount").asLong() - exceptions.size();
        if (more > 0) {
            out.printf("and %,d more: GET %s/exceptions%n", more, path(run));
        }
    }
}
