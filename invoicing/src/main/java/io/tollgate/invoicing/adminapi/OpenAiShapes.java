package io.tollgate.invoicing.adminapi;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** OpenAI's JSON: members in snake_case, null where nothing is told. Source: OpenAI, OpenAPI document. */
final class OpenAiShapes {

    private static final String PAGE = "page";
    private static final String BUCKET = "bucket";

    private OpenAiShapes() {}

    /**
     * A page of buckets of usage.
     *
     * @param object {@code page}
     * @param nextPage what asks for the next page, as {@code page}; null on the last
     */
    @Schema(name = "OpenAiUsagePage")
    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record UsagePage(String object, List<UsageBucket> data, boolean hasMore, Optional<String> nextPage) {
        UsagePage(List<UsageBucket> data, Optional<String> nextPage) {
            this(PAGE, data, nextPage.isPresent(), nextPage);
        }
    }

    /**
     * Usage of a stretch of time.
     *
     * @param object {@code bucket}
     * @param startTime seconds since 1970, inclusive
     * @param endTime seconds since 1970, exclusive
     */
    @Schema(name = "OpenAiUsageBucket")
    @JsonNaming(SnakeCaseStrategy.class)
    record UsageBucket(String object, long startTime, long endTime, List<UsageResult> results) {
        UsageBucket(Bucket bucket, List<UsageResult> results) {
            this(BUCKET, bucket.from().getEpochSecond(), bucket.to().getEpochSecond(), results);
        }
    }

    /**
     * Usage of a group.
     *
     * @param object {@code organization.usage.completions.result} or its like
     * @param members the counts of its endpoint, and what it was grouped by
     */
    @Schema(name = "OpenAiUsageResult")
    record UsageResult(String object, @JsonAnyGetter Map<String, Object> members) {}

    /**
     * A page of buckets of costs.
     *
     * @param object {@code page}
     * @param nextPage what asks for the next page, as {@code page}; null on the last
     */
    @Schema(name = "OpenAiCostsPage")
    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record CostsPage(String object, List<CostsBucket> data, boolean hasMore, Optional<String> nextPage) {
        CostsPage(List<CostsBucket> data, Optional<String> nextPage) {
            this(PAGE, data, nextPage.isPresent(), nextPage);
        }
    }

    /**
     * Costs of a day.
     *
     * @param object {@code bucket}
     * @param startTime seconds since 1970, inclusive
     * @param endTime seconds since 1970, exclusive
     */
    @Schema(name = "OpenAiCostsBucket")
    @JsonNaming(SnakeCaseStrategy.class)
    record CostsBucket(String object, long startTime, long endTime, List<CostsResult> results) {
        CostsBucket(Bucket bucket, List<CostsResult> results) {
            this(BUCKET, bucket.from().getEpochSecond(), bucket.to().getEpochSecond(), results);
        }
    }

    /**
     * Costs of a group.
     *
     * @param object {@code organization.costs.result}
     * @param quantity when grouped by line item, of usage
     * @param quantityUnit null if OpenAI has no word for it
     */
    @Schema(name = "OpenAiCostsResult")
    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record CostsResult(
            String object,
            Amount amount,
            Optional<String> lineItem,
            Optional<String> projectId,
            Optional<String> apiKeyId,
            Optional<String> userId,

            @JsonSerialize(contentUsing = PlainNumber.class) @Schema(type = "number")
            Optional<BigDecimal> quantity,

            Optional<String> quantityUnit) {}

    /**
     * An exact amount of money.
     *
     * @param value in major units, every digit
     * @param currency of ISO 4217, in small letters
     */
    @Schema(name = "OpenAiAmount")
    record Amount(
            @JsonSerialize(using = PlainNumber.class) @Schema(type = "number")
            BigDecimal value,

            String currency) {}

    /** An error. */
    @Schema(name = "OpenAiError")
    record Failure(Cause error) {}

    /**
     * What is wrong.
     *
     * @param type {@code invalid_request_error} or {@code server_error}
     * @param param the parameter that is at fault
     */
    @Schema(name = "OpenAiErrorDetail")
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Cause(String message, String type, Optional<String> param, Optional<String> code) {}
}
