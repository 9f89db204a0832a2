package io.tollgate.cli.instance;

import io.tollgate.cli.ExitCode;
import io.tollgate.cli.Logs;
import io.tollgate.cli.Sentence;
import io.tollgate.cli.UserException;
import io.tollgate.cli.meters.MeterFile;
import io.tollgate.cli.options.PartitionCount;
import io.tollgate.cli.options.Span;
import io.tollgate.cli.prices.ListPrices;
import io.tollgate.emitter.UsageTopics;
import io.tollgate.ingest.edge.IngestConfig;
import io.tollgate.invoicing.delivery.WebhookConfig;
import io.tollgate.invoicing.invoice.BillingTerms;
import io.tollgate.invoicing.rendering.Branding;
import io.tollgate.meters.MeterCatalogue;
import io.tollgate.service.ListenOn;
import io.tollgate.service.Tokens;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
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

/** {@code tollgate up}: everything in the foreground. */
@Command(
        name = "up",
        description = "Starts everything on this machine and stays in the foreground. Ctrl-C stops it.",
        footer = {
            "",
            "Parts that are given by address are used; the others are started from real engines with their data in the"
                    + " data directory. A wanted port that is taken is replaced by a free one: read the endpoints it"
                    + " prints, or the ready file.",
            "",
            "The spool is for a --kafka that is somebody else's. When the Kafka that is started here ends, 'up' ends too,"
                    + " and what was spooled is sent at the next start."
        })
public final class UpCommand implements Callable<Integer> {

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Where data are kept. Default: $TOLLGATE_DATA, else tollgate in the user's data directory.")
    private @Nullable Path data;

