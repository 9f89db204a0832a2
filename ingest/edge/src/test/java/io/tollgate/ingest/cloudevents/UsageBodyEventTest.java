package io.tollgate.ingest.cloudevents;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.emitter.rules.RejectionReason;
import io.tollgate.events.EventIdentity;
import io.tollgate.events.UsageEvent;
import io.tollgate.ingest.usage.UnknownFields;
import io.tollgate.ingest.usage.UsageFormat;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Events that carry a provider's own usage object instead of quantities. */
class UsageBodyEventTest {

    private static final Instant ARRIVAL = Instant.parse("2026-01-02T00:00:00Z");
    private static final String USAGE = """
            "usageFormat":"openai_chat","usage":{"prompt_tokens":100,"completion_tokens":20,"total_tokens":120,\
            "prompt_tokens_details":{"cached_tokens":64},"completion_tokens_details":{"reasoning_tokens":5}}""";

    private static Parsed parse(String amounts) {
        String event = """
                {"specversion":"1.0","type":"io.tollgate.usage.v1","source":"s","id":"1","time":"2023-11-16T18:17:03Z",\
                "data":{"tenant":"acme","provider":"openai","model":"gpt-4o",%s}}""".formatted(amounts);
        return CloudEventParser.parse(event, EventDefaults.NONE, ARRIVAL);
    }

    private static UsageEvent accepted(String amounts) {
        Parsed parsed = parse(amounts);
        assertThat(parsed).isInstanceOf(Parsed.Accepted.class);
        return ((Parsed.Accepted) parsed).event();
    }

    private static String rejected(RejectionReason reason, String amounts) {
        Parsed parsed = parse(amounts);
        assertThat(parsed).isInstanceOf(Parsed.Rejected.class);
        Parsed.Rejected rejected = (Parsed.Rejected) parsed;
        assertThat(rejected.reason()).as(rejected.detail()).isEqualTo(reason);
        assertThat(rejected.detail()).endsWith(reason.advice());
        assertThat(rejected.identity()).hasValue(new EventIdentity("s", "1"));
        return rejected.detail();
    }

    @Test
    void theBodyBecomesDisjointMetersAndTellsThePromptsSize() {
        UsageEvent event = accepted(USAGE);
        assertThat(event.getQuantities())
                .isEqualTo(Map.of(
                        "input_tokens", 36L, "cache_read_tokens", 64L, "output_tokens", 15L, "reasoning_tokens", 5L));
        assertThat(event.getContextTokens()).isEqualTo(100);
    }

    @Test
    void itGivesTheSameEventAsTheQuantitiesThatItStandsFor() {
        assertThat(accepted("\"quantities\":{\"input_tokens\":36,\"cache_read_tokens\":64,\"output_tokens\":15,"
                        + "\"reasoning_tokens\":5}"))
                .isEqualTo(accepted(USAGE));
        assertThat(accepted("\"quantities\":{\"input_tokens\":1,\"input_audio_tokens\":20,\"input_image_tokens\":300,"
                                + "\"cache_read_audio_tokens\":4000,\"cache_read_image_tokens\":50000}")
                        .getContextTokens())
                .isEqualTo(54321);
    }

    @Test
    void thePromptsSizeIsDerivedUnlessItIsGiven() {
        assertThat(accepted("\"contextTokens\":7," + USAGE).getContextTokens()).isEqualTo(7);
        assertThat(accepted("\"contextTokens\":null," + USAGE).getContextTokens())
                .isEqualTo(100);
    }

    @Test
    void unknownFieldsAreHandedOn() {
        assertThat(parse(USAGE)).isEqualTo(new Parsed.Accepted(accepted(USAGE)));
        Parsed parsed = parse(USAGE.replace("\"total_tokens\"", "\"queue_time\":0.14,\"total_tokens\""));
        assertThat(parsed)
                .extracting("unknown.value")
                .isEqualTo(new UnknownFields(UsageFormat.OPENAI_CHAT, 1, List.of("data.usage.queue_time")));
        assertThat(parsed).extracting("event").isEqualTo(accepted(USAGE));
    }

    @Test
    void bothAreRefusedAndSoIsHalfOfIt() {
        rejected(RejectionReason.USAGE_WITH_QUANTITIES, "\"quantities\":{\"input_tokens\":1}," + USAGE);
        rejected(RejectionReason.USAGE_WITH_QUANTITIES, "\"quantities\":{}," + USAGE);
        rejected(RejectionReason.USAGE_FIELD_MISSING, "\"quantities\":{\"input_tokens\":1},\"usageFormat\":\"gemini\"");
        rejected(RejectionReason.USAGE_FIELD_MISSING, "\"usage\":null,\"usageFormat\":\"gemini\"");
        assertThat(rejected(RejectionReason.UNKNOWN_USAGE_FORMAT, "\"usage\":{}"))
                .startsWith("data.usageFormat is missing; known are openai_chat,");
        assertThat(rejected(RejectionReason.UNKNOWN_USAGE_FORMAT, "\"usage\":{},\"usageFormat\":\"chat\\t\""))
                .startsWith("data.usageFormat is 'chat?'; known are openai_chat,");
        rejected(RejectionReason.WRONG_TYPE, "\"usage\":{},\"usageFormat\":1");
        assertThat(accepted("\"usage\":null,\"usageFormat\":null,\"quantities\":{\"input_tokens\":1}")
                        .getQuantities())
                .isEqualTo(Map.of("input_tokens", 1L));
    }

    @Test
    void aRefusedBodyNamesTheFieldAndTheNumbers() {
        assertThat(rejected(RejectionReason.USAGE_TOTAL_MISMATCH, USAGE.replace(":120", ":121")))
                .startsWith("data.usage.total_tokens is 121, but its parts add up to 120: prompt_tokens 100,"
                        + " completion_tokens 20.");
        assertThat(rejected(RejectionReason.USAGE_PARTS_EXCEED_WHOLE, USAGE.replace(":64", ":101")))
                .startsWith("data.usage.prompt_tokens is 100, but parts of it come to 101");
        assertThat(rejected(RejectionReason.NOT_AN_INTEGER, USAGE.replace(":64", ":64.5")))
                .startsWith("data.usage.prompt_tokens_details.cached_tokens is '64.5'.");
        assertThat(rejected(RejectionReason.WRONG_TYPE, "\"usage\":[],\"usageFormat\":\"cohere\""))
                .startsWith("data.usage is not an object but an array.");
        rejected(RejectionReason.POSITIVE_REVERSAL, "\"reverses\":{\"source\":\"s\",\"id\":\"0\"}," + USAGE);
    }
}
