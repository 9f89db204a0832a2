package io.tollgate.ingest.usage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Bodies that vendors really sent. What is expected was worked out by hand from the semantics beside each sample. */
class VendorSamplesTest {

    private static final String SAMPLES = "usage/provider_usage_samples.json";

    /** Case, format, and what is to come of it. */
    private static final String EXPECTED = """
            openai.chat                | openai_chat        | context=11 input_tokens=11 output_tokens=41 reasoning_tokens=768
            openai.chat.cached         | openai_chat        | context=4020 cache_read_tokens=4012 input_tokens=8 output_tokens=4
            openai.responses.cached    | openai_responses   | context=9703 cache_read_tokens=8576 input_tokens=1127 output_tokens=62 reasoning_tokens=576
            openai.responses.reasoning | openai_responses   | context=142 cache_write_5m_tokens=27 input_tokens=115 output_tokens=22 reasoning_tokens=11
            openai.embeddings          | openai_chat        | context=4 input_tokens=4
            azure.openai               | azure_openai       | context=18 input_tokens=18 output_tokens=7 reasoning_tokens=9
            anthropic.cache_read       | anthropic_messages | context=21023 cache_read_tokens=20443 cache_write_5m_tokens=574 input_tokens=6 output_tokens=412 reasoning_tokens=77
            anthropic.cache_write      | anthropic_messages | context=21023 cache_read_tokens=20443 cache_write_5m_tokens=574 input_tokens=6 output_tokens=412 reasoning_tokens=77
            mistral                    | mistral            | context=70 cache_read_tokens=69 input_tokens=1 output_tokens=12
            deepseek                   | deepseek           | context=563 cache_read_tokens=512 input_tokens=51 output_tokens=56 reasoning_tokens=60
            groq.llama                 | openai_chat        | context=42 input_tokens=42 output_tokens=8
            gemini.cached              | gemini             | context=3297 cache_read_audio_tokens=284 cache_read_tokens=2634 input_audio_tokens=37 input_tokens=342 output_tokens=55 reasoning_tokens=95
            bedrock.converse           | bedrock_converse   | context=2374 cache_read_tokens=2074 cache_write_5m_tokens=297 input_tokens=3 output_tokens=61
            cohere                     | cohere             | context=2935 input_tokens=2406 output_tokens=2
            xai.grok.chat              | xai_chat           | context=26 cache_read_tokens=4 input_tokens=22 output_tokens=168 reasoning_tokens=304
            xai.grok.responses         | xai_responses      | context=35953 cache_read_tokens=192 input_tokens=35761 output_tokens=330 reasoning_tokens=1099
            vllm.chat                  | vllm               | context=30 input_tokens=30 output_tokens=19
            """;

    /** What the formats do not know; of all other samples every field is known. */
    private static final Map<String, List<String>> UNKNOWN = Map.of(
            "groq.llama",
            List.of(
                    "usage.completion_time",
                    "usage.prompt_time",
                    "usage.pydantic_ai_gateway",
                    "usage.queue_time",
                    "usage.total_time"));

    @Test
    void everySampleGivesTheMetersThatItsSemanticsSay() throws IOException {
        Map<String, String[]> expected = new TreeMap<>();
        EXPECTED.lines().map(line -> line.split("\\s*\\|\\s*", 3)).forEach(cells -> expected.put(cells[0], cells));
        List<String> seen = new ArrayList<>();
        for (JsonNode sample : Read.JSON.readTree(SharedData.require(SAMPLES).toFile())) {
            String name = sample.get("case").asText();
            String[] cells = expected.getOrDefault(name, new String[] {name, "", ""});
            UsageFormat format = UsageFormat.find(cells[1]).orElseThrow(() -> new AssertionError(name + " is new"));
            JsonNode raw = sample.get("raw");
            Normalisation.Normalised read =
                    Read.normalised(format, raw.has("usage") ? raw.get("usage") : raw.get("usageMetadata"));
            assertThat(Read.meters(read)).as(name).isEqualTo(cells[2]);
            assertThat(read.unknown().paths()).as(name).isEqualTo(UNKNOWN.getOrDefault(name, List.of()));
            assertThat(read.unknown().count()).isEqualTo(read.unknown().paths().size());
            theTotalIsKept(name, raw, read);
            seen.add(name);
        }
        assertThat(new TreeSet<>(seen)).isEqualTo(expected.keySet());
    }

    private static void theTotalIsKept(String name, JsonNode raw, Normalisation.Normalised read) {
        JsonNode total = raw.findValue("total_tokens");
        for (String other : List.of("totalTokens", "totalTokenCount")) {
            total = total == null ? raw.findValue(other) : total;
        }
        if (total != null) {
            long sum = read.quantities().entrySet().stream()
                    .filter(each -> each.getKey().endsWith("_tokens"))
                    .mapToLong(Map.Entry::getValue)
                    .sum();
            assertThat(sum).as(name).isEqualTo(total.asLong());
        }
    }
}
