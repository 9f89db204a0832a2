package io.tollgate.invoicing.adminapi;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Anthropic's JSON: members in snake_case, null where nothing is told. Source: Anthropic docs, "Usage and Cost". */
final class AnthropicShapes {

    private AnthropicShapes() {}

    /**
     * A page of buckets of usage.
     *
     * @param nextPage what asks for the next page, as {@code page}; null on the last
     */
    @Schema(name = "AnthropicUsageReport")
    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record UsagePage(List<UsageBucket> data, boolean hasMore, Optional<String> nextPage) {}

    /**
     * Usage of a stretch of time.
     *
     * @param startingAt inclusive
     * @param endingAt exclusive
     */
    @Schema(name = "AnthropicUsageBucket")
    @JsonNaming(SnakeCaseStrategy.class)
    record UsageBucket(Instant startingAt, Instant endingAt, List<UsageResult> results) {}

    /**
     * Usage of a group; what was not grouped by is null.
     *
     * @param uncachedInputTokens without those read from a cache or written to one
     * @param outputTokens with reasoning
     */
    @Schema(name = "AnthropicUsageResult")
    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record UsageResult(
            BigInteger uncachedInputTokens,
            CacheCreation cacheCreation,
            BigInteger cacheReadInputTokens,
            BigInteger outputTokens,
            ServerToolUse serverToolUse,
            Optional<String> apiKeyId,
            Optional<String> workspaceId,
            Optional<String> model,
            Optional<String> serviceTier,
            Optional<String> contextWindow,
            Optional<String> inferenceGeo,
            Optional<String> accountId,
            Optional<String> serviceAccountId,
            Optional<String> speed) {}

    /** Tokens written to a cache, by how long they stay there. */
    @Schema(name = "AnthropicCacheCreation")
    record CacheCreation(
            @JsonProperty("ephemeral_1h_input_tokens") BigInteger forOneHour,
            @JsonProperty("ephemeral_5m_input_tokens") BigInteger forFiveMinutes) {}

    /** What the provider's tools did. */
    @Schema(name = "AnthropicServerToolUse")
    @JsonNaming(SnakeCaseStrategy.class)
    record ServerToolUse(BigInteger webSearchRequests) {}

    /**
     * A page of days of costs.
     *
     * @param nextPage what asks for the next page, as {@code page}; null on the last
     */
    @Schema(name = "AnthropicCostReport")
    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record CostPage(List<CostBucket> data, boolean hasMore, Optional<String> nextPage) {}

    /**
     * Costs of a day.
     *
     * @param startingAt inclusive
     * @param endingAt exclusive
     */
    @Schema(name = "AnthropicCostBucket")
    @JsonNaming(SnakeCaseStrategy.class)
    record CostBucket(Instant startingAt, Instant endingAt, List<CostResult> results) {}

    /**
     * Costs of a group; what was not grouped by is null.
     *
     * @param amount in the currency's minor units (cents), every digit
     * @param currency of ISO 4217
     * @param costType {@code tokens} or {@code web_search}; null of all else
     */
    @Schema(name = "AnthropicCostResult")
    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record CostResult(
            String amount,
            String currency,
            Optional<String> workspaceId,
            Optional<String> description,
            Optional<String> costType,
            Optional<String> model,
            Optional<String> serviceTier,
            Optional<String> contextWindow,
            Optional<String> tokenType,
            Optional<String> inferenceGeo) {}

    /** An error; {@code type} is {@code error}. */
    @Schema(name = "AnthropicError")
    @JsonNaming(SnakeCaseStrategy.class)
    record Failure(String type, Cause error, Optional<String> requestId) {}

    /** What is wrong, and of which kind it is. */
    @Schema(name = "AnthropicErrorDetail")
    record Cause(String type, String message) {}
}
