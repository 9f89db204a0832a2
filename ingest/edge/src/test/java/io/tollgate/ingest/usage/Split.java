package io.tollgate.ingest.usage;

import java.util.SortedMap;
import java.util.TreeMap;

/** What a request used, split as far as any vendor splits it. */
record Split(Tokens fresh, Tokens cached, long fiveMinutes, long oneHour, Tokens output, long reasoning) {

    long prompt() {
        return fresh.sum() + cached.sum() + fiveMinutes + oneHour;
    }

    long total() {
        return prompt() + output.sum() + reasoning;
    }

    /** As far as a format can tell it: what it cannot tell is not there. */
    Split within(UsageFormat format) {
        return switch (format) {
            case OPENAI_CHAT, OPENAI_RESPONSES, AZURE_OPENAI, VLLM, XAI_RESPONSES ->
                new Split(fresh, cached, fiveMinutes, 0, output, reasoning);
            case ANTHROPIC_MESSAGES ->
                new Split(text(fresh), text(cached), fiveMinutes, oneHour, text(output), reasoning);
            case BEDROCK_CONVERSE -> new Split(text(fresh), text(cached), fiveMinutes, oneHour, text(output), 0);
            case OPENTELEMETRY -> new Split(text(fresh), text(cached), fiveMinutes, 0, text(output), reasoning);
            case GEMINI -> new Split(fresh, cached, 0, 0, output, reasoning);
            case MISTRAL, DEEPSEEK, XAI_CHAT -> new Split(fresh, text(cached), 0, 0, output, reasoning);
            case COHERE -> new Split(text(fresh), Tokens.NONE, 0, 0, text(output), 0);
        };
    }

    /** The meters, one for each part that there is. */
    SortedMap<String, Long> meters() {
        SortedMap<String, Long> meters = new TreeMap<>();
        meters.put("input_image_tokens", fresh.image());
        meters.put("input_audio_tokens", fresh.audio());
        meters.put("cache_read_tokens", cached.text());
        meters.put("cache_read_image_tokens", cached.image());
        meters.put("cache_read_audio_tokens", cached.audio());
        meters.put("cache_write_5m_tokens", fiveMinutes);
        meters.put("cache_write_1h_tokens", oneHour);
        meters.put("output_tokens", output.text());
        meters.put("output_image_tokens", output.image());
        meters.put("output_audio_tokens", output.audio());
        meters.put("reasoning_tokens", reasoning);
        meters.values().removeIf(amount -> amount == 0);
        meters.put("input_tokens", fresh.text());
        return meters;
    }

    private static Tokens text(Tokens tokens) {
        return Tokens.text(tokens.text());
    }
}
