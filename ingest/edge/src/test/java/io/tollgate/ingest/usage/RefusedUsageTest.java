package io.tollgate.ingest.usage;

import static io.tollgate.ingest.usage.Read.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.emitter.rules.RejectionReason;
import org.junit.jupiter.api.Test;

/** Bodies that contradict themselves, or are none. */
class RefusedUsageTest {

    private static final String CHAT = "{\"prompt_tokens\": %s, \"completion_tokens\": 2}";

    @Test
    void partsMustAddUpToTheTotal() {
        assertThat(refused(RejectionReason.USAGE_TOTAL_MISMATCH, UsageFormat.OPENAI_CHAT, """
                        {"prompt_tokens": 11, "completion_tokens": 809, "total_tokens": 821}"""))
                .isEqualTo("usage.total_tokens is 821, but its parts add up to 820: prompt_tokens 11,"
                        + " completion_tokens 809.");
        assertThat(refused(RejectionReason.USAGE_TOTAL_MISMATCH, UsageFormat.BEDROCK_CONVERSE, """
                        {"inputTokens": 3, "outputTokens": 61, "cacheReadInputTokens": 2074, "totalTokens": 64}"""))
                .contains("usage.totalTokens is 64", "2138");
        assertThat(refused(RejectionReason.USAGE_TOTAL_MISMATCH, UsageFormat.GEMINI, """
                        {"promptTokenCount": 10, "candidatesTokenCount": 5, "thoughtsTokenCount": 3,
                         "totalTokenCount": 15}"""))
                .contains("usage.totalTokenCount is 15", "18");
        assertThat(refused(RejectionReason.USAGE_TOTAL_MISMATCH, UsageFormat.MISTRAL, """
                        {"prompt_tokens": 4, "completion_tokens": 635, "total_tokens": 3264}"""))
                .contains("3264", "639");
    }

    @Test
    void oneVendorsBodyIsNotTakenForAnothers() {
        String ofXai = """
                {"prompt_tokens": 26, "completion_tokens": 168, "total_tokens": 498,
                 "completion_tokens_details": {"reasoning_tokens": 304}}""";
        assertThat(refused(RejectionReason.USAGE_TOTAL_MISMATCH, UsageFormat.OPENAI_CHAT, ofXai))
                .contains("498", "194");
        String ofOpenAi = """
                {"prompt_tokens": 26, "completion_tokens": 472, "total_tokens": 498,
                 "completion_tokens_details": {"reasoning_tokens": 304}}""";
        assertThat(refused(RejectionReason.USAGE_TOTAL_MISMATCH, UsageFormat.XAI_CHAT, ofOpenAi))
                .contains("498", "802");
        assertThat(refused(RejectionReason.USAGE_FIELD_MISSING, UsageFormat.ANTHROPIC_MESSAGES, ofOpenAi))
                .isEqualTo("usage.input_tokens is missing.");
    }

    @Test
    void sumsWithinThePromptMustHoldToo() {
        assertThat(refused(RejectionReason.USAGE_TOTAL_MISMATCH, UsageFormat.ANTHROPIC_MESSAGES, """
                        {"input_tokens": 6, "output_tokens": 1, "cache_creation_input_tokens": 574,
                         "cache_creation": {"ephemeral_5m_input_tokens": 500, "ephemeral_1h_input_tokens": 0}}"""))
                .contains("usage.cache_creation_input_tokens is 574", "500");
        assertThat(refused(RejectionReason.USAGE_TOTAL_MISMATCH, UsageFormat.DEEPSEEK, """
                        {"prompt_tokens": 563, "completion_tokens": 1, "prompt_cache_hit_tokens": 512,
                         "prompt_cache_miss_tokens": 50}"""))
                .contains("usage.prompt_tokens is 563", "562");
        assertThat(refused(RejectionReason.USAGE_TOTAL_MISMATCH, UsageFormat.BEDROCK_CONVERSE, """
                        {"inputTokens": 3, "outputTokens": 61, "cacheWriteInputTokens": 9,
                         "cacheDetails": [{"ttl": "1h", "inputTokens": 8}]}"""))
                .contains("usage.cacheWriteInputTokens is 9", "8");
        assertThat(refused(RejectionReason.USAGE_TOTAL_MISMATCH, UsageFormat.MISTRAL, """
                        {"prompt_tokens": 9, "completion_tokens": 1, "num_cached_tokens": 3,
                         "prompt_tokens_details": {"cached_tokens": 4}}"""))
                .isEqualTo("usage.num_cached_tokens is 3, but usage.prompt_tokens_details.cached_tokens is 4.");
    }

