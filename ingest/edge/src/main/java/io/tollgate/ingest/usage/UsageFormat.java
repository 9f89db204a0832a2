package io.tollgate.ingest.usage;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The formats of usage bodies. A format is what an API answers with, not who made the model. */
public enum UsageFormat {
    OPENAI_CHAT("openai_chat"),
    OPENAI_RESPONSES("openai_responses"),
    AZURE_OPENAI("azure_openai"),
    ANTHROPIC_MESSAGES("anthropic_messages"),
    BEDROCK_CONVERSE("bedrock_converse"),
    GEMINI("gemini"),
    MISTRAL("mistral"),
    DEEPSEEK("deepseek"),
    XAI_CHAT("xai_chat"),
    XAI_RESPONSES("xai_responses"),
    COHERE("cohere"),
    VLLM("vllm"),
    OPENTELEMETRY("opentelemetry");

    private static final Map<String, UsageFormat> BY_CODE =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(UsageFormat::code, Function.identity()));

    private final String code;

    UsageFormat(String code) {
        this.code = code;
    }

    /** Stable, snake_case. */
    public String code() {
        return code;
    }

    /** The format of a code, matched exactly. */
    public static Optional<UsageFormat> find(String code) {
        return Optional.ofNullable(BY_CODE.get(code));
    }

    /** All codes, for messages. */
    public static String codes() {
        return Arrays.stream(values()).map(UsageFormat::code).collect(Collectors.joining(", "));
    }

    /**
     * Reads a body of this format. It throws nothing, whatever the body is.
     *
     * @param usage the object that the vendor names {@code usage} ({@code usageMetadata} in Gemini), as it came: numbers
     *     must not have passed through floating point
     * @param path where it stands, such as {@code data.usage}; messages name fields by it
     */
    public Normalisation normalise(JsonNode usage, String path) {
        try {
            Body body = Body.of(usage, path);
            Sheet sheet = new Sheet();
            read(body, sheet);
            return new Normalisation.Normalised(sheet.amounts(), sheet.contextTokens(), body.unknown(this));
        } catch (Refusal refusal) {
            return new Normalisation.Refused(refusal.fault());
        }
    }

    private void read(Body usage, Sheet sheet) throws Refusal {
        switch (this) {
            case OPENAI_CHAT, VLLM -> OpenAi.chat(usage, sheet);
            case OPENAI_RESPONSES -> OpenAi.responses(usage, sheet);
            case AZURE_OPENAI -> OpenAi.azure(usage, sheet);
            case ANTHROPIC_MESSAGES -> Anthropic.messages(usage, sheet);
            case BEDROCK_CONVERSE -> Bedrock.converse(usage, sheet);
            case GEMINI -> Gemini.generateContent(usage, sheet);
            case MISTRAL -> Mistral.chat(usage, sheet);
            case DEEPSEEK -> DeepSeek.chat(usage, sheet);
            case XAI_CHAT -> Xai.chat(usage, sheet);
            case XAI_RESPONSES -> Xai.responses(usage, sheet);
            case COHERE -> Cohere.billedUnits(usage, sheet);
            case OPENTELEMETRY -> OpenTelemetry.genAi(usage, sheet);
        }
    }
}
