package io.tollgate.invoicing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.BadRequestException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.PermissionDeniedException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.admin.organization.usage.UsageAudioTranscriptionsParams;
import com.openai.models.admin.organization.usage.UsageCompletionsParams;
import com.openai.models.admin.organization.usage.UsageCompletionsResponse;
import com.openai.models.admin.organization.usage.UsageCostsParams;
import com.openai.models.admin.organization.usage.UsageCostsResponse;
import com.openai.models.admin.organization.usage.UsageEmbeddingsParams;
import com.openai.models.admin.organization.usage.UsageImagesParams;
import com.openai.models.admin.organization.usage.UsageVectorStoresParams;
import com.openai.models.admin.organization.usage.UsageWebSearchCallsParams;
import com.openai.services.blocking.admin.organization.UsageService;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** OpenAI's own client, against us. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenAiAdminApiIT {

    private AdminApisSite site;
    private OpenAIClient client;

    @BeforeAll
    void start() {
        site = new AdminApisSite();
        client = site.client(site.token);
    }

    @AfterAll
    void stop() {
        client.close();
        site.close();
    }

    private UsageService usage() {
        return client.admin().organization().usage();
    }

    private static UsageCompletionsParams.Builder completions() {
        return UsageCompletionsParams.builder()
                .startTime(AdminApisSite.THE_16TH)
                .endTime(AdminApisSite.THE_16TH + 2 * AdminApisSite.DAY);
    }

    @Test
    void openAisClientReadsCompletions() {
        UsageCompletionsResponse page = usage().completions(completions().build());

        assertThat(page.hasMore()).isFalse();
        assertThat(page.nextPage()).isEmpty();
        assertThat(page.data()).hasSize(2);
        assertThat(page.data().get(0).startTime()).isEqualTo(AdminApisSite.THE_16TH);
        assertThat(page.data().get(0).endTime()).isEqualTo(AdminApisSite.THE_16TH + AdminApisSite.DAY);
        var result = page.data().get(0).results().get(0).asOrganizationUsageCompletions();
        assertThat(result.inputTokens()).isEqualTo(1_001_000);
        assertThat(result.inputCachedTokens()).hasValue(300L);
        assertThat(result.inputCacheWriteTokens()).hasValue(60L);
        assertThat(result.inputUncachedTokens()).hasValue(1_000_640L);
        assertThat(result.inputTextTokens()).hasValue(1_000_600L);
        assertThat(result.inputAudioTokens()).hasValue(40L);
        assertThat(result.outputTokens()).isEqualTo(100);
        assertThat(result.numModelRequests()).isEqualTo(7);
        assertThat(result.model()).isEmpty();
        assertThat(result.batch()).isEmpty();
        assertThat(page.validate()).isEqualTo(page);
    }

    @Test
    void openAisClientGroupsAndFilters() {
        UsageCompletionsResponse grouped = usage().completions(completions()
                .addGroupBy(UsageCompletionsParams.GroupBy.MODEL)
                .addGroupBy(UsageCompletionsParams.GroupBy.BATCH)
                .addGroupBy(UsageCompletionsParams.GroupBy.SERVICE_TIER)
                .addGroupBy(UsageCompletionsParams.GroupBy.PROJECT_ID)
                .addGroupBy(UsageCompletionsParams.GroupBy.API_KEY_ID)
                .build());
        assertThat(grouped.data().get(0).results())
                .map(each -> each.asOrganizationUsageCompletions())
                .extracting(
                        each -> each.model().orElse(""),
                        each -> each.batch().orElseThrow(),
                        each -> each.serviceTier().orElse(""),
                        each -> each.projectId(),
                        each -> each.apiKeyId())
                .containsExactly(
                        tuple("gpt-4o", false, "default", Optional.of("blue"), Optional.of("k1")),
                        tuple("gpt-4o", true, "batch", Optional.empty(), Optional.empty()));
        assertThat(grouped.data()
                        .get(1)
                        .results()
                        .get(0)
                        .asOrganizationUsageCompletions()
                        .serviceTier())
                .hasValue("scale");

        assertThat(inputTokens(completions().batch(true).build())).containsExactly(1_000_000L);
        assertThat(inputTokens(completions().addProjectId("blue").build())).containsExactly(1_000L, 35L);
        assertThat(inputTokens(completions().addApiKeyId("k2").build())).containsExactly(35L);
        assertThat(inputTokens(completions().addUserId("u1").build())).containsExactly(1_000L);
        assertThat(inputTokens(completions().addModel("claude").build())).containsExactly(35L);
        assertThat(inputTokens(completions().addModel("none").build())).isEmpty();
    }

    private List<Long> inputTokens(UsageCompletionsParams params) {
        return usage().completions(params).data().stream()
                .flatMap(bucket -> bucket.results().stream())
                .map(result -> result.asOrganizationUsageCompletions().inputTokens())
                .toList();
    }

    @Test
    void openAisClientReadsPageByPage() {
        List<Long> starts = new ArrayList<>();
        List<Long> tokens = new ArrayList<>();
        Optional<String> next = Optional.empty();
        do {
            UsageCompletionsParams.Builder params = completions()
                    .bucketWidth(UsageCompletionsParams.BucketWidth._1H)
                    .limit(20);
            next.ifPresent(params::page);
            UsageCompletionsResponse page = usage().completions(params.build());
            assertThat(page.hasMore()).isEqualTo(page.nextPage().isPresent());
            page.data().forEach(bucket -> {
                starts.add(bucket.startTime());
                bucket.results()
                        .forEach(result -> tokens.add(
                                result.asOrganizationUsageCompletions().inputTokens()));
            });
            next = page.nextPage();
        } while (next.isPresent());

        assertThat(starts).hasSize(48).doesNotHaveDuplicates().isSorted();
        assertThat(tokens).containsExactly(1_000L, 1_000_000L, 35L);
    }

    @Test
    void openAisClientReadsTheOtherEndpoints() {
        assertThat(usage().embeddings(UsageEmbeddingsParams.builder()
                                .startTime(AdminApisSite.THE_16TH)
                                .build())
                        .data()
                        .get(1)
                        .results()
                        .get(0)
                        .asOrganizationUsageEmbeddings()
                        .inputTokens())
                .isEqualTo(20);
        assertThat(usage().images(UsageImagesParams.builder()
                                .startTime(AdminApisSite.THE_16TH)
                                .addGroupBy(UsageImagesParams.GroupBy.SIZE)
                                .build())
                        .data()
                        .get(1)
                        .results()
                        .get(0)
                        .asOrganizationUsageImages()
                        .images())
                .isEqualTo(2);
        assertThat(usage().audioTranscriptions(UsageAudioTranscriptionsParams.builder()
                                .startTime(AdminApisSite.THE_16TH)
                                .build())
                        .data()
                        .get(1)
                        .results()
                        .get(0)
                        .asOrganizationUsageAudioTranscriptions()
                        .seconds())
                .isEqualTo(11);
        assertThat(usage().webSearchCalls(UsageWebSearchCallsParams.builder()
                                .startTime(AdminApisSite.THE_16TH)
                                .build())
                        .data()
                        .get(1)
                        .results()
                        .get(0)
                        .asOrganizationUsageWebSearches()
                        .numRequests())
                .isEqualTo(4);
        assertThat(usage().vectorStores(UsageVectorStoresParams.builder()
                                .startTime(AdminApisSite.THE_16TH)
                                .build())
                        .data())
                .hasSize(7)
                .allSatisfy(bucket -> assertThat(bucket.results()).isEmpty());
        assertThat(site.get(
                                "/v1/organization/usage/audio_speeches?start_time=" + AdminApisSite.THE_16TH,
                                "Authorization",
                                "Bearer " + site.token)
                        .at("/data/0/results"))
                .isEmpty();
    }

    /** Unpriced usage ("ada") is in usage, and blocks the close; so the draft's total is what costs add up to. */
    @Test
    void aMonthsCostsAddUpToItsInvoice() {
        BigDecimal total = new BigDecimal(site.running
                .finance
                .json("/v1/invoices/acme.2023-11.1")
                .get("total")
                .asText());
        assertThat(total).isPositive();

        JsonNode page = openAiCosts("limit=30&group_by=line_item&group_by[]=project_id");
        BigDecimal sum = BigDecimal.ZERO;
        for (JsonNode bucket : page.get("data")) {
            for (JsonNode result : bucket.get("results")) {
                assertThat(result.at("/amount/value").isNumber()).isTrue();
                assertThat(result.at("/amount/currency").asText()).isEqualTo("usd");
                sum = sum.add(result.at("/amount/value").decimalValue());
            }
        }
        assertThat(sum).isEqualByComparingTo(total);
        assertThat(page.at("/data/29/results").findValuesAsText("line_item"))
                .anySatisfy(item -> assertThat(item).startsWith("fee, "))
                .anySatisfy(item -> assertThat(item).startsWith("tax, "))
                .noneSatisfy(item -> assertThat(item).startsWith("credit"));
    }

    /** However its pages are cut: each charge stands in one bucket. */
    @Test
    void costsDoNotDependOnPages() {
        List<JsonNode> whole = new ArrayList<>();
        openAiCosts("limit=30&group_by=line_item").get("data").forEach(whole::add);
        List<JsonNode> cut = new ArrayList<>();
        String page = "";
        do {
            JsonNode part = openAiCosts("limit=7&group_by=line_item" + page);
            part.get("data").forEach(cut::add);
            page = part.get("has_more").asBoolean()
                    ? "&page=" + part.get("next_page").asText()
                    : "";
        } while (!page.isEmpty());
        assertThat(cut).isEqualTo(whole);
    }

    @Test
    void openAisClientReadsCosts() {
        UsageCostsResponse page = usage().costs(UsageCostsParams.builder()
                .startTime(AdminApisSite.THE_16TH)
                .limit(1)
                .addGroupBy(UsageCostsParams.GroupBy.LINE_ITEM)
                .addProjectId("blue")
                .build());

        var results = page.data().get(0).results();
        assertThat(results)
                .map(each -> each.asOrganizationCosts().lineItem().orElse(""))
                .containsExactly(
                        "gpt-4o, cache_read_tokens",
                        "gpt-4o, input_tokens",
                        "gpt-4o, output_tokens",
                        "gpt-4o, reasoning_tokens");
        var input = results.get(1).asOrganizationCosts();
        assertThat(input._amount().toString()).contains("0.00135");
        assertThat(input.amount().flatMap(each -> each.currency())).hasValue("usd");
        assertThat(input._quantity().toString()).isEqualTo("600.0");
        assertThat(input.quantityUnit().map(Object::toString)).hasValue("tokens");
        assertThat(page.validate()).isEqualTo(page);
        assertThat(openAiCosts("limit=30&line_items=whisper,%20audio_ms&group_by=line_item")
                        .at("/data/16/results/0")
                        .toString())
                .contains("\"quantity\":10.6", "\"quantity_unit\":\"duration_seconds\"");
    }

    private JsonNode openAiCosts(String rest) {
        return site.get(
                "/v1/organization/costs?start_time=" + AdminApisSite.NOVEMBER + "&end_time="
                        + (AdminApisSite.NOVEMBER + 30 * AdminApisSite.DAY) + "&" + rest,
                "Authorization",
                "Bearer sk-admin-" + site.token);
    }

    @Test
    void openAisClientUnderstandsWhatIsWrong() {
        OpenAIClient stranger = site.client("sk-nobody's");
        {
            assertThatExceptionOfType(UnauthorizedException.class)
                    .isThrownBy(() -> stranger.admin()
                            .organization()
                            .usage()
                            .completions(completions().build()))
                    .satisfies(error -> assertThat(error.code()).hasValue("invalid_api_key"));
        }
        OpenAIClient platform = site.client("the-platform");
        {
            assertThatExceptionOfType(PermissionDeniedException.class)
                    .isThrownBy(() -> platform.admin()
                            .organization()
                            .usage()
                            .completions(completions().build()))
                    .satisfies(error -> assertThat(error.type()).hasValue("invalid_request_error"));
        }
        assertThatExceptionOfType(BadRequestException.class)
                .isThrownBy(() -> usage().completions(completions().limit(32).build()))
                .satisfies(error -> assertThat(error.param()).hasValue("limit"))
                .withMessageContaining("limit must be from 1 to 31");
        assertThatExceptionOfType(OpenAIServiceException.class)
                .isThrownBy(() -> usage().completions(completions()
                        .addGroupBy(UsageCompletionsParams.GroupBy.of("colour"))
                        .build()));
    }

    /** Finance says whom it means as OpenAI's clients name an organisation; a tenant's tools name their vendor's. */
    @Test
    void whoseIsSaidByTheOrganisationOrTheToken() {
        OpenAIClient finance = OpenAIOkHttpClient.builder()
                .baseUrl("http://127.0.0.1:" + site.running.service.port() + "/v1")
                .adminApiKey("the-finance")
                .organization("beta")
                .maxRetries(0)
                .build();
        {
            assertThat(finance.admin()
                            .organization()
                            .usage()
                            .completions(completions().build())
                            .data()
                            .get(0)
                            .results()
                            .get(0)
                            .asOrganizationUsageCompletions()
                            .inputTokens())
                    .isEqualTo(9);
        }
        String path = "/v1/organization/usage/completions?start_time=" + AdminApisSite.THE_16TH;
        assertThat(site.send(path, "Authorization", "Bearer the-finance").statusCode())
                .isEqualTo(400);
        assertThat(site.send(path, "Authorization", "Bearer " + site.token, "OpenAI-Organization", "org-123")
                        .statusCode())
                .isEqualTo(200);
        assertThat(site.send(path, "Authorization", "Bearer " + site.token, "X-Tollgate-Tenant", "beta")
                        .statusCode())
                .isEqualTo(403);
        assertThat(site.send(path, "Authorization", "Bearer " + site.token, "X-Tollgate-Tenant", "acme")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void allOfTimeAndTheFutureCanBeAskedFor() {
        for (String path : List.of("usage/completions", "costs")) {
            String since = "/v1/organization/" + path + "?start_time=";
            String bearer = "Bearer " + site.token;
            assertThat(site.get(since + "0", "Authorization", bearer).get("data"))
                    .hasSize(7);
            assertThat(site.get(since + "4294967295", "Authorization", bearer).get("data"))
                    .isEmpty();
            assertThat(site.send(since + "4294967296", "Authorization", bearer).statusCode())
                    .isEqualTo(400);
            assertThat(site.get(
                                    since + AdminApisSite.THE_16TH + "&end_time=4294967295&limit=31",
                                    "Authorization",
                                    bearer)
                            .get("data"))
                    .hasSize(17);
        }
    }
}