    @Test
    void iterationsThatAreNoCompactionMakeTheNumbersBesideThem() {
        assertThat(refused(RejectionReason.USAGE_TOTAL_MISMATCH, UsageFormat.ANTHROPIC_MESSAGES, """
                        {"input_tokens": 23000, "output_tokens": 1000, "iterations": [
                          {"type": "advisor_message", "input_tokens": 500, "output_tokens": 10},
                          {"type": "message", "input_tokens": 23000, "output_tokens": 1000}]}"""))
                .contains("usage.input_tokens is 23000", "23500", "advisor_message 500");
        assertThat(refused(RejectionReason.USAGE_TOTAL_MISMATCH, UsageFormat.MISTRAL, """
                        {"prompt_audio_seconds": 12, "prompt_tokens": 3, "completion_tokens": 41, "total_tokens": 419,
                         "prompt_tokens_details": {"audio_tokens": 374}}"""))
                .contains("374", "375");
    }

    @Test
    void partsNeverExceedTheirWhole() {
        assertThat(refused(RejectionReason.USAGE_PARTS_EXCEED_WHOLE, UsageFormat.OPENAI_CHAT, """
                        {"prompt_tokens": 10, "completion_tokens": 2, "prompt_tokens_details": {"cached_tokens": 11}}"""))
                .startsWith("usage.prompt_tokens is 10, but parts of it come to 11");
        assertThat(refused(RejectionReason.USAGE_PARTS_EXCEED_WHOLE, UsageFormat.OPENAI_RESPONSES, """
                        {"input_tokens": 10, "output_tokens": 2, "output_tokens_details": {"reasoning_tokens": 3}}"""))
                .startsWith("usage.output_tokens is 2, but parts of it come to 3");
        assertThat(refused(RejectionReason.USAGE_PARTS_EXCEED_WHOLE, UsageFormat.OPENAI_CHAT, """
                        {"prompt_tokens": 10, "completion_tokens": 9,
                         "completion_tokens_details": {"reasoning_tokens": 5, "audio_tokens": 5}}"""))
                .contains("is 9", "come to 10");
        refused(RejectionReason.USAGE_PARTS_EXCEED_WHOLE, UsageFormat.ANTHROPIC_MESSAGES, """
                {"input_tokens": 6, "output_tokens": 1, "output_tokens_details": {"thinking_tokens": 2}}""");
        refused(RejectionReason.USAGE_PARTS_EXCEED_WHOLE, UsageFormat.GEMINI, """
                {"promptTokenCount": 6, "candidatesTokenCount": 1, "cachedContentTokenCount": 7}""");
        refused(RejectionReason.USAGE_PARTS_EXCEED_WHOLE, UsageFormat.GEMINI, """
                {"promptTokenCount": 6, "candidatesTokenCount": 1,
                 "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 7}]}""");
        assertThat(refused(RejectionReason.USAGE_PARTS_EXCEED_WHOLE, UsageFormat.GEMINI, """
                        {"promptTokenCount": 6, "candidatesTokenCount": 1, "cachedContentTokenCount": 5,
                         "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 6}],
                         "cacheTokensDetails": [{"modality": "AUDIO", "tokenCount": 5}]}"""))
                .contains("6 tokens of text, 0 of images and 0 of audio", "5 of audio");
        refused(RejectionReason.USAGE_PARTS_EXCEED_WHOLE, UsageFormat.COHERE, """
                {"billed_units": {"input_tokens": 6}, "cached_tokens": 8, "tokens": {"input_tokens": 7}}""");
        refused(RejectionReason.USAGE_PARTS_EXCEED_WHOLE, UsageFormat.XAI_RESPONSES, """
                {"input_tokens": 6, "output_tokens": 1, "context_details": {"input_tokens": 7}}""");
        refused(RejectionReason.USAGE_PARTS_EXCEED_WHOLE, UsageFormat.XAI_RESPONSES, """
                {"input_tokens": 6, "output_tokens": 1, "num_server_side_tools_used": 1,
                 "server_side_tool_usage_details": {"web_search_calls": 2}}""");
    }

