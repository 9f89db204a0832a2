package io.tollgate.cli.prices;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tollgate.cli.ExitCode;
import io.tollgate.cli.Sentence;
import io.tollgate.cli.UserException;
import io.tollgate.cli.api.ApiClient;
import io.tollgate.cli.instance.ReadyFile;
import io.tollgate.cli.instance.RunningInstance;
import io.tollgate.cli.options.Month;
import io.tollgate.cli.options.PointInTime;
import io.tollgate.invoicing.document.CanonicalJson;
import io.tollgate.invoicing.document.PriceBookCsv;
import io.tollgate.invoicing.document.PriceBookDocument;
import io.tollgate.invoicing.pricing.PriceBookDraft;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tollgate prices}: price books of a running instance. */
@Command(name = "prices", description = "Shows and publishes price books.")
public final class PricesCommand {

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private RunningInstance instance = new RunningInstance();

    @Command(name = "list", description = "Lists the published price books.")
    int list() {
        print(api().get("/v1/price-books"));
        return ExitCode.OK;
    }

    @Command(name = "show", description = "Shows the present version of a price book as JSON.")
    int show(@Parameters(paramLabel = "NAME", defaultValue = "list", description = "Default: list") String name) {
        print(api().get("/v1/price-books/" + ApiClient.encode(name)));
        return ExitCode.OK;
    }

    @Command(
            name = "publish",
            description = "Publishes a version of a price book. Tenants without a contract pay the book named 'list'.")
    int publish(@Parameters(paramLabel = "FILE", description = "YAML, JSON or CSV.") Path file) {
        print(api().post("/v1/price-books", read(file)));
        return ExitCode.OK;
    }

    @Command(
            name = "draft",
            description =
                    "Keeps a draft of a price book's next version, and tells what stands in the way of publishing it.")
    int draft(@Parameters(paramLabel = "FILE", description = "YAML, JSON or CSV.") Path file) {
        JsonNode book = read(file);
        JsonNode draft = api().put(path(book.path("name").asText()) + "/draft", book);
        print(draft.path("refusals"));
        return draft.path("refusals").isEmpty() ? ExitCode.OK : ExitCode.REFUSED;
    }

    @Command(name = "publish-draft", description = "Publishes the draft of a price book's next version.")
    int publishDraft(@Parameters(paramLabel = "NAME", description = "Of the book.") String name) {
        print(ApiClient.json(api().post(path(name) + "/draft:publish")));
        return ExitCode.OK;
    }

    @Command(
            name = "retire",
            description = "Says from which instant a version no longer applies, so that the ones before it do again.")
    int retire(
            @Parameters(paramLabel = "NAME", description = "Of the book.") String name,
            @Option(names = "--version", paramLabel = "NUMBER", required = true, description = "Of the version.")
                    int version,
            @Option(
                            names = "--from",
                            paramLabel = "TIME",
                            converter = PointInTime.class,
                            description = "On a 15-minute boundary, not past. Default: the next boundary.")
                    @Nullable Instant from) {
        ObjectNode end = JsonNodeFactory.instance.objectNode().put("version", version);
        if (from != null) {
            end.put("from", from.toString());
        }
        ObjectNode retired = (ObjectNode) api().post(path(name) + ":retire", end);
        retired.remove("cards");
        print(retired);
        return ExitCode.OK;
    }

    @Command(name = "export", description = "Writes a version of a price book to a file.")
    int export(
            @Parameters(paramLabel = "NAME", defaultValue = "list", description = "Default: list") String name,
            @Option(names = "--version", paramLabel = "NUMBER", description = "Default: the latest.") @Nullable Integer version,
            @Option(
                            names = "--out",
                            paramLabel = "FILE",
                            required = true,
                            description = "Ends in .csv for CSV (prices per unit only), else it is YAML.")
                    Path out) {
        int number = version == null ? latest(name) : version;
        ObjectNode published = (ObjectNode) api().get(path(name) + "?version=" + number);
        published.remove(List.of("version", "publishedAt", "retiredFrom"));
        PriceBookDraft book = CanonicalJson.read(published.toString(), PriceBookDocument.class)
                .toDraft();
        write(out, PriceBookText.isCsv(out) ? csv(book) : PriceBookText.yaml(book));
        return ExitCode.OK;
    }

