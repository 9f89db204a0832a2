package io.tollgate.ingest.edge;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;

/** What an event looks like, for the OpenAPI document alone: {@code CloudEventParser} is what reads it. */
@Schema(name = "UsageEvent", description = "A usage event as a CloudEvent 1.0 in JSON; further attributes are ignored")
public record EventSchema(
        @Schema(allowableValues = "1.0") String specversion,
        @Schema(allowableValues = "io.tollgate.usage.v1") String type,

        @Schema(description = "who sends it; with `id` the event's identity", maxLength = 256)
        String source,

        @Schema(description = "the source's own; the same event again has the same", maxLength = 256)
        String id,

        @Schema(
                description = "when the usage happened (RFC 3339); at most 24 hours ahead, and at most"
                        + " 35 days ago unless it is a backfill")
        Instant time,

        @Schema(description = "the tenant, if `data` names none")
        Optional<String> subject,

        @Schema(description = "if given, `application/json` or another JSON type")
        Optional<String> datacontenttype,

        UsageData data) {

    private static final String TENANT = "^[A-Za-z0-9][A-Za-z0-9._@-]{0,127}$";

    /** The payload. */
    @Schema(
            description = "What was used, by whom; a member that is not listed is refused",
            additionalProperties = Schema.AdditionalPropertiesValue.FALSE)
    public record UsageData(
            @Schema(description = "who pays; the envelope's `subject` if absent", pattern = TENANT)
            Optional<String> tenant,

            @Schema(description = "the tenant's own subdivision", maxLength = 256)
            Optional<String> project,

            @Schema(description = "at most 32, names of at most 64 characters, values of at most 256")
            Optional<Map<String, String>> tags,

            @Schema(description = "of the model", maxLength = 256)
            String provider,

            @Schema(description = "that served", maxLength = 256)
            String model,

            @Schema(description = "if a failover served another", maxLength = 256)
            Optional<String> requestedModel,

            @Schema(description = "such as `nvidia-h100`", maxLength = 256)
            Optional<String> acceleratorType,

            @Schema(maxLength = 256) Optional<String> region,

            @Schema(
                    description = "such as `chat`, `embedding`, `fine_tuning`; one that the operator knows",
                    defaultValue = "chat")
            Optional<String> operation,

            @Schema(description = "`standard`, `priority`, `flex`, `batch` or `provisioned`", defaultValue = "standard")
            Optional<String> serviceTier,

            @Schema(description = "`success`, or why not", defaultValue = "success")
            Optional<String> outcome,

            @Schema(
                    description = "size of the prompt; if absent, what `usage` says, or the sum of `input_tokens`,"
                            + " `cache_read_tokens`, both with their `image` and `audio` meters,"
                            + " `cache_write_5m_tokens` and `cache_write_1h_tokens`",
                    minimum = "0")
            Optional<Long> contextTokens,

            @Schema(
                    description = "1 to 64 meters (`[a-z][a-z0-9_]{0,63}`), each with a whole number of its base unit:"
                            + " zero or more, in a reversal zero or less; required, unless there is `usage`",
                    example = "{\"input_tokens\":4808,\"output_tokens\":10}")
            Optional<Map<String, Long>> quantities,

            @Schema(
                    description = "instead of `quantities`: the provider's own usage object as its API answered it"
                            + " (`usageMetadata` in Gemini, `meta` or `usage` in Cohere); its parts must add up to its"
                            + " total, and fields that are not known are ignored and counted",
                    example = "{\"prompt_tokens\":4808,\"completion_tokens\":10,\"total_tokens\":4818}")
            Optional<Map<String, Object>> usage,

            @Schema(
                    description = "required with `usage`: what format it has",
                    allowableValues = {
                        "openai_chat",
                        "openai_responses",
                        "azure_openai",
                        "anthropic_messages",
                        "bedrock_converse",
                        "gemini",
                        "mistral",
                        "deepseek",
                        "xai_chat",
                        "xai_responses",
                        "cohere",
                        "vllm",
                        "opentelemetry"
                    })
            Optional<String> usageFormat,

            @Schema(description = "the event that this one takes back")
            Optional<Identity> reverses) {}

    /** Several events. An array type cannot be one of several in an annotation. */
    @Schema(name = "UsageEvents", description = "At most 10,000 events")
    @JsonIgnoreProperties("empty")
    public static final class Several extends ArrayList<EventSchema> {
        private static final long serialVersionUID = 1L;
    }

    /** Whose event it is, and which. */
    @Schema(name = "EventIdentity")
    public record Identity(String source, String id) {}
}
