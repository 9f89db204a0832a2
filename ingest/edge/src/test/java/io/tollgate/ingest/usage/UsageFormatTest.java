package io.tollgate.ingest.usage;

import static io.tollgate.ingest.usage.Read.meters;
import static io.tollgate.ingest.usage.Read.normalised;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What each vendor includes in what, by bodies made up for it. */
class UsageFormatTest {

    @Test
    void codesAreStable() {
        assertThat(UsageFormat.codes())
                .isEqualTo("openai_chat, openai_responses, azure_openai, anthropic_messages, bedrock_converse, gemini,"
                        + " mistral, deepseek, xai_chat, xai_responses, cohere, vllm, opentelemetry");
        assertThat(UsageFormat.find("gemini")).hasValue(UsageFormat.GEMINI);
        assertThat(UsageFormat.find("Gemini")).isEmpty();
    }

    @Test
    void openAiCountsCachedTokensAudioAndReasoningInside() {
        assertThat(meters(UsageFormat.OPENAI_CHAT, """
                        {"prompt_tokens": 100, "completion_tokens": 60, "total_tokens": 160,
                         "prompt_tokens_details": {"cached_tokens": 40, "audio_tokens": 30},
                         "completion_tokens_details": {"reasoning_tokens": 20, "audio_tokens": 25,
                            "accepted_prediction_tokens": 5, "rejected_prediction_tokens": 3}}"""))
                .isEqualTo("context=100 cache_read_tokens=40 input_audio_tokens=30 input_tokens=30"
                        + " output_audio_tokens=25 output_tokens=15 reasoning_tokens=20");
        assertThat(meters(UsageFormat.OPENAI_RESPONSES, """
                        {"input_tokens": 1000, "output_tokens": 50, "total_tokens": 1050,
                         "input_tokens_details": {"text_tokens": 100, "image_tokens": 900, "cached_tokens": 0}}"""))
                .isEqualTo("context=1000 input_image_tokens=900 input_tokens=100 output_tokens=50");
    }

    @Test
    void cachedTokensAreTextUnlessTheBodyTellsOtherwise() {
        assertThat(meters(UsageFormat.OPENAI_CHAT, """
                        {"prompt_tokens": 100, "completion_tokens": 1,
                         "prompt_tokens_details": {"cached_tokens": 90, "audio_tokens": 70, "image_tokens": 10}}"""))
                .as("20 are text and 10 images, so 60 at least are audio")
                .isEqualTo("context=100 cache_read_audio_tokens=60 cache_read_image_tokens=10 cache_read_tokens=20"
                        + " input_audio_tokens=10 input_tokens=0 output_tokens=1");
        assertThat(meters(UsageFormat.OPENAI_CHAT, """
                        {"prompt_tokens": 100, "completion_tokens": 1, "prompt_tokens_details": {"cached_tokens": 50,
                         "audio_tokens": 70, "cached_tokens_details": {"text_tokens": 5, "audio_tokens": 45}}}"""))
                .isEqualTo("context=100 cache_read_audio_tokens=45 cache_read_tokens=5 input_audio_tokens=25"
                        + " input_tokens=25 output_tokens=1");
    }

    @Test
    void azureAnswersInBothOfOpenAisLayouts() {
        assertThat(meters(UsageFormat.AZURE_OPENAI, """
                        {"prompt_tokens": 10, "completion_tokens": 3, "total_tokens": 13,
                         "prompt_tokens_details": {"cached_tokens": 4}}"""))
                .isEqualTo("context=10 cache_read_tokens=4 input_tokens=6 output_tokens=3");
        assertThat(meters(UsageFormat.AZURE_OPENAI, """
                        {"input_tokens": 10, "output_tokens": 3, "total_tokens": 13,
                         "output_tokens_details": {"reasoning_tokens": 2}}"""))
                .isEqualTo("context=10 input_tokens=10 output_tokens=1 reasoning_tokens=2");
    }

    @Test
    void transcriptionsAndRealtimeNameTheDetailsInTheSingular() {
        assertThat(meters(UsageFormat.OPENAI_RESPONSES, """
                        {"type": "tokens", "input_tokens": 14, "output_tokens": 45, "total_tokens": 59,
                         "input_token_details": {"text_tokens": 0, "audio_tokens": 14}}"""))
                .isEqualTo("context=14 input_audio_tokens=14 input_tokens=0 output_tokens=45");
        assertThat(meters(UsageFormat.OPENAI_RESPONSES, """
                        {"input_tokens": 132, "output_tokens": 121, "total_tokens": 253,
                         "input_token_details": {"text_tokens": 119, "audio_tokens": 13, "cached_tokens": 64,
                            "cached_tokens_details": {"text_tokens": 64, "audio_tokens": 0}},
                         "output_token_details": {"text_tokens": 30, "audio_tokens": 91}}"""))
                .isEqualTo("context=132 cache_read_tokens=64 input_audio_tokens=13 input_tokens=55"
                        + " output_audio_tokens=91 output_tokens=30");
    }

