package io.tollgate.ingest.otlp;

import static io.tollgate.ingest.otlp.Otlp.accepted;
import static io.tollgate.ingest.otlp.Otlp.attribute;
import static io.tollgate.ingest.otlp.Otlp.meters;
import static io.tollgate.ingest.otlp.Otlp.read;
import static io.tollgate.ingest.otlp.Otlp.rejected;
import static io.tollgate.ingest.otlp.Otlp.span;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.tollgate.emitter.rules.RejectionReason;
import io.tollgate.events.Dimensions;
import io.tollgate.events.EventIdentity;
import io.tollgate.events.UsageEvent;
import io.tollgate.ingest.cloudevents.Parsed;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Spans as instrumentations make them, and by hand what they come to. */
class TracesTest {

    private static Map<String, Object> chat(String provider, String model, Map<String, Object> more) {
        Map<String, Object> attributes = new HashMap<>(Map.of(
                "gen_ai.operation.name",
                "chat",
                "gen_ai.provider.name",
                provider,
                "gen_ai.request.model",
                model,
                "gen_ai.usage.input_tokens",
                100,
                "gen_ai.usage.output_tokens",
                180));
        attributes.putAll(more);
        return attributes;
    }

    private static Map<String, Object> without(String name, Map<String, Object> attributes) {
        Map<String, Object> less = new HashMap<>(attributes);
        less.remove(name);
        return less;
    }

    private static final Map<String, Object> CHAT = chat("openai", "gpt-4o", Map.of());

    @Test
    void openAiWithCacheAndReasoning() {
        UsageEvent event = accepted(read(span(chat(
                "openai",
                "gpt-4o",
                Map.of(
                        "gen_ai.response.model",
                        "gpt-4o-2024-08-06",
                        "gen_ai.usage.input_tokens",
                        2006,
                        "gen_ai.usage.cache_read.input_tokens",
                        1920,
                        "gen_ai.usage.output_tokens",
                        300,
                        "gen_ai.usage.reasoning.output_tokens",
                        256,
                        "openai.response.service_tier",
                        "default",
                        "tollgate.region",
                        "westeurope",
                        "tollgate.accelerator_type",
                        "maia-100")))));
        assertThat(meters(event))
                .isEqualTo("context=2006 cache_read_tokens=1920 input_tokens=86 output_tokens=44 reasoning_tokens=256");
        assertThat(event.getSource()).isEqualTo("otlp:shop/search");
        assertThat(event.getId()).isEqualTo("5b8efff798038103d269b633813fc60c-eee19b7ec3c1b174");
        assertThat(event.getTime()).as("the end, cut").isEqualTo(Instant.parse("2026-11-16T18:17:03.979960Z"));
        assertThat(event.getDimensions())
                .isEqualTo(new Dimensions(
                        "acme",
                        "search",
                        Map.of("team", "discovery"),
                        "openai",
                        "gpt-4o-2024-08-06",
                        "gpt-4o",
                        "maia-100",
                        "westeurope",
                        "chat",
                        "standard",
                        "success"));
    }

    @Test
    void anthropicWithAWrittenCache() {
        // input_tokens 6 + 20443 read + 574 written: the conventions want their sum.
        UsageEvent event = accepted(read(span(chat(
                "anthropic",
                "claude-3-5-sonnet",
                Map.of(
                        "gen_ai.usage.input_tokens", 21_023,
                        "gen_ai.usage.cache_read.input_tokens", 20_443,
                        "gen_ai.usage.cache_creation.input_tokens", 574,
                        "gen_ai.usage.output_tokens", 489)))));
        assertThat(meters(event))
                .isEqualTo(
                        "context=21023 cache_read_tokens=20443 cache_write_5m_tokens=574 input_tokens=6 output_tokens=489");
        assertThat(event.getDimensions().getProvider()).isEqualTo("anthropic");
        assertThat(event.getDimensions().getRequestedModel()).isEmpty();
    }