    @Option(
            names = "--ready-file",
            paramLabel = "FILE",
            description = "Write the endpoints and tokens to this file when all is healthy. It is also written as"
                    + " ready.json into the data directory.")
    private @Nullable Path readyFile;

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT[,HOST:PORT]",
            converter = Addresses.Kafka.class,
            description = "Use this Kafka (3.7 or later).")
    private @Nullable String kafka;

    @Option(
            names = "--clickhouse-url",
            paramLabel = "URL",
            converter = Addresses.ClickHouse.class,
            description = "Use this ClickHouse (25.3 or later): http://[user:password@]host:port[/database]")
    private @Nullable String clickhouseUrl;

    @Option(
            names = "--postgres-url",
            paramLabel = "URL",
            converter = Addresses.Postgres.class,
            description = "Use this PostgreSQL (15 or later): postgresql://user[:password]@host:port/database")
    private @Nullable String postgresUrl;

    @Option(
            names = "--meters",
            paramLabel = "FILE",
            description = "Count the meters in this file (YAML or JSON) as it says; see 'tollgate meters'.")
    private @Nullable Path meters;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            converter = PartitionCount.class,
            description =
                    "Partitions of the topic usage-events when it is created (default: ${DEFAULT-VALUE}). They are"
                            + " the limit of how many can work at once, and are not changed later.")
    private int partitions = UsageTopics.PARTITIONS;

    @Mixin
    private final IngestOptions ingest = new IngestOptions();

    @Option(
            names = "--issuer",
            paramLabel = "NAME",
            defaultValue = "tollgate",
            description = "Short name of the entity that issues invoices; they are numbered per issuer. Default:"
                    + " ${DEFAULT-VALUE}.")
    private String issuer = "";

    @Option(
            names = "--invoice-grace",
            paramLabel = "D",
            defaultValue = "0s",
            converter = Span.class,
            description = "How long after its month an invoice still follows late usage, such as 3d. Default:"
                    + " ${DEFAULT-VALUE}.")
    private Duration grace = Duration.ZERO;

    @Option(
            names = "--payment-days",
            paramLabel = "N",
            defaultValue = "30",
            description = "Days from issue until an invoice is due. Default: ${DEFAULT-VALUE}.")
    private int paymentDays;

    @Option(
            names = "--need-contracts",
            description = "Let a tenant without a contract block its invoice in the month's close; by default the list"
                    + " prices bill it.")
    private boolean needContracts;

    @Option(
            names = "--local-webhooks",
            description = "Send webhooks to http:// and to this machine or a private network, too; by default only to"
                    + " https:// on the public internet.")
    private boolean localWebhooks;

    @Mixin
    private final MailOptions mail = new MailOptions();

    @Option(
            names = "--branding",
            paramLabel = "FILE",
            description = "What the PDF of an invoice looks like (YAML or JSON): name, colour (#rrggbb), logo (a PNG or"
                    + " JPEG), footer (lines), fonts (TrueType, for letters that Liberation Sans lacks). Files are"
                    + " relative to this one.")
    private @Nullable Path branding;

    @Option(names = "--any-ports", description = "Take free ports instead of the usual ones.")
    private boolean anyPorts;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec().commandLine().getOut();
        if (readyFile != null && Files.isDirectory(readyFile)) {
            throw new ParameterException(
                    spec().commandLine(),
                    "--ready-file " + readyFile + " is a directory; name a file, such as ready.json");
        }
        InstanceOptions options = options();
        DataDirectory directory = DataDirectory.open(data == null ? DataDirectory.defaultRoot() : data);
        Logs.to(directory.log("tollgate"));
        deleteReadyFile();
        out.println("Tollgate keeps its data in " + directory.root());
        out.flush();
        Probe.externalParts(options);
        Instance instance = Instance.on(directory);
        instance.start(options, what -> {
            out.println(what);
            out.flush();
        });
        publishListPrices(instance);
        // Ready is what can be stopped, too: whoever reads the file may stop it in the same moment.
        Foreground foreground = Foreground.of(instance, this::deleteReadyFile);
        writeReadyFiles(instance, foreground);
        EndpointsPrinter.print(instance, out);
        throw foreground.hold();
    }

    private static void publishListPrices(Instance instance) {
        try {
            ListPrices.publishIfNone(instance.endpoints());
        } catch (RuntimeException e) {
            instance.close();
            throw e;
        }
    }

    private InstanceOptions options() {
        MeterCatalogue catalogue = meters == null ? MeterCatalogue.usual() : MeterFile.read(meters);
        // Once now, so that what is wrong with an option is told before anything is started.
        ingest.apply(IngestConfig.of("none", ListenOn.anyPort(), Tokens.draw(new SecureRandom())), catalogue);
        return new InstanceOptions(
                Optional.ofNullable(kafka),
                Optional.ofNullable(clickhouseUrl),
                Optional.ofNullable(postgresUrl),
                anyPorts ? InstanceOptions.WantedPorts.ANY : InstanceOptions.WantedPorts.USUAL,
                partitions,
                catalogue,
                usual -> ingest.apply(usual, catalogue),
                localWebhooks ? WebhookConfig.usual().withinOwnNetwork() : WebhookConfig.usual(),
                terms(),
                branding(),
                mail.config());
    }

    private BillingTerms terms() {
        try {
            return new BillingTerms(issuer, grace, paymentDays, needContracts);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec().commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private Branding branding() {
        if (branding == null) {
            return Branding.none();
        }
        try {
            return Branding.read(branding);
        } catch (IOException | IllegalArgumentException e) {
            throw new ParameterException(spec().commandLine(), "--branding " + branding + ": " + Sentence.of(e));
        }
    }

    private void writeReadyFiles(Instance instance, Foreground foreground) {
        try {
            instance.writeReadyFile();
            if (readyFile != null) {
                instance.endpoints().write(readyFile);
            }
        } catch (IOException e) {
            foreground.end();
            throw new UserException(
                    ExitCode.UNAVAILABLE,
                    "cannot write the ready file: " + Sentence.of(e),
                    "name another one with --ready-file");
        }
    }

    /** A file of a former instance must not make anybody believe that this one is ready. */
    private void deleteReadyFile() {
        if (readyFile != null) {
            try {
                Files.deleteIfExists(readyFile);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private CommandSpec spec() {
        return Objects.requireNonNull(spec, "picocli sets it");
    }
}
