package io.tollgate.cli.prices;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import io.tollgate.cli.SharedData;
import io.tollgate.cli.traffic.DemoTraffic;
import io.tollgate.events.UsageEvent;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class ListPricesTest {

    private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);
    private static final List<String> METERS_OF_EVERY_MODEL =
            List.of("input_tokens", "cache_read_tokens", "output_tokens", "reasoning_tokens");
    private static final Pattern ROW = Pattern.compile(" *# row: (\\S+)");
    private static final Pattern MATCH = Pattern.compile(" *- match: \\{provider: (\\S+), model: (\\S+)}");
    private static final Pattern PRICE =
            Pattern.compile(" *([a-z0-9_]+): *\\{amount: \"([0-9.]+)\", per: 1000000} *# (.*?)([a-z_]+_cost[a-z_]*)");

    /** One price, as written, with what its comments say about its origin. */
    private record Sourced(String row, String model, String meter, BigDecimal amount, String remark, String field) {}

    @Test
    void everyModelPricesEveryTokenItCanUse() throws IOException {
        JsonNode book = book();
        assertThat(book.get("name").asText()).isEqualTo("list");
        assertThat(book.get("currency").asText()).isEqualTo("USD");
        assertThat(book.get("effectiveFrom").asText()).isEqualTo("2020-01-01T00:00:00Z");
        for (JsonNode card : book.get("cards")) {
            assertThat(card.get("match").fieldNames()).toIterable().containsExactly("provider", "model");
            assertThat(card.get("prices").fieldNames()).toIterable().containsAll(METERS_OF_EVERY_MODEL);
            card.get("prices").forEach(price -> {
                assertThat(price.get("amount").isTextual()).isTrue();
                assertThat(new BigDecimal(price.get("amount").asText())).isPositive();
                assertThat(price.get("per").asInt()).isEqualTo(1_000_000);
            });
        }
    }

    @Test
    void noModelHasTwoCards() throws IOException {
        List<JsonNode> matches = new ArrayList<>();
        book().get("cards").forEach(card -> matches.add(card.get("match")));
        assertThat(matches).doesNotHaveDuplicates();
    }

    @Test
    void nothingInTheDemoIsUnpriced() throws IOException {
        Set<String> priced = new HashSet<>();
        for (JsonNode card : book().get("cards")) {
            String model = card.at("/match/provider").asText() + "/"
                    + card.at("/match/model").asText();
            card.get("prices").fieldNames().forEachRemaining(meter -> priced.add(model + " " + meter));
        }
        for (UsageEvent event : new DemoTraffic(YearMonth.of(2026, 7), 1, 10_000)) {
            String model = event.getDimensions().getProvider() + "/"
                    + event.getDimensions().getModel();
            assertThat(priced)
                    .containsAll(event.getQuantities().keySet().stream()
                            .map(meter -> model + " " + meter)
                            .toList());
        }
    }

    @Test
    void everyPriceNamesItsOrigin() throws IOException {
        List<Sourced> sourced = sourced();
        int prices = 0;
        for (JsonNode card : book().get("cards")) {
            prices += card.get("prices").size();
        }
        assertThat(sourced).hasSize(prices);
    }

    @Test
    void theHeadlinePricesAreThePublishedOnes() throws IOException {
        Map<String, String> amounts = new HashMap<>();
        sourced()
                .forEach(price -> amounts.put(
                        price.model() + " " + price.meter(), price.amount().toPlainString()));
        assertThat(amounts)
                .containsEntry("gpt-4o input_tokens", "2.50")
                .containsEntry("gpt-4o cache_read_tokens", "1.25")
                .containsEntry("gpt-4o output_tokens", "10.00")
                .containsEntry("claude-3-5-sonnet input_tokens", "3.00")
                .containsEntry("claude-3-5-sonnet cache_read_tokens", "0.30")
                .containsEntry("claude-3-5-sonnet cache_write_5m_tokens", "3.75")
                .containsEntry("claude-3-5-sonnet output_tokens", "15.00")
                .containsEntry("llama-3.3-70b-instruct output_tokens", "0.71")
                .containsEntry("deepseek-r1 reasoning_tokens", "5.40")
                .containsEntry("grok-3 input_tokens", "3.00")
                .containsEntry("mistral-7b-instruct input_tokens", "0.25")
                .containsEntry("mixtral-8x7b-instruct input_tokens", "0.70");
    }

    @Test
    void everyPriceIsItsRowTimesAMillion() throws IOException {
        JsonNode rows;
        try (InputStream in = new GZIPInputStream(
                Files.newInputStream(SharedData.require("prices/litellm_model_prices_2026-08-01.json.gz")))) {
            rows = JsonMapper.builder()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .build()
                    .readTree(in);
        }
        for (Sourced price : sourced()) {
            JsonNode value = rows.path(price.row()).path(price.field());
            assertThat(value.isNumber()).as("%s", price).isTrue();
            assertThat(price.amount()).as("%s", price).isEqualByComparingTo(expected(price, value.decimalValue()));
            if (price.remark().startsWith("no cache discount")) {
                assertThat(rows.path(price.row()).has("cache_read_input_token_cost"))
                        .as("%s", price)
                        .isFalse();
            }
        }
    }

    @Test
    void theAzureExcerptAgrees() throws IOException {
        Map<String, NamedCsvRecord> excerpt = new HashMap<>();
        try (CsvReader<NamedCsvRecord> reader =
                CsvReader.builder().ofNamedCsvRecord(SharedData.require("prices/azure_model_prices_excerpt.csv"))) {
            reader.forEach(row -> excerpt.put(row.getField("key"), row));
        }
        List<Sourced> azure = sourced().stream()
                .filter(price -> price.row().startsWith("azure_ai/"))
                .toList();
        assertThat(azure).isNotEmpty();
        for (Sourced price : azure) {
            NamedCsvRecord row = Objects.requireNonNull(excerpt.get(price.row()), price.row());
            assertThat(price.amount())
                    .as("%s", price)
                    .isEqualByComparingTo(expected(price, new BigDecimal(row.getField(price.field()))));
        }
    }

    private static BigDecimal expected(Sourced price, BigDecimal perToken) {
        BigDecimal perMillion = perToken.multiply(MILLION);
        return price.remark().endsWith("twice ") ? perMillion.add(perMillion) : perMillion;
    }

    private static JsonNode book() throws IOException {
        return new YAMLMapper().readTree(text());
    }

    private static String text() throws IOException {
        try (InputStream in = ListPricesTest.class.getResourceAsStream("/io/tollgate/cli/list-prices.yaml")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static List<Sourced> sourced() throws IOException {
        List<Sourced> prices = new ArrayList<>();
        String row = "";
        String model = "";
        for (String line : text().lines().toList()) {
            Matcher named = ROW.matcher(line);
            Matcher match = MATCH.matcher(line);
            Matcher price = PRICE.matcher(line);
            if (named.matches()) {
                row = named.group(1);
            } else if (match.matches()) {
                model = match.group(2);
            } else if (price.matches()) {
                prices.add(new Sourced(
                        row, model, price.group(1), new BigDecimal(price.group(2)), price.group(3), price.group(4)));
            }
        }
        return prices;
    }
}