    @Test
    void bedrockStaysItsOwnProviderAndTellsErrors() {
        UsageEvent event = accepted(read(span(chat(
                "aws.bedrock",
                "anthropic.claude-3-5-sonnet-20241022-v2:0",
                Map.of("error.type", "timeout", "aws.bedrock.guardrail.id", "g")))));
        assertThat(meters(event)).isEqualTo("context=100 input_tokens=100 output_tokens=180");
        assertThat(event.getDimensions().getProvider()).isEqualTo("aws.bedrock");
        assertThat(event.getDimensions().getOutcome()).isEqualTo("timeout");
    }

    @Test
    void geminiGeneratesContentAndThinks() {
        UsageEvent event = accepted(read(span(chat(
                "gcp.vertex_ai",
                "gemini-2.5-pro",
                Map.of(
                        "gen_ai.operation.name", "generate_content",
                        "gen_ai.usage.output_tokens", 1500,
                        "gen_ai.usage.reasoning.output_tokens", 1100)))));
        assertThat(meters(event)).isEqualTo("context=100 input_tokens=100 output_tokens=400 reasoning_tokens=1100");
        assertThat(event.getDimensions().getProvider()).isEqualTo("google");
        assertThat(event.getDimensions().getOperation()).isEqualTo("chat");
    }

    @Test
    void olderNamesAndOtherOperations() {
        UsageEvent completion = accepted(read(span(Map.of(
                "gen_ai.operation.name", "text_completion",
                "gen_ai.system", "az.ai.openai",
                "gen_ai.request.model", "gpt-35-turbo-instruct",
                "gen_ai.openai.response.service_tier", "scale",
                "gen_ai.usage.prompt_tokens", 42,
                "gen_ai.usage.completion_tokens", 7))));
        assertThat(meters(completion)).isEqualTo("context=42 input_tokens=42 output_tokens=7");
        assertThat(completion.getDimensions().getProvider()).isEqualTo("openai");
        assertThat(completion.getDimensions().getOperation()).isEqualTo("completion");
        assertThat(completion.getDimensions().getServiceTier()).isEqualTo("provisioned");
        UsageEvent embedding = accepted(read(span(Map.of(
                "gen_ai.operation.name", "embeddings",
                "gen_ai.provider.name", "mistral_ai",
                "gen_ai.request.model", "mistral-embed",
                "gen_ai.usage.input_tokens", 900))));
        assertThat(meters(embedding)).isEqualTo("context=900 input_tokens=900");
        assertThat(embedding.getDimensions().getOperation()).isEqualTo("embedding");
    }

    @Test
    void whatTellsNoUsageOrTellsItAgainIsPassedOver() {
        OtlpEvents read = read(
                span(Map.of("http.request.method", "GET")),
                span(chat("openai", "gpt-4o", Map.of("gen_ai.operation.name", "invoke_agent"))),
                span(Map.of("gen_ai.operation.name", "execute_tool")),
                span(CHAT));
        assertThat(accepted(read).getId()).isNotEmpty();
        assertThat(read.passedOver())
                .isEqualTo(Map.of(OtlpEvents.PassedOver.NO_USAGE, 2, OtlpEvents.PassedOver.WRAPPER, 1));
    }

    private static void refused(RejectionReason reason, String words, Map<String, Object> attributes) {
        Parsed.Rejected rejected = rejected(read(span(attributes)));
        assertThat(rejected.detail()).contains(words).endsWith(".");
        assertThat(rejected.reason()).as(rejected.detail()).isEqualTo(reason);
        assertThat(rejected.identity()).hasValue(new EventIdentity("otlp:shop/search", Otlp.TRACE + "-" + Otlp.SPAN));
    }