    @Test
    void theLiveApiOfGeminiSaysResponseForCandidates() {
        assertThat(meters(UsageFormat.GEMINI, """
                        {"promptTokenCount": 10, "responseTokenCount": 25, "totalTokenCount": 35,
                         "responseTokensDetails": [{"modality": "AUDIO", "tokenCount": 25}]}""")).isEqualTo("context=10 input_tokens=10 output_audio_tokens=25");
    }

    @Test
    void whatACompactionTookIsBilledThoughNoNumberOfTheAnswerHasIt() {
        assertThat(meters(UsageFormat.ANTHROPIC_MESSAGES, """
                        {"input_tokens": 23000, "output_tokens": 1000, "iterations": [
                          {"type": "compaction", "input_tokens": 180000, "output_tokens": 3500,
                           "cache_read_input_tokens": 7},
                          {"type": "message", "input_tokens": 23000, "output_tokens": 1000}]}"""))
                .as("the context band is that of the answer")
                .isEqualTo("context=23000 cache_read_tokens=7 input_tokens=203000 output_tokens=4500");
        assertThat(meters(UsageFormat.ANTHROPIC_MESSAGES, """
                        {"input_tokens": 5, "output_tokens": 1, "iterations": []}""")).isEqualTo("context=5 input_tokens=5 output_tokens=1");
    }

    @Test
    void mistralsDetailsAreOfThePromptAndTheAudioTogether() {
        assertThat(meters(UsageFormat.MISTRAL, """
                        {"prompt_audio_seconds": 12, "prompt_tokens": 3, "completion_tokens": 41, "total_tokens": 419,
                         "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 375}}"""))
                .isEqualTo("context=378 audio_ms=12000 input_audio_tokens=375 input_tokens=3 output_tokens=41");
        assertThat(meters(UsageFormat.MISTRAL, """
                        {"prompt_audio_seconds": 12, "prompt_tokens": 5, "completion_tokens": 24, "total_tokens": 404,
                         "num_cached_tokens": 368}"""))
                .isEqualTo("context=380 audio_ms=12000 cache_read_audio_tokens=363 cache_read_tokens=5"
                        + " input_audio_tokens=12 input_tokens=0 output_tokens=24");
    }

    @Test
    void wholeNumbersMayBeWrittenAsDecimals() {
        assertThat(meters(UsageFormat.COHERE, """
                        {"billed_units": {"input_tokens": 2406.0, "output_tokens": 2.0}}""")).isEqualTo("context=2406 input_tokens=2406 output_tokens=2");
    }

    @Test
    void detailsMayBeNull() {
        assertThat(meters(UsageFormat.VLLM, """
                        {"prompt_tokens": 30, "total_tokens": 49, "completion_tokens": 19,
                         "prompt_tokens_details": null, "completion_tokens_details": null}""")).isEqualTo("context=30 input_tokens=30 output_tokens=19");
        assertThat(meters(UsageFormat.VLLM, """
                        {"prompt_tokens": 30, "total_tokens": 30, "completion_tokens": null,
                         "prompt_tokens_details": {"cached_tokens": 16}}""")).isEqualTo("context=30 cache_read_tokens=16 input_tokens=14");
    }

    @Test
    void anthropicCountsCachedTokensOutsideAndWritesByLifetime() {
        assertThat(meters(UsageFormat.ANTHROPIC_MESSAGES, """
                        {"input_tokens": 1, "cache_read_input_tokens": 20, "cache_creation_input_tokens": 4300,
                         "cache_creation": {"ephemeral_5m_input_tokens": 300, "ephemeral_1h_input_tokens": 4000},
                         "output_tokens": 9, "output_tokens_details": {"thinking_tokens": 7},
                         "server_tool_use": {"web_search_requests": 2, "web_fetch_requests": 5},
                         "service_tier": "standard", "inference_geo": "eu"}"""))
                .isEqualTo("context=4321 cache_read_tokens=20 cache_write_1h_tokens=4000 cache_write_5m_tokens=300"
                        + " input_tokens=1 output_tokens=2 reasoning_tokens=7 search_queries=2");
        assertThat(meters(UsageFormat.ANTHROPIC_MESSAGES, """
                        {"input_tokens": 1, "cache_creation_input_tokens": 300, "cache_creation": null,
                         "cache_read_input_tokens": null, "output_tokens": 0, "server_tool_use": null}"""))
                .isEqualTo("context=301 cache_write_5m_tokens=300 input_tokens=1");
        assertThat(meters(UsageFormat.ANTHROPIC_MESSAGES, """
                        {"input_tokens": 1, "cache_creation": {"ephemeral_1h_input_tokens": 40}, "output_tokens": 2}"""))
                .isEqualTo("context=41 cache_write_1h_tokens=40 input_tokens=1 output_tokens=2");
    }

