package io.tollgate.ingest.usage;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Writes a split as each vendor would. */
final class Layouts {

    private Layouts() {}

    static ObjectNode body(UsageFormat format, Split split) {
        return switch (format) {
            case OPENAI_CHAT, VLLM -> inclusive(split, "prompt_tokens", "completion_tokens");
            case OPENAI_RESPONSES, AZURE_OPENAI, XAI_RESPONSES -> inclusive(split, "input_tokens", "output_tokens");
            case MISTRAL ->
                inclusive(split, "prompt_tokens", "completion_tokens")
                        .put("num_cached_tokens", split.cached().sum());
            case DEEPSEEK ->
                inclusive(split, "prompt_tokens", "completion_tokens")
                        .put("prompt_cache_hit_tokens", split.cached().sum())
                        .put("prompt_cache_miss_tokens", split.fresh().sum());
            case XAI_CHAT ->
                inclusive(split, "prompt_tokens", "completion_tokens")
                        .put("completion_tokens", split.output().sum());
            case ANTHROPIC_MESSAGES -> anthropic(split);
            case BEDROCK_CONVERSE -> bedrock(split);
            case GEMINI -> gemini(split);
            case COHERE -> cohere(split);
            case OPENTELEMETRY -> openTelemetry(split);
        };
    }

    /** The name of the total, or an empty text. */
    static String total(UsageFormat format) {
        return switch (format) {
            case OPENAI_CHAT,
                    VLLM,
                    OPENAI_RESPONSES,
                    AZURE_OPENAI,
                    XAI_RESPONSES,
                    MISTRAL,
                    DEEPSEEK,
                    XAI_CHAT,
                    OPENTELEMETRY -> "total_tokens";
            case BEDROCK_CONVERSE -> "totalTokens";
            case GEMINI -> "totalTokenCount";
            case ANTHROPIC_MESSAGES, COHERE -> "";
        };
    }

    private static ObjectNode inclusive(Split split, String prompt, String answer) {
        ObjectNode body = object();
        body.put(prompt, split.prompt()).put("total_tokens", split.total());
        body.put(answer, split.output().sum() + split.reasoning());
        Tokens fresh = split.fresh();
        Tokens cached = split.cached();
        ObjectNode details = body.putObject(prompt + "_details")
                .put("cached_tokens", cached.sum())
                .put("cache_write_tokens", split.fiveMinutes())
                .put("image_tokens", fresh.image() + cached.image())
                .put("audio_tokens", fresh.audio() + cached.audio());
        details.putObject("cached_tokens_details")
                .put("text_tokens", cached.text())
                .put("image_tokens", cached.image())
                .put("audio_tokens", cached.audio());
        body.putObject(answer + "_details")
                .put("reasoning_tokens", split.reasoning())
                .put("image_tokens", split.output().image())
                .put("audio_tokens", split.output().audio());
        return body;
    }

    private static ObjectNode anthropic(Split split) {
        ObjectNode body = object();
        body.put("input_tokens", split.fresh().text())
                .put("cache_read_input_tokens", split.cached().text())
                .put("cache_creation_input_tokens", split.fiveMinutes() + split.oneHour())
                .put("output_tokens", split.output().text() + split.reasoning());
        body.putObject("cache_creation")
                .put("ephemeral_5m_input_tokens", split.fiveMinutes())
                .put("ephemeral_1h_input_tokens", split.oneHour());
        body.putObject("output_tokens_details").put("thinking_tokens", split.reasoning());
        return body;
    }

    private static ObjectNode bedrock(Split split) {
        ObjectNode body = object();
        body.put("inputTokens", split.fresh().text())
                .put("outputTokens", split.output().text())
                .put("cacheReadInputTokens", split.cached().text())
                .put("cacheWriteInputTokens", split.fiveMinutes() + split.oneHour())
                .put("totalTokens", split.total());
        ArrayNode details = body.putArray("cacheDetails");
        details.addObject().put("ttl", "1h").put("inputTokens", split.oneHour());
        details.addObject().put("ttl", "5m").put("inputTokens", split.fiveMinutes());
        return body;
    }

    private static ObjectNode gemini(Split split) {
        ObjectNode body = object();
        body.put("promptTokenCount", split.prompt())
                .put("cachedContentTokenCount", split.cached().sum())
                .put("candidatesTokenCount", split.output().sum())
                .put("thoughtsTokenCount", split.reasoning())
                .put("totalTokenCount", split.total());
        modalities(body.putArray("promptTokensDetails"), split.fresh().plus(split.cached()));
        modalities(body.putArray("cacheTokensDetails"), split.cached());
        modalities(body.putArray("candidatesTokensDetails"), split.output());
        return body;
    }

    private static void modalities(ArrayNode details, Tokens tokens) {
        details.addObject().put("modality", "VIDEO").put("tokenCount", tokens.text());
        details.addObject().put("modality", "IMAGE").put("tokenCount", tokens.image());
        details.addObject().put("modality", "AUDIO").put("tokenCount", tokens.audio());
    }

    private static ObjectNode cohere(Split split) {
        ObjectNode body = object();
        body.putObject("billed_units")
                .put("input_tokens", split.fresh().text())
                .put("output_tokens", split.output().text());
        return body;
    }

    private static ObjectNode openTelemetry(Split split) {
        return object().put("input_tokens", split.prompt())
                .put("cache_read.input_tokens", split.cached().text())
                .put("cache_creation.input_tokens", split.fiveMinutes())
                .put("output_tokens", split.output().text() + split.reasoning())
                .put("reasoning.output_tokens", split.reasoning())
                .put("total_tokens", split.total());
    }

    private static ObjectNode object() {
        return Read.JSON.createObjectNode();
    }
}