    @Test
    void whatCannotBeTrustedIsRefusedByName() {
        refused(
                RejectionReason.USAGE_PARTS_EXCEED_WHOLE,
                "gen_ai.usage.input_tokens is 100, but parts of it come to 110",
                chat(
                        "anthropic",
                        "claude",
                        Map.of(
                                "gen_ai.usage.cache_read.input_tokens", 90,
                                "gen_ai.usage.cache_creation.input_tokens", 20)));
        refused(
                RejectionReason.USAGE_PARTS_EXCEED_WHOLE,
                "gen_ai.usage.output_tokens is 180",
                chat("openai", "o3", Map.of("gen_ai.usage.reasoning.output_tokens", 181)));
        refused(
                RejectionReason.USAGE_TOTAL_MISMATCH,
                "By OpenTelemetry's conventions input_tokens includes cached tokens",
                chat("openai", "gpt-4o", Map.of("gen_ai.usage.total_tokens", 281)));
        refused(
                RejectionReason.NEGATIVE_QUANTITY,
                "gen_ai.usage.output_tokens is '-1'",
                chat("openai", "gpt-4o", Map.of("gen_ai.usage.output_tokens", -1)));
        refused(
                RejectionReason.NOT_AN_INTEGER,
                "gen_ai.usage.output_tokens is '1.5'",
                chat("openai", "gpt-4o", Map.of("gen_ai.usage.output_tokens", 1.5)));
        refused(
                RejectionReason.WRONG_TYPE,
                "gen_ai.usage.output_tokens is not an integer but a string",
                chat("openai", "gpt-4o", Map.of("gen_ai.usage.output_tokens", "5")));
        refused(
                RejectionReason.USAGE_FIELD_MISSING,
                "gen_ai.usage.output_tokens is missing",
                without("gen_ai.usage.output_tokens", CHAT));
        refused(
                RejectionReason.MISSING_DIMENSION,
                "model is missing: there is no attribute span:gen_ai.response.model or span:gen_ai.request.model",
                without("gen_ai.request.model", CHAT));
        refused(RejectionReason.MISSING_DIMENSION, "operation is missing", without("gen_ai.operation.name", CHAT));
        refused(RejectionReason.MISSING_DIMENSION, "provider is missing", without("gen_ai.provider.name", CHAT));
        refused(
                RejectionReason.WRONG_TYPE,
                "'tollgate.tenant' is not a string",
                chat("openai", "gpt-4o", Map.of("tollgate.tenant", 7)));
        refused(
                RejectionReason.INVALID_IDENTIFIER,
                "tenant 'a b' is not a tenant's name",
                chat("openai", "gpt-4o", Map.of("tollgate.tenant", "a b")));
    }

    @Test
    void aSpanWithoutATenantIsRefusedAndKeptAsARequestOfItsOwn() {
        ExportTraceServiceRequest request = Otlp.request(
                Otlp.resource(Map.of("service.name", "lost")),
                span(CHAT).setName("first").setEndTimeUnixNano(Otlp.END),
                span(Map.of()).setName("second"));
        OtlpEvents read = Traces.read(request, OtlpMapping.DEFAULT, Otlp.ARRIVAL);
        assertThat(rejected(read).reason()).isEqualTo(RejectionReason.MISSING_DIMENSION);
        assertThat(rejected(read).detail()).startsWith("tenant is missing: there is no attribute tollgate.tenant.");
        byte[] original = read.events().get(0).original().get();
        assertThat(new String(original, StandardCharsets.UTF_8))
                .startsWith("{\"resourceSpans\":[{\"resource\":{\"attributes\":[{\"key\":\"service.name\"")
                .contains("\"traceId\":\"" + Otlp.TRACE + "\",\"spanId\":\"" + Otlp.SPAN + "\"")
                .contains("\"kind\":3")
                .doesNotContain("second");
        ExportTraceServiceRequest.Builder again = ExportTraceServiceRequest.newBuilder();
        assertThat(OtlpEncoding.JSON.read(original, again)).isEmpty();
        assertThat(again.build())
                .isEqualTo(Otlp.request(
                        Otlp.resource(Map.of("service.name", "lost")),
                        span(CHAT).setName("first").setEndTimeUnixNano(Otlp.END)));
    }