    @Test
    void bedrockCountsCachedTokensOutsideButInTheTotal() {
        assertThat(meters(UsageFormat.BEDROCK_CONVERSE, """
                        {"inputTokens": 1, "outputTokens": 5, "cacheReadInputTokens": 20, "cacheWriteInputTokens": 4300,
                         "cacheDetails": [{"ttl": "1h", "inputTokens": 4000}, {"ttl": "5m", "inputTokens": 300}],
                         "totalTokens": 4326}"""))
                .isEqualTo("context=4321 cache_read_tokens=20 cache_write_1h_tokens=4000 cache_write_5m_tokens=300"
                        + " input_tokens=1 output_tokens=5");
        assertThat(meters(UsageFormat.BEDROCK_CONVERSE, """
                        {"inputTokens": 7, "outputTokens": 5, "totalTokens": 22, "cacheWriteInputTokenCount": 10,
                         "cacheDetails": []}"""))
                .isEqualTo("context=17 cache_write_5m_tokens=10 input_tokens=7 output_tokens=5");
    }

    @Test
    void geminiCountsThoughtsAndToolPromptsOutsideAndTellsModalities() {
        assertThat(meters(UsageFormat.GEMINI, """
                        {"promptTokenCount": 100, "cachedContentTokenCount": 30, "candidatesTokenCount": 50,
                         "toolUsePromptTokenCount": 8, "thoughtsTokenCount": 12, "totalTokenCount": 170,
                         "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 40},
                            {"modality": "VIDEO", "tokenCount": 10}, {"modality": "IMAGE", "tokenCount": 20},
                            {"modality": "AUDIO", "tokenCount": 30}],
                         "cacheTokensDetails": [{"modality": "AUDIO", "tokenCount": 5},
                            {"modality": "TEXT", "tokenCount": 25}],
                         "toolUsePromptTokensDetails": [{"modality": "TEXT", "tokenCount": 8}],
                         "candidatesTokensDetails": [{"modality": "IMAGE", "tokenCount": 45}],
                         "trafficType": "ON_DEMAND"}"""))
                .isEqualTo("context=108 cache_read_audio_tokens=5 cache_read_tokens=25 input_audio_tokens=25"
                        + " input_image_tokens=20 input_tokens=33 output_image_tokens=45 output_tokens=5"
                        + " reasoning_tokens=12");
        assertThat(meters(UsageFormat.GEMINI, "{\"promptTokenCount\": 10, \"totalTokenCount\": 10}"))
                .isEqualTo("context=10 input_tokens=10");
        assertThat(meters(UsageFormat.GEMINI, """
                        {"promptTokenCount": 10, "candidatesTokenCount": 1, "cachedContentTokenCount": 6,
                         "cacheTokensDetails": [{"modality": "AUDIO", "tokenCount": 6}]}"""))
                .isEqualTo("context=10 cache_read_audio_tokens=6 input_tokens=4 output_tokens=1");
    }

    @Test
    void aModalityThatNobodyKnowsIsTextAndReported() {
        Normalisation.Normalised read = normalised(UsageFormat.GEMINI, """
                {"promptTokenCount": 10, "candidatesTokenCount": 1,
                 "promptTokensDetails": [{"modality": "SMELL", "tokenCount": 6}]}""");
        assertThat(meters(read)).isEqualTo("context=10 input_tokens=10 output_tokens=1");
        assertThat(read.unknown().paths()).containsExactly("usage.promptTokensDetails[0].modality");
    }

