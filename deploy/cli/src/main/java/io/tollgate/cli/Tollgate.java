package io.tollgate.cli;

import io.tollgate.cli.bench.BenchCommand;
import io.tollgate.cli.close.CloseCommand;
import io.tollgate.cli.demo.DemoCommand;
import io.tollgate.cli.doctor.DoctorCommand;
import io.tollgate.cli.doctor.ThisMachine;
import io.tollgate.cli.instance.AggregatorCommand;
import io.tollgate.cli.instance.DataDirectory;
import io.tollgate.cli.instance.IngestCommand;
import io.tollgate.cli.instance.UpCommand;
import io.tollgate.cli.invoice.InvoiceCommand;
import io.tollgate.cli.meters.MetersCommand;
import io.tollgate.cli.prices.PricesCommand;
import io.tollgate.cli.rejected.RejectedCommand;
import io.tollgate.cli.replay.ReplayCommand;
import io.tollgate.parts.EmbeddedClickHouse;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ScopeType;

/** The command {@code tollgate}. */
@Command(
        name = "tollgate",
        description = "Meters and bills the use of many vendors' AI models on one platform.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            UpCommand.class,
            AggregatorCommand.class,
            IngestCommand.class,
            ReplayCommand.class,
            RejectedCommand.class,
            InvoiceCommand.class,
            CloseCommand.class,
            PricesCommand.class,
            MetersCommand.class,
            DemoCommand.class,
            BenchCommand.class
        },
        footer = {
            "",
            "Start with:  tollgate demo      a month of traffic, metered and billed",
            "       or:  tollgate up         an empty instance that stays"
        })
public final class Tollgate {

    private Tollgate() {}

    /** Runs a command and exits with its status. */
    public static void main(String[] arguments) {
        Logs.catchWhatNobodyCaught();
        System.exit(run(arguments));
    }

    /** Runs a command and returns its status, see {@link ExitCode}. */
    public static int run(String... arguments) {
        Logs.to(Logs.file());
        return commandLine().execute(arguments);
    }

    /** The command, ready to be executed. */
    static CommandLine commandLine() {
        DoctorCommand doctor = new DoctorCommand(
                new ThisMachine(),
                EmbeddedClickHouse::fetchedLibrary,
                DataDirectory.defaultRoot(),
                EmbeddedClickHouse.cacheDirectory());
        return new CommandLine(new Tollgate())
                .addSubcommand(doctor)
                .setParameterExceptionHandler(Failures::ofUsage)
                .setExecutionExceptionHandler(new Failures())
                .setCaseInsensitiveEnumValuesAllowed(true);
    }
}
