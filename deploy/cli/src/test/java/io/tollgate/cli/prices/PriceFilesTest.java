package io.tollgate.cli.prices;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tollgate.cli.SharedData;
import io.tollgate.invoicing.document.CanonicalJson;
import io.tollgate.invoicing.document.PriceBookCsv;
import io.tollgate.invoicing.document.PriceBookDocument;
import io.tollgate.invoicing.pricing.PriceBookDraft;
import io.tollgate.invoicing.pricing.PublicationCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Price books that go to files and come back. */
class PriceFilesTest {

    @TempDir
    Path directory;

    /** Of each kind of price one; what YAML might take for something else than text, too. */
    @Test
    void yamlHoldsEverything() throws IOException {
        PriceBookDraft book = read("""
                name: everything
                currency: USD
                effectiveFrom: "2020-01-01T00:00:00Z"
                cards:
                  - name: "null"
                    match: {provider: "yes", model: "1.0", region: "", contextBand: "200000"}
                    prices:
                      "on": {model: graduated, tiers: [{upTo: "5", amount: "1.50", per: 1}, {percent: "3.5", per: 1000000}],
                             included: "3", minimum: "1.00", maximum: "1234567890123456789012345678.90", family: f}
                      b: {model: package, amount: "5.00", size: "1000"}
                      c: {model: flat, amount: "9.99"}
                  - match: {model: "@cf/q*: #x"}
                    prices: {d: {model: cost_plus, multiplier: "1.1", per: 1}}
                    effectiveFrom: "2024-01-01T00:00:00Z"
                    effectiveTo: "2024-02-01T00:00:00Z"
                """);

        assertThat(read(PriceBookText.yaml(book))).isEqualTo(book);
    }

    @Test
    void litellmsFileBecomesABookThatIsTheSameInYamlAndInCsv() throws IOException {
        Path prices = SharedData.require("prices/litellm_model_prices_2026-08-01.json.gz");
        Path yaml = directory.resolve("book.yaml");
        Path report = directory.resolve("report.csv");

        int exit = new CommandLine(new PricesCommand())
                .execute(
                        "import-litellm",
                        prices.toString(),
                        "--out",
                        yaml.toString(),
                        "--report",
                        report.toString(),
                        "--effective-from",
                        "2026-08-01",
                        "--provider",
                        "openai",
                        "--provider",
                        "bedrock_converse=aws.bedrock");

        assertThat(exit).isZero();
        PriceBookDraft book = draft(PriceBookText.read(yaml));
        assertThat(PublicationCheck.refusals(book)).isEmpty();
        assertThat(book.cards()).hasSizeGreaterThan(300);
        assertThat(book.cards())
                .extracting(card -> card.match().toString())
                .contains("provider=openai model=gpt-4o serviceTier=batch")
                .noneMatch(match -> match.startsWith("provider=anthropic "));
        Path csv = directory.resolve("book.CSV");
        Files.writeString(csv, PriceBookCsv.write(book));
        assertThat(draft(PriceBookText.read(csv))).isEqualTo(book);
        assertThat(Files.readString(report)).startsWith("model,field,outcome,detail");
        assertThat(Files.readAllLines(report))
                .contains("gpt-4o,input_cost_per_token_batches,taken,\"input_tokens, batch\"");
    }

    private PriceBookDraft read(String yaml) throws IOException {
        return draft(PriceBookText.read(Files.writeString(directory.resolve("read.yaml"), yaml)));
    }

    private static PriceBookDraft draft(JsonNode book) {
        return CanonicalJson.read(book.toString(), PriceBookDocument.class).toDraft();
    }
}