    @Test
    void mistralHearsTokensThatOnlyTheTotalHas() {
        assertThat(meters(UsageFormat.MISTRAL, """
                        {"prompt_audio_seconds": 203, "prompt_tokens": 4, "total_tokens": 3264,
                         "completion_tokens": 635}"""))
                .isEqualTo("context=2629 audio_ms=203000 input_audio_tokens=2625 input_tokens=4 output_tokens=635");
        assertThat(meters(UsageFormat.MISTRAL, """
                        {"prompt_tokens": 70, "completion_tokens": 12, "total_tokens": 82,
                         "prompt_tokens_details": {"cached_tokens": 64}, "num_cached_tokens": 64}"""))
                .isEqualTo("context=70 cache_read_tokens=64 input_tokens=6 output_tokens=12");
    }

    @Test
    void deepSeeksPromptIsHitsAndMisses() {
        assertThat(meters(UsageFormat.DEEPSEEK, """
                        {"prompt_tokens": 70, "completion_tokens": 12, "total_tokens": 82,
                         "prompt_cache_hit_tokens": 64, "prompt_cache_miss_tokens": 6}"""))
                .isEqualTo("context=70 cache_read_tokens=64 input_tokens=6 output_tokens=12");
    }

    @Test
    void xAiCountsReasoningOutsideInChatAndInsideInResponses() {
        assertThat(meters(UsageFormat.XAI_CHAT, """
                        {"prompt_tokens": 20, "completion_tokens": 5, "total_tokens": 32, "num_sources_used": 3,
                         "completion_tokens_details": {"reasoning_tokens": 7}}"""))
                .isEqualTo("context=20 input_tokens=20 output_tokens=5 reasoning_tokens=7 search_sources=3");
        assertThat(meters(UsageFormat.XAI_RESPONSES, """
                        {"input_tokens": 20, "output_tokens": 12, "total_tokens": 32,
                         "output_tokens_details": {"reasoning_tokens": 7}, "num_server_side_tools_used": 10,
                         "server_side_tool_usage_details": {"web_search_calls": 2, "x_search_calls": 3, "mcp_calls": 4},
                         "context_details": {"input_tokens": 15, "output_tokens": 12}}"""))
                .as("one call is of a tool without a name here; the last step's prompt is the context")
                .isEqualTo(
                        "context=15 input_tokens=20 output_tokens=5 reasoning_tokens=7 search_queries=5 tool_calls=5");
    }

    @Test
    void cohereIsMeteredByItsBilledUnits() {
        assertThat(meters(UsageFormat.COHERE, """
                        {"billed_units": {"input_tokens": 2406, "output_tokens": 2}, "cached_tokens": 2928,
                         "tokens": {"input_tokens": 2935, "output_tokens": 4}}""")).isEqualTo("context=2935 input_tokens=2406 output_tokens=2");
        assertThat(meters(UsageFormat.COHERE, "{\"billed_units\": {\"search_units\": 3}, \"api_version\": {}}"))
                .isEqualTo("context=0 input_tokens=0 search_queries=3");
        assertThat(meters(UsageFormat.COHERE, "{\"billed_units\": {\"images\": 2, \"input_tokens\": 5}}"))
                .isEqualTo("context=5 images=2 input_tokens=5");
    }

    @Test
    void anAnswerThatUsedNothingIsStillAnEvent() {
        assertThat(meters(UsageFormat.OPENAI_CHAT, """
                        {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}""")).isEqualTo("context=0 input_tokens=0");
    }

    @Test
    void whatIsNotKnownIsIgnoredButReportedWithItsPath() {
        UnknownFields unknown = normalised(UsageFormat.OPENAI_CHAT, """
                        {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5, "mood": {"a": 1, "b": 2},
                         "prompt_tokens_details": {"cached_tokens": 0, "smell_tokens": 1.5},
                         "tab\\there": null}""").unknown();
        assertThat(unknown)
                .isEqualTo(new UnknownFields(
                        UsageFormat.OPENAI_CHAT,
                        3,
                        List.of("usage.mood", "usage.tab?here", "usage.prompt_tokens_details.smell_tokens")));
    }

    @Test
    void allUnknownFieldsAreCountedButOnlySomeAreNamed() {
        String many = IntStream.range(0, 1000)
                .mapToObj(number -> ", \"unknown_" + number + "\": " + number)
                .collect(Collectors.joining("", "{\"prompt_tokens\": 3, \"completion_tokens\": 2", "}"));
        UnknownFields unknown = normalised(UsageFormat.VLLM, many).unknown();
        assertThat(unknown.count()).isEqualTo(1000);
        assertThat(unknown.paths()).hasSize(UnknownFields.PATHS_MAX).contains("usage.unknown_31");
    }
}