    @Test
    void whatJsonWouldBlowUpIsKeptInProtobuf() {
        Map<String, Object> attributes =
                without("gen_ai.provider.name", chat("openai", "gpt-4o", Map.of("prompt", "\u0001".repeat(3 << 20))));
        ExportTraceServiceRequest request = Otlp.request(Otlp.resource(), span(attributes));
        byte[] original = Traces.read(request, OtlpMapping.DEFAULT, Otlp.ARRIVAL)
                .events()
                .get(0)
                .original()
                .get();
        assertThat(original).hasSizeLessThan(4 << 20);
        ExportTraceServiceRequest.Builder again = ExportTraceServiceRequest.newBuilder();
        assertThat(OtlpEncoding.PROTOBUF.read(original, again)).isEmpty();
        assertThat(again.build()).isEqualTo(request);
    }

    @Test
    void withoutIdsOrEndThereIsNoIdentity() {
        for (ByteString id : List.of(ByteString.EMPTY, ByteString.copyFrom(new byte[8]), Otlp.bytes(Otlp.TRACE))) {
            Parsed.Rejected rejected = rejected(read(span(CHAT).setSpanId(id)));
            assertThat(rejected.reason()).isEqualTo(RejectionReason.MISSING_ATTRIBUTE);
            assertThat(rejected.identity()).isEmpty();
        }
        assertThat(rejected(read(span(CHAT).setEndTimeUnixNano(0))).detail()).startsWith("endTimeUnixNano is missing.");
        assertThat(rejected(read(span(CHAT).setEndTimeUnixNano(-1))).reason())
                .as("unsigned, so it is far ahead")
                .isEqualTo(RejectionReason.TIME_IN_FUTURE);
    }

    @Test
    void anAttributeWithTwoValuesIsRefusedOnlyWhereItMatters() {
        assertThat(rejected(read(span(CHAT).addAttributes(attribute("gen_ai.usage.input_tokens", 5))))
                        .reason())
                .isEqualTo(RejectionReason.MALFORMED_OTLP);
        assertThat(meters(accepted(read(span(CHAT)
                        .addAttributes(attribute("gen_ai.usage.input_tokens", 100))
                        .addAttributes(attribute("x", 1))
                        .addAttributes(attribute("x", 2))))))
                .isEqualTo("context=100 input_tokens=100 output_tokens=180");
    }

    @Test
    void aMappingSaysWhereToLook() {
        OtlpMapping mapping = OtlpMapping.parse("""
                tenant: ["resource:customer"]
                source: []
                tags: {cost_center: [cc]}
                providers: {aws.bedrock: bedrock}
                wrappers: []
                operations: {invoke_agent: agent}
                """);
        Map<String, Object> attributes = chat(
                "aws.bedrock", "m", Map.of("customer", "forged", "cc", "17", "gen_ai.operation.name", "invoke_agent"));
        UsageEvent event = accepted(Traces.read(
                Otlp.request(Otlp.resource(Map.of("customer", "acme")), span(attributes)), mapping, Otlp.ARRIVAL));
        assertThat(event.getDimensions().getTenant()).isEqualTo("acme");
        assertThat(event.getDimensions().getTags()).isEqualTo(Map.of("cost_center", "17"));
        assertThat(event.getDimensions().getProvider()).isEqualTo("bedrock");
        assertThat(event.getDimensions().getOperation()).isEqualTo("agent");
        assertThat(event.getSource()).isEqualTo("otlp");
    }

    @Test
    void fieldsThatAreNotKnownAreCounted() {
        Parsed parsed = read(span(chat("openai", "gpt-4o", Map.of("gen_ai.usage.mood", 3))))
                .events()
                .get(0)
                .parsed();
        assertThat(((Parsed.Accepted) parsed).unknown().map(fields -> fields.paths()))
                .isEqualTo(Optional.of(List.of("gen_ai.usage.mood")));
    }
}
