package io.tollgate.cli.prices;

import de.siegmar.fastcsv.writer.CsvWriter;
import io.tollgate.cli.ExitCode;
import io.tollgate.cli.Sentence;
import io.tollgate.cli.UserException;
import io.tollgate.invoicing.litellm.ImportReport;
import io.tollgate.invoicing.litellm.ImportReport.Line;
import io.tollgate.invoicing.litellm.ImportReport.Outcome;
import io.tollgate.invoicing.litellm.LiteLlmPrices;
import io.tollgate.invoicing.litellm.LiteLlmPrices.Imported;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of {@code tollgate prices import-litellm}, and what it does with them: a file in, two files out. */
final class LiteLlmImport {

    @Option(
            names = "--out",
            paramLabel = "FILE",
            required = true,
            description = "Where the book goes, as YAML, for 'prices draft' or 'prices publish'.")
    private Path out = Path.of("");

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "Where it goes, as CSV, what became of each price: taken, assumed or left, and why.")
    private @Nullable Path report;

    @Option(names = "--book", paramLabel = "NAME", defaultValue = "list", description = "Default: list")
    private String book = "list";

    @Option(
            names = "--effective-from",
            paramLabel = "DATE",
            required = true,
            description = "The day at whose start, in UTC, the prices take effect.")
    private LocalDate effectiveFrom = LocalDate.EPOCH;

    @Option(
            names = "--provider",
            paramLabel = "THEIRS[=OURS]",
            description =
                    "Takes this provider only, under another name if one is given; repeat for more. Default: all.")
    private List<String> providers = new ArrayList<>();

    /** Returns what it did, for people. */
    String convert(Path file) {
        Imported imported;
        try {
            imported = LiteLlmPrices.read(
                    text(file), book, effectiveFrom.atStartOfDay(ZoneOffset.UTC).toInstant(), names());
        } catch (IllegalArgumentException e) {
            throw new UserException(ExitCode.DATA_ERROR, "%s: %s".formatted(file, e.getMessage()), "");
        }
        PricesCommand.write(out, PriceBookText.yaml(imported.book()));
        if (report != null) {
            PricesCommand.write(report, csv(imported.report()));
        }
        return "%d rate cards in %s. Of the file's prices, %d were taken and %d left; %d more were assumed.%s"
                .formatted(
                        imported.book().cards().size(),
                        out,
                        imported.report().count(Outcome.TAKEN),
                        imported.report().count(Outcome.LEFT),
                        imported.report().count(Outcome.ASSUMED),
                        report == null
                                ? " --report FILE tells which and why."
                                : " " + report + " tells which and why.");
    }

    private Map<String, String> names() {
        Map<String, String> names = new TreeMap<>();
        for (String provider : providers) {
            String[] parts = provider.split("=", 2);
            names.put(parts[0], parts[parts.length - 1]);
        }
        return names;
    }

    private static String text(Path file) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file));
                InputStream plain = file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in) {
            return new String(plain.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UserException(ExitCode.NO_INPUT, "cannot read %s: %s".formatted(file, Sentence.of(e)), "");
        }
    }

    private static String csv(ImportReport report) {
        StringWriter text = new StringWriter();
        try (CsvWriter csv = CsvWriter.builder().build(text)) {
            csv.writeRecord("model", "field", "outcome", "detail");
            for (Line line : report.lines()) {
                csv.writeRecord(
                        line.model(), line.field(), line.outcome().name().toLowerCase(Locale.ROOT), line.detail());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
