package io.tollgate.cli.prices;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.tollgate.cli.ExitCode;
import io.tollgate.cli.Sentence;
import io.tollgate.cli.UserException;
import io.tollgate.cli.api.ApiClient;
import io.tollgate.cli.instance.ReadyFile;
import io.tollgate.cli.instance.RunningInstance;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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
    int publish(@Parameters(paramLabel = "FILE", description = "YAML or JSON.") Path file) {
        print(api().post("/v1/price-books", read(file)));
        return ExitCode.OK;
    }

    private static JsonNode read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return PriceBookText.read(in);
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
