package io.tollgate.invoicing.adminapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.invoicing.usage.Product;
import io.tollgate.invoicing.usage.UsageTotal;
import io.tollgate.invoicing.usage.Window;
import io.tollgate.schemas.Digest;
import jakarta.ws.rs.core.MultivaluedHashMap;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How usage becomes numbers in vendors' words. */
class UsageReportTest {

    private static final Instant START = Instant.parse("2023-11-16T18:00:00Z");
    private static final Bucket HOUR = new Bucket(START, START.plusSeconds(3600));

    private static UsageTotal used(String operation, String tier, long events, Map<String, Long> quantities) {
        Product product = new Product("any", "model", "", "", operation, tier, "success", 0);
        Map<String, BigInteger> amounts = new TreeMap<>();
        quantities.forEach((meter, amount) -> amounts.put(meter, BigInteger.valueOf(amount)));
        return new UsageTotal(Window.at(START), "acme", "", product, amounts, events, Digest.ZERO);
    }

    private static List<UsageReport.Row> rows(String kind, UsageTotal... totals) {
        return rows(kind, new Asked(new MultivaluedHashMap<>()), totals);
    }

    private static List<UsageReport.Row> rows(String kind, Asked asked, UsageTotal... totals) {
        return OpenAiUsage.at(kind)
                .orElseThrow()
                .report(asked)
                .of(List.of(HOUR), List.of(totals))
                .get(0);
    }

    /** OpenAI includes in its input what was cached; the parts add up to it. */
    @Test
    void theInputIsAllOfThePromptAndItsPartsAddUp() {
        Map<String, BigInteger> counts = rows(
                        "completions",
                        used(
                                "chat",
                                "standard",
                                1,
                                Map.of(
                                        "input_tokens", 1L,
                                        "input_image_tokens", 2L,
                                        "input_audio_tokens", 4L,
                                        "cache_read_tokens", 8L,
                                        "cache_read_image_tokens", 16L,
                                        "cache_read_audio_tokens", 32L,
                                        "cache_write_5m_tokens", 64L,
                                        "cache_write_1h_tokens", 128L)))
                .get(0)
                .counts();
        assertThat(counts).containsEntry("input_tokens", BigInteger.valueOf(255));
        assertThat(Stream.of("input_uncached_tokens", "input_cached_tokens", "input_cache_write_tokens")
                        .map(counts::get)
                        .reduce(BigInteger.ZERO, BigInteger::add))
                .isEqualTo(counts.get("input_tokens"));
        assertThat(Stream.of("input_text_tokens", "input_image_tokens", "input_audio_tokens")
                        .map(counts::get)
                        .reduce(BigInteger.ZERO, BigInteger::add))
                .isEqualTo(counts.get("input_uncached_tokens"));
    }

    @Test
    void requestsAreCountedBySourcesOrElseAreEvents() {
        assertThat(rows("completions", used("chat", "standard", 3, Map.of("input_tokens", 5L)))
                        .get(0)
                        .counts())
                .containsEntry("num_model_requests", BigInteger.valueOf(3));
        assertThat(rows("completions", used("chat", "standard", 1, Map.of("input_tokens", 5L, "requests", 40L)))
                        .get(0)
                        .counts())
                .containsEntry("num_model_requests", BigInteger.valueOf(40));
        assertThat(rows("web_search_calls", used("chat", "standard", 9, Map.of("search_queries", 4L)))
                        .get(0)
                        .counts())
                .containsEntry("num_model_requests", BigInteger.valueOf(4));
    }

    /** What was done stands on one endpoint; searches besides on theirs. */
    @Test
    void eachOperationIsOnOneEndpoint() {
        List<String> kinds =
                List.of("completions", "embeddings", "moderations", "images", "audio_speeches", "audio_transcriptions");
        for (String operation :
                List.of("chat", "agent", "rerank", "", "embedding", "moderation", "image", "speech", "transcription")) {
            UsageTotal total = used(operation, "standard", 1, Map.of("input_tokens", 1L));
            assertThat(kinds.stream().filter(kind -> !rows(kind, total).isEmpty()))
                    .as(operation)
                    .hasSize(1);
        }
        for (String infrastructure : List.of("storage", "network", "provisioned", "training")) {
            UsageTotal total = used(infrastructure, "standard", 1, Map.of("storage_byte_hours", 1L));
            assertThat(kinds.stream().filter(kind -> !rows(kind, total).isEmpty()))
                    .as(infrastructure)
                    .isEmpty();
        }
    }

    @Test
    void listsAreTakenInBothSpellings() {
        MultivaluedHashMap<String, String> parameters = new MultivaluedHashMap<>();
        parameters.add("group_by", "model");
        parameters.add("group_by[]", "batch,service_tier");
        parameters.add("project_ids[]", "a");
        parameters.add("project_ids", "b");
        UsageReport report = OpenAiUsage.at("completions").orElseThrow().report(new Asked(parameters));
        assertThat(report.groupBy()).extracting(Facet::name).containsExactly("model", "batch", "service_tier");
        assertThat(report.only()).containsExactly(Map.entry(OpenAiFacets.PROJECT, Set.of("a", "b")));
    }

    @Test
    void groupsAddUpToTheWhole() {
        MultivaluedHashMap<String, String> parameters = new MultivaluedHashMap<>();
        parameters.add("group_by", "service_tier");
        UsageTotal[] totals = Stream.of("standard", "flex", "provisioned", "batch", "standard")
                .map(tier -> used("chat", tier, 1, Map.of("input_tokens", (long) tier.length())))
                .toArray(UsageTotal[]::new);
        List<UsageReport.Row> groups = rows("completions", new Asked(parameters), totals);
        assertThat(groups)
                .extracting(row -> row.values().get(0).orElseThrow())
                .containsExactly("batch", "default", "flex", "scale");
        assertThat(groups.stream()
                        .map(row -> row.counts().getOrDefault("input_tokens", BigInteger.ZERO))
                        .reduce(BigInteger.ZERO, BigInteger::add))
                .isEqualTo(rows("completions", totals).get(0).counts().get("input_tokens"));
    }

    @Test
    void aVendorsBeginningOfAKeyIsNoPartOfOurs() {
        assertThat(List.of("tgt_1", "sk-admin-tgt_1", "sk-ant-admin01-tgt_1", "sk-ant-admin-tgt_1"))
                .extracting(VendorKeys::token)
                .containsOnly("tgt_1");
    }
}