    @Test
    void whatIsRequiredIsNamedWhenItIsMissing() {
        assertThat(refused(RejectionReason.USAGE_FIELD_MISSING, UsageFormat.OPENAI_CHAT, "{\"completion_tokens\": 2}"))
                .isEqualTo("usage.prompt_tokens is missing.");
        assertThat(refused(RejectionReason.USAGE_FIELD_MISSING, UsageFormat.OPENAI_CHAT, CHAT.formatted("null")))
                .isEqualTo("usage.prompt_tokens is missing.");
        assertThat(refused(RejectionReason.USAGE_FIELD_MISSING, UsageFormat.OPENAI_CHAT, "{\"prompt_tokens\": 2}"))
                .as("without a total nothing proves that there was no answer")
                .isEqualTo("usage.completion_tokens is missing.");
        assertThat(refused(RejectionReason.USAGE_FIELD_MISSING, UsageFormat.BEDROCK_CONVERSE, """
                        {"inputTokens": 3, "outputTokens": 61, "cacheDetails": [{"ttl": "5m"}]}"""))
                .isEqualTo("usage.cacheDetails[0].inputTokens is missing.");
        refused(RejectionReason.USAGE_FIELD_MISSING, UsageFormat.COHERE, "{\"tokens\": {\"input_tokens\": 1}}");
        for (UsageFormat format : UsageFormat.values()) {
            refused(RejectionReason.USAGE_FIELD_MISSING, format, "{}");
        }
    }

    @Test
    void amountsAreWholeNumbersThatFitIntoALong() {
        UsageFormat format = UsageFormat.OPENAI_CHAT;
        assertThat(refused(RejectionReason.WRONG_TYPE, format, CHAT.formatted("\"7\"")))
                .isEqualTo("usage.prompt_tokens is not an integer but a string.");
        assertThat(refused(RejectionReason.NEGATIVE_QUANTITY, format, CHAT.formatted("-1")))
                .isEqualTo("usage.prompt_tokens is '-1'.");
        refused(RejectionReason.NOT_AN_INTEGER, format, CHAT.formatted("1.5"));
        refused(RejectionReason.NOT_AN_INTEGER, format, CHAT.formatted("9007199254740993.0"));
        refused(RejectionReason.NOT_AN_INTEGER, format, CHAT.formatted("1e3"));
        assertThat(refused(RejectionReason.INTEGER_OUT_OF_RANGE, format, CHAT.formatted("9223372036854775808")))
                .isEqualTo("usage.prompt_tokens is '9223372036854775808'.");
        assertThat(Read.meters(format, CHAT.formatted("9223372036854775807")))
                .isEqualTo("context=9223372036854775807 input_tokens=9223372036854775807 output_tokens=2");
        refused(RejectionReason.INTEGER_OUT_OF_RANGE, UsageFormat.ANTHROPIC_MESSAGES, """
                {"input_tokens": 9223372036854775807, "cache_read_input_tokens": 1, "output_tokens": 0}""");
        refused(RejectionReason.INTEGER_OUT_OF_RANGE, UsageFormat.MISTRAL, """
                {"prompt_tokens": 1, "completion_tokens": 0, "prompt_audio_seconds": 9223372036854775807}""");
    }

    @Test
    void whatIsOfTheWrongTypeIsNamed() {
        UsageFormat format = UsageFormat.OPENAI_CHAT;
        for (String body : new String[] {"[]", "7", "\"{}\"", "null", "true"}) {
            refused(RejectionReason.WRONG_TYPE, format, body);
        }
        assertThat(refused(RejectionReason.WRONG_TYPE, format, """
                        {"prompt_tokens": 10, "completion_tokens": 2, "prompt_tokens_details": [1]}"""))
                .isEqualTo("usage.prompt_tokens_details is not an object but an array.");
        assertThat(refused(RejectionReason.WRONG_TYPE, format, """
                        {"prompt_tokens": 10, "completion_tokens": 2,
                         "prompt_tokens_details": {"cached_tokens": true}}"""))
                .isEqualTo("usage.prompt_tokens_details.cached_tokens is not an integer but a boolean.");
        assertThat(refused(RejectionReason.WRONG_TYPE, UsageFormat.GEMINI, """
                        {"promptTokenCount": 6, "candidatesTokenCount": 1, "promptTokensDetails": [null]}"""))
                .isEqualTo("usage.promptTokensDetails[0] is not an object but null.");
        refused(RejectionReason.WRONG_TYPE, UsageFormat.GEMINI, """
                {"promptTokenCount": 6, "candidatesTokenCount": 1, "promptTokensDetails": {}}""");
        assertThat(refused(RejectionReason.WRONG_TYPE, UsageFormat.BEDROCK_CONVERSE, """
                        {"inputTokens": 3, "outputTokens": 61, "cacheDetails": [{"ttl": "1d", "inputTokens": 3}]}"""))
                .isEqualTo("usage.cacheDetails[0].ttl is '1d', but 5m or 1h is known.");
    }
}
