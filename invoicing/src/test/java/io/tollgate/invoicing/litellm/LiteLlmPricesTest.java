package io.tollgate.invoicing.litellm;

import static io.tollgate.invoicing.Fixtures.BEGINNING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tollgate.aggregator.rollup.ContextBand;
import io.tollgate.invoicing.litellm.ImportReport.Line;
import io.tollgate.invoicing.litellm.ImportReport.Outcome;
import io.tollgate.invoicing.litellm.LiteLlmPrices.Imported;
import io.tollgate.invoicing.pricing.AppliedPrice;
import io.tollgate.invoicing.pricing.PriceHistory;
import io.tollgate.invoicing.pricing.PublicationCheck;
import io.tollgate.invoicing.pricing.UnitPrice;
import io.tollgate.invoicing.usage.Product;
import io.tollgate.meters.MeterCatalogue;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LiteLlmPricesTest {

    private static final Path FILE = Path.of("../../shared/data/prices/litellm_model_prices_2026-08-01.json.gz");

    @Test
    void pricesAreTheFilesToTheLastDigitInWhateverNotation() {
        Imported imported = read("""
                {"gpt-4o": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 2.5e-06,
                  "output_cost_per_token": 0.00001, "cache_read_input_token_cost": 1.25E-6,
                  "cache_creation_input_token_cost": 3.1234567890123456789e-7,
                  "cache_creation_input_token_cost_above_1hr": 5e-6, "output_cost_per_image": 0.04,
                  "input_cost_per_request": 0.005, "supports_vision": true, "max_tokens": 4096}}""");

        assertThat(price(imported, "gpt-4o", "", 0, "input_tokens")).contains(UnitPrice.of("2.5", 1_000_000));
        assertThat(price(imported, "gpt-4o", "", 0, "output_tokens")).contains(UnitPrice.of("10", 1_000_000));
        assertThat(price(imported, "gpt-4o", "", 0, "cache_read_tokens")).contains(UnitPrice.of("1.25", 1_000_000));
        assertThat(price(imported, "gpt-4o", "", 0, "cache_write_5m_tokens"))
                .contains(UnitPrice.of("0.31234567890123456789", 1_000_000));
        assertThat(price(imported, "gpt-4o", "", 0, "cache_write_1h_tokens")).contains(UnitPrice.of("5", 1_000_000));
        assertThat(price(imported, "gpt-4o", "", 0, "images")).contains(UnitPrice.of("0.04", 1));
        assertThat(price(imported, "gpt-4o", "", 0, "requests")).contains(UnitPrice.of("0.005", 1));
        assertThat(imported.report().lines()).extracting(Line::field).doesNotContain("supports_vision", "max_tokens");
    }

    @Test
    void reasoningIsOutputAndWhatIsCachedInputUnlessSaidOtherwise() {
        Imported imported = read("""
                {"a": {"litellm_provider": "openai", "input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6,
                       "output_cost_per_token_batches": 1e-6},
                 "b": {"litellm_provider": "openai", "input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6,
                       "output_cost_per_reasoning_token": 3e-6, "cache_read_input_token_cost": 0}}""");

        assertThat(price(imported, "a", "", 0, "reasoning_tokens")).contains(UnitPrice.of("2", 1_000_000));
        assertThat(price(imported, "a", "batch", 0, "reasoning_tokens")).contains(UnitPrice.of("1", 1_000_000));
        assertThat(price(imported, "a", "", 0, "cache_read_tokens")).contains(UnitPrice.of("1", 1_000_000));
        assertThat(price(imported, "b", "", 0, "reasoning_tokens")).contains(UnitPrice.of("3", 1_000_000));
        assertThat(price(imported, "b", "", 0, "cache_read_tokens")).contains(UnitPrice.of("0", 1_000_000));
        assertThat(imported.report().lines())
                .filteredOn(line -> line.outcome() == Outcome.ASSUMED)
                .extracting(Line::model, Line::field)
                .containsExactlyInAnyOrder(tuple("a", "reasoning_tokens"), tuple("a", "cache_read_tokens"));
    }

    @Test
    void tiersAndBandsHaveCardsOfTheirOwnThatDoNotTie() {
        Imported imported = read("""
                {"g": {"litellm_provider": "openai", "input_cost_per_token": 1e-6, "cache_read_input_token_cost": 1e-7,
                  "input_cost_per_token_above_200k_tokens": 2e-6, "input_cost_per_token_batches": 5e-7,
                  "input_cost_per_token_priority": 3e-6, "input_cost_per_token_above_200k_tokens_priority": 6e-6}}""");

        assertThat(PublicationCheck.refusals(imported.book())).isEmpty();
        assertThat(price(imported, "g", "standard", 128_000, "input_tokens")).contains(UnitPrice.of("1", 1_000_000));
        assertThat(price(imported, "g", "standard", 200_000, "input_tokens")).contains(UnitPrice.of("2", 1_000_000));
        // The band of 272k is above 200k, too, and has no price of its own.
        assertThat(price(imported, "g", "standard", 272_000, "input_tokens")).contains(UnitPrice.of("2", 1_000_000));
        assertThat(price(imported, "g", "batch", 0, "input_tokens")).contains(UnitPrice.of("0.5", 1_000_000));
        assertThat(price(imported, "g", "priority", 272_000, "input_tokens")).contains(UnitPrice.of("6", 1_000_000));
        assertThat(price(imported, "g", "batch", 200_000, "input_tokens")).contains(UnitPrice.of("2", 1_000_000));
        assertThat(price(imported, "g", "batch", 200_000, "cache_read_tokens"))
                .contains(UnitPrice.of("0.1", 1_000_000));
        assertThat(imported.report().lines())
                .filteredOn(line -> line.outcome() == Outcome.ASSUMED)
                .extracting(Line::field)
                .contains("input_tokens, batch, over 200000 tokens");
    }

    @Test
    void rangesOfPromptsAreBandsWhereUsageHasThem() {
        Imported imported = read("""
                {"dashscope/q": {"litellm_provider": "dashscope", "tiered_pricing": [
                   {"range": [0, 256000.0], "input_cost_per_token": 5e-08},
                   {"range": [256000.0, 1000000.0], "input_cost_per_token": 2.5e-07}]},
                 "dashscope/r": {"litellm_provider": "dashscope", "tiered_pricing": [
                   {"range": [0, 32000.0], "input_cost_per_token": 5e-08},
                   {"range": [32000.0, 128000.0], "input_cost_per_token": 2.5e-07}]}}""");

        assertThat(price(imported, "dashscope", "q", "", 0, "input_tokens")).contains(UnitPrice.of("0.05", 1_000_000));
        assertThat(price(imported, "dashscope", "q", "", 512_000, "input_tokens"))
                .contains(UnitPrice.of("0.25", 1_000_000));
        assertThat(imported.report().lines())
                .contains(new Line(
                        "dashscope/r", "tiered_pricing", Outcome.LEFT, "it changes where usage has no context band"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "k|'litellm_provider':'x','input_cost_per_token':1e-6,'input_cost_per_character':1e-6"
                        + "|input_cost_per_character|no meter",
                "k|'litellm_provider':'x','input_cost_per_token':1e-6,'input_cost_per_token_above_64k_tokens':1e-6"
                        + "|input_cost_per_token_above_64k_tokens|no meter",
                "k|'litellm_provider':'x','input_cost_per_token':1e-6,'output_cost_per_token':-1|output_cost_per_token"
                        + "|not a price",
                "k|'litellm_provider':'x','input_cost_per_token':1e-6,'search_context_cost_per_query':{'low':1,'high':2}"
                        + "|search_context_cost_per_query|size of a search",
                "k|'litellm_provider':'x','mode':'chat','input_cost_per_second':1|input_cost_per_second|no meter",
                "k|'litellm_provider':'x','mode':'audio_transcription','input_cost_per_second':0,"
                        + "'output_cost_per_second':1e-4|input_cost_per_second|the other field",
                "k|'litellm_provider':'x','input_cost_per_token':0|''|all its prices are zero",
                "k|'litellm_provider':'x','mode':'chat'|''|no price",
                "low/1024-x-1024/i|'litellm_provider':'x','input_cost_per_image':1|''|size or quality",
                "bedrock/us-east-1/6-month-commitment/c|'litellm_provider':'bedrock','input_cost_per_token':1|''|reserved",
                "azure/eu/gpt-4o|'litellm_provider':'azure','input_cost_per_token':1|''|data zone",
                "settings|'input_cost_per_token':1|''|not a model"
            })
    void whatIsNotTakenIsReportedWithItsReason(String key, String entry, String field, String reason) {
        Imported imported = read("{\"" + key + "\": {" + entry.replace('\'', '"') + "}}");

        assertThat(imported.report().lines()).anySatisfy(line -> {
            assertThat(line.model()).isEqualTo(key);
            assertThat(line.field()).isEqualTo(field);
            assertThat(line.outcome()).isEqualTo(Outcome.LEFT);
            assertThat(line.detail()).contains(reason);
        });
    }

    @Test
    void keysBecomeProviderModelAndRegion() {
        Imported imported = LiteLlmPrices.read(
                """
                {"bedrock/us-east-1/m": {"litellm_provider": "bedrock", "input_cost_per_token": 2e-6},
                 "bedrock/m": {"litellm_provider": "bedrock", "input_cost_per_token": 1e-6},
                 "m": {"litellm_provider": "bedrock", "input_cost_per_token": 9e-6},
                 "vertex_ai/meta/l": {"litellm_provider": "vertex_ai-llama_models", "input_cost_per_token": 1e-6},
                 "amazon-nova/n": {"litellm_provider": "amazon_nova", "input_cost_per_token": 1e-6},
                 "gpt": {"litellm_provider": "openai", "input_cost_per_token": 1e-6}}""",
                "list",
                BEGINNING,
                Map.of("bedrock", "aws.bedrock", "vertex_ai-llama_models", "gcp.vertex_ai", "amazon_nova", "amazon"));

        assertThat(imported.book().cards())
                .extracting(card -> card.match().toString())
                .containsExactly(
                        "provider=amazon model=n",
                        "provider=aws.bedrock model=m",
                        "provider=aws.bedrock model=m region=us-east-1",
                        "provider=gcp.vertex_ai model=meta/l");
        assertThat(price(imported, "aws.bedrock", "m", "", 0, "input_tokens")).contains(UnitPrice.of("1", 1_000_000));
        assertThat(imported.report().lines())
                .contains(new Line("m", "", Outcome.LEFT, "the same model as bedrock/m, at other prices"));
    }

    @Test
    void whatIsNoPriceFileIsSaidSo() {
        assertThatThrownBy(() -> read("[]")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> read("model: gpt")).hasMessageStartingWith("not LiteLLM's price file");
    }

    @Test
    void theBandsAreThoseOfUsageAndTheMetersThoseOfTheCatalogue() throws IOException {
        assertThat(PriceField.BANDS).isEqualTo(ContextBand.THRESHOLDS);
        assertThat(LiteLlmPrices.read(file(), "list", BEGINNING, Map.of())
                        .book()
                        .cards())
                .flatExtracting(card -> card.prices().keySet())
                .allMatch(meter -> MeterCatalogue.usual().find(meter).isPresent());
    }

    /** An independent reckoning of the fields that most use is billed by. */
    @Test
    void theWholeFileCanBePublishedAndEachOfItsPricesIsAccountedForOnce() throws IOException {
        String json = file();
        Imported imported = LiteLlmPrices.read(json, "list", BEGINNING, Map.of());
        JsonNode file = JsonMapper.builder()
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .build()
                .readTree(json);

        assertThat(PublicationCheck.refusals(imported.book())).isEmpty();
        Map<List<String>, Integer> times = new HashMap<>();
        imported.report().lines().forEach(line -> times.merge(List.of(line.model(), line.field()), 1, Integer::sum));
        assertThat(times.entrySet()).filteredOn(each -> each.getValue() > 1).isEmpty();
        int accounted = 0;
        for (Map.Entry<String, JsonNode> entry : file.properties()) {
            boolean isLeftWhole = times.containsKey(List.of(entry.getKey(), ""));
            for (Map.Entry<String, JsonNode> field : entry.getValue().properties()) {
                if (field.getKey().contains("cost") && !isLeftWhole) {
                    assertThat(times).containsKey(List.of(entry.getKey(), field.getKey()));
                    accounted++;
                }
            }
        }
        PriceHistory prices = new PriceHistory(List.of(imported.book().published(1)));
        int compared = 0;
        for (Line line : imported.report().lines()) {
            JsonNode entry = file.path(line.model());
            // Of keys that are the model's name and nothing else.
            if (line.outcome() == Outcome.TAKEN
                    && line.field().equals("input_cost_per_token_batches")
                    && line.model().indexOf('/') < 0) {
                Product product = product(entry.path("litellm_provider").asText(), line.model(), "batch", 0);
                assertThat(prices.priceOf(product, "input_tokens", BEGINNING).flatMap(AppliedPrice::unitPrice))
                        .as(line.model())
                        .map(price -> price.amount().divide(BigDecimal.valueOf(price.per())))
                        .hasValueSatisfying(price -> assertThat(price)
                                .isEqualByComparingTo(entry.path(line.field()).decimalValue()));
                compared++;
            }
        }
        System.out.printf(
                "LiteLLM's file: %d entries, %d cards; %d prices taken, %d assumed, %d left; %d compared%n",
                file.size(),
                imported.book().cards().size(),
                imported.report().count(Outcome.TAKEN),
                imported.report().count(Outcome.ASSUMED),
                imported.report().count(Outcome.LEFT),
                compared);
        assertThat(accounted).isGreaterThan(5_000);
        assertThat(compared).isGreaterThan(50);
        assertThat(imported.report().count(Outcome.TAKEN)).isGreaterThan(6_000);
    }

    private static String file() throws IOException {
        assumeTrue(Files.isReadable(FILE), () -> "skipped: needs " + FILE + ", which is not there");
        try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(FILE))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Imported read(String json) {
        return LiteLlmPrices.read(json, "list", BEGINNING, Map.of());
    }

    private static Optional<UnitPrice> price(Imported imported, String model, String tier, long band, String meter) {
        return price(imported, "openai", model, tier, band, meter);
    }

    private static Optional<UnitPrice> price(
            Imported imported, String provider, String model, String tier, long band, String meter) {
        return new PriceHistory(List.of(imported.book().published(1)))
                .priceOf(product(provider, model, tier, band), meter, BEGINNING)
                .flatMap(AppliedPrice::unitPrice);
    }

    private static Product product(String provider, String model, String tier, long band) {
        return new Product(provider, model, "", "", "chat", tier, "success", band);
    }
}