    /** 0, which no version has, if there is none. */
    private int latest(String name) {
        int latest = 0;
        for (JsonNode version : api().get("/v1/price-books").path("priceBooks")) {
            if (version.path("name").asText().equals(name)) {
                latest = Math.max(latest, version.path("version").asInt());
            }
        }
        return latest;
    }

    private static String csv(PriceBookDraft book) {
        List<String> notHeld = PriceBookCsv.notHeld(book);
        if (!notHeld.isEmpty()) {
            throw new UserException(
                    ExitCode.DATA_ERROR,
                    "CSV cannot hold this book: %d reasons, such as %s".formatted(notHeld.size(), notHeld.get(0)),
                    "write it as YAML, which holds everything");
        }
        return PriceBookCsv.write(book);
    }

    @Command(name = "diff", description = "Compares a version of a price book with a later one, or with the draft.")
    int diff(
            @Parameters(paramLabel = "NAME", description = "Of the book.") String name,
            @Option(names = "--from", paramLabel = "NUMBER", required = true, description = "The former version.")
                    int from,
            @Option(names = "--to", paramLabel = "NUMBER", description = "Default: the draft.") @Nullable Integer to) {
        print(api().get(path(name) + "/diff?from=" + from + (to == null ? "" : "&to=" + to)));
        return ExitCode.OK;
    }

    @Command(name = "coverage", description = "Tells what of a month's usage a price book has no price for.")
    int coverage(
            @Parameters(paramLabel = "NAME", defaultValue = "list", description = "Default: list") String name,
            @Option(
                            names = "--period",
                            paramLabel = "YYYY-MM",
                            required = true,
                            converter = Month.class,
                            description = "A month of UTC.")
                    YearMonth period,
            @Option(names = "--draft", description = "By the draft of the next version.") boolean draft) {
        print(api().get(path(name) + "/coverage?period=" + period + (draft ? "&draft=true" : "")));
        return ExitCode.OK;
    }

    @Command(
            name = "import-litellm",
            description = "Makes a price book of LiteLLM's model_prices_and_context_window.json. Nothing is published.")
    int importLiteLlm(
            @Parameters(paramLabel = "FILE", description = "JSON, or that in gzip.") Path file,
            @Mixin LiteLlmImport wanted) {
        String summary = wanted.convert(file);
        Objects.requireNonNull(spec, "picocli sets it").commandLine().getOut().println(summary);
        return ExitCode.OK;
    }

    private static String path(String name) {
        return "/v1/price-books/" + ApiClient.encode(name);
    }

    /** Writes all of it or, where that fails, says so. */
    static void write(Path out, String text) {
        try {
            Files.writeString(out, text);
        } catch (IOException e) {
            throw new UserException(ExitCode.CANNOT_CREATE, "cannot write %s: %s".formatted(out, Sentence.of(e)), "");
        }
    }

    private static JsonNode read(Path file) {
        try {
            return PriceBookText.read(file);
        } catch (IllegalArgumentException e) {
            throw new UserException(ExitCode.DATA_ERROR, "%s: %s".formatted(file, e.getMessage()), "");
        } catch (JsonProcessingException e) {
            throw new UserException(
                    ExitCode.DATA_ERROR,
                    "%s is not YAML: %s".formatted(file, e.getOriginalMessage()),
                    "line %d, column %d"
                            .formatted(
                                    e.getLocation().getLineNr(), e.getLocation().getColumnNr()));
        } catch (IOException e) {
            throw new UserException(ExitCode.NO_INPUT, "cannot read %s: %s".formatted(file, Sentence.of(e)), "");
        }
    }

    private ApiClient api() {
        ReadyFile ready = instance.find();
        return new ApiClient(ready.api(), ready.tokens().finance());
    }

    private void print(JsonNode answer) {
        Objects.requireNonNull(spec, "picocli sets it").commandLine().getOut().println(answer.toPrettyString());
    }
}
