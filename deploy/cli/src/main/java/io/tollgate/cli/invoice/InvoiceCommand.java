package io.tollgate.cli.invoice;

import com.fasterxml.jackson.databind.JsonNode;
import io.tollgate.cli.ExitCode;
import io.tollgate.cli.Sentence;
import io.tollgate.cli.UserException;
import io.tollgate.cli.api.ApiClient;
import io.tollgate.cli.instance.CatchUp;
import io.tollgate.cli.instance.ReadyFile;
import io.tollgate.cli.instance.RunningInstance;
import io.tollgate.cli.options.Month;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.YearMonth;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tollgate invoice}: a tenant's invoice for a month. */
@Command(
        name = "invoice",
        description = "Prints a tenant's invoice for a month: the draft, or the final one when there is one.",
        footer = {
            "",
            "With --final the draft is finalised first: its month must be over and all its usage priced. A final"
                    + " invoice never changes; finalising again prints the same one.",
            "",
            "Exit status: 0 printed, 1 refused (no usage, month still open, unpriced usage), 69 no instance."
        })
public final class InvoiceCommand implements Callable<Integer> {

    @Option(names = "--tenant", required = true, paramLabel = "T", description = "Whose invoice.")
    private String tenant = "";

    @Option(
            names = "--period",
            required = true,
            paramLabel = "YYYY-MM",
            converter = Month.class,
            description = "The month, in UTC.")
    private @Nullable YearMonth period;

    @Option(
            names = "--revision",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Which of the month's documents: notes have the revisions after their invoice, and if that was"
                            + " voided, the next invoice has the one after them. Default: ${DEFAULT-VALUE}.")
    private int revision;

    @Option(names = "--final", description = "Finalise it.")
    private boolean finalise;

    @Option(names = "--json", description = "Print it as JSON, as the API gives it.")
    private boolean json;

    @Option(
            names = "--document",
            paramLabel = "FILE",
            description = "Write it to FILE instead: a PDF if that ends in .pdf, UBL in .xml (final ones only), CSV in"
                    + " .csv.")
    private @Nullable Path document;

    @Mixin
    private RunningInstance instance = new RunningInstance();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out =
                Objects.requireNonNull(spec, "picocli sets it").commandLine().getOut();
        Optional<String> format = Optional.ofNullable(document).map(this::format);
        ReadyFile ready = instance.find();
        CatchUp.await(ready);
        ApiClient api = new ApiClient(ready.api(), ready.tokens().finance());
        String path = "/v1/invoices/" + ApiClient.encode("%s.%s.%d".formatted(tenant, period, revision));
        String answer = finalise ? api.post(path + ":finalize") : api.getText(path);
        if (document != null) {
            write(api.getBytes(path + "/document?format=" + format.orElseThrow()), document);
            out.println("Written to " + document);
        } else if (json) {
            out.println(answer);
        } else {
            JsonNode invoice = ApiClient.json(answer);
            InvoicePrinter.print(invoice, out);
        }
        out.flush();
        return ExitCode.OK;
    }

    private String format(Path file) {
        String name = String.valueOf(file.getFileName());
        return switch (name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT)) {
            case "pdf" -> "pdf";
            case "xml" -> "ubl";
            case "csv" -> "csv";
            default ->
                throw new ParameterException(
                        Objects.requireNonNull(spec, "picocli sets it").commandLine(),
                        "--document " + file + " must end in .pdf, .xml or .csv");
        };
    }

    private static void write(byte[] bytes, Path file) {
        try {
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UserException(
                    ExitCode.UNAVAILABLE, "cannot write " + file + ": " + Sentence.of(e), "name another file");
        }
    }
}
