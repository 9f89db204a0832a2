package io.tollgate.cli.meters;

import io.tollgate.cli.ExitCode;
import io.tollgate.cli.terminal.TextTable;
import io.tollgate.meters.MeterCatalogue;
import io.tollgate.meters.MeterDefinition;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tollgate meters}: how meters are counted. */
@Command(
        name = "meters",
        description = "Lists the meter catalogue, and checks a file that is to be added to it.",
        footer = {"", "A meter that is not in the catalogue is a sum."})
public final class MetersCommand implements Callable<Integer> {

    @Option(
            names = "--meters",
            paramLabel = "FILE",
            description = "YAML or JSON with more meters, as 'tollgate up' takes it.")
    private @Nullable Path file;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        MeterCatalogue catalogue = file == null ? MeterCatalogue.usual() : MeterFile.read(file);
        TextTable table = new TextTable()
                .left("Meter")
                .left("Unit")
                .left("Aggregation")
                .left("Hold")
                .left("Description");
        for (MeterDefinition meter : catalogue.definitions()) {
            table.row(
                    meter.name(),
                    meter.unit(),
                    meter.aggregation().code(),
                    meter.hold().map(Duration::toString).orElse(""),
                    meter.description());
        }
        PrintWriter out =
                Objects.requireNonNull(spec, "picocli sets it").commandLine().getOut();
        out.print(table.render());
        out.flush();
        return ExitCode.OK;
    }
}
