package io.tollgate.ingest.rejected;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.emitter.rules.RejectionReason;
import io.tollgate.events.Dimensions;
import io.tollgate.events.UsageEvent;
import io.tollgate.ingest.cloudevents.CloudEventWriter;
import io.tollgate.ingest.cloudevents.Parsed;
import io.tollgate.ingest.otlp.OtlpMapping;
import io.tollgate.ingest.rejected.Original.Kind;
import io.tollgate.schemas.Codec;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OriginalTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private static UsageEvent event(String tenant) {
        return UsageEvent.newBuilder()
                .setSource("gateway")
                .setId("1")
                .setTime(NOW)
                .setDimensions(Dimensions.newBuilder()
                        .setTenant(tenant)
                        .setProvider("openai")
                        .setModel("gpt-4o")
                        .build())
                .setContextTokens(7)
                .setQuantities(Map.of("input_tokens", 7L))
                .build();
    }

    private static Original read(String text, String stage) {
        return Original.of(text.getBytes(StandardCharsets.UTF_8), stage, OtlpMapping.DEFAULT, NOW);
    }

    @Test
    void aMessageOfTheTopicIsAnEventWhetherItKeepsTheRulesOrNot() {
        Original good = Original.of(Codec.USAGE_EVENT.encode(event("acme")), "aggregator", OtlpMapping.DEFAULT, NOW);
        assertThat(good.kind()).isEqualTo(Kind.USAGE_MESSAGE);
        assertThat(good.message()).contains(event("acme"));
        assertThat(good.events()).containsExactly(new Parsed.Accepted(event("acme")));

        Original bad = Original.of(Codec.USAGE_EVENT.encode(event("")), "aggregator", OtlpMapping.DEFAULT, NOW);
        assertThat(bad.kind()).isEqualTo(Kind.USAGE_MESSAGE);
        assertThat(bad.events())
                .singleElement()
                .isInstanceOfSatisfying(
                        Parsed.Rejected.class,
                        rejected -> assertThat(rejected.reason()).isEqualTo(RejectionReason.MISSING_DIMENSION));
    }

    @Test
    void jsonWithAnIdentityIsACloudEvent() {
        String json = CloudEventWriter.write(event("acme"));
        assertThat(read(json, "edge").kind()).isEqualTo(Kind.CLOUD_EVENT);
        assertThat(read(json, "edge").events()).containsExactly(new Parsed.Accepted(event("acme")));
        assertThat(read(json.replace(":7}", ":7.5}"), "replay").kind()).isEqualTo(Kind.CLOUD_EVENT);
        assertThat(read("{}", "edge").kind()).isEqualTo(Kind.CLOUD_EVENT);
    }

    @Test
    void aLineOfATraceIsNoEventThoughItBeJson() {
        assertThat(read("2023-11-16 18:17:03,x,1", "replay").kind()).isEqualTo(Kind.TRACE_LINE);
        assertThat(read("{\"timestamp\":1,\"input_length\":-1}", "replay").kind())
                .isEqualTo(Kind.TRACE_LINE);
        assertThat(read("{\"source\":\"export\",\"id\":\"1\",\"n\":-1}", "replay")
                        .kind())
                .isEqualTo(Kind.TRACE_LINE);
    }

    @Test
    void aSpanIsReadByTheMappingOfNow() {
        String span = """
                {"resourceSpans": [{"resource": {"attributes": [{"key": "team", "value": {"stringValue": "acme"}}]},
                  "scopeSpans": [{"spans": [{"traceId": "5b8efff798038103d269b633813fc60c",
                  "spanId": "eee19b7ec3c1b174", "endTimeUnixNano": "1767322145000000000", "attributes": [
                    {"key": "gen_ai.operation.name", "value": {"stringValue": "chat"}},
                    {"key": "gen_ai.provider.name", "value": {"stringValue": "openai"}},
                    {"key": "gen_ai.request.model", "value": {"stringValue": "gpt-4o"}},
                    {"key": "gen_ai.usage.input_tokens", "value": {"intValue": "7"}},
                    {"key": "gen_ai.usage.output_tokens", "value": {"intValue": "1"}}]}]}]}]}""";
        Original withoutTenant = read(span, "edge");
        assertThat(withoutTenant.kind()).isEqualTo(Kind.TELEMETRY);
        assertThat(withoutTenant.events())
                .singleElement()
                .isInstanceOfSatisfying(
                        Parsed.Rejected.class,
                        rejected -> assertThat(rejected.reason()).isEqualTo(RejectionReason.MISSING_DIMENSION));
        assertThat(Original.of(
                                span.replace("\"team\"", "\"tollgate.tenant\"").getBytes(StandardCharsets.UTF_8),
                                "edge",
                                OtlpMapping.DEFAULT,
                                NOW)
                        .events())
                .singleElement()
                .isInstanceOf(Parsed.Accepted.class);
        String other = span.replace("eee19b7ec3c1b174", "eee19b7ec3c1b175");
        String together = span.replace(
                "\"spans\": [",
                "\"spans\": [" + other.substring(other.indexOf("{\"traceId\""), other.lastIndexOf("]}]}]}")) + ", ");
        assertThat(read(together, "edge").kind()).isEqualTo(Kind.TELEMETRY);
        assertThat(read(together, "edge").events()).hasSize(2);
    }

    @Test
    void anythingElseIsBytes() {
        assertThat(read("soup", "edge").kind()).isEqualTo(Kind.BYTES);
        assertThat(read("[]", "edge").kind()).isEqualTo(Kind.BYTES);
        assertThat(Original.of(new byte[] {(byte) 0xFF, 0}, "aggregator", OtlpMapping.DEFAULT, NOW)
                        .kind())
                .isEqualTo(Kind.BYTES);
        assertThat(Original.of(new byte[0], "", OtlpMapping.DEFAULT, NOW).kind())
                .isEqualTo(Kind.BYTES);
    }

    @Test
    void aPositionInTheListIsReadBackAndNothingElseIs() {
        Rejection.Cursor cursor = new Rejection.Cursor(NOW, new Place(3, 42));
        assertThat(Rejection.Cursor.parse(cursor.encoded())).contains(cursor);
        for (String other : new String[] {"", "x", "MQ", "MTox", "MTowQDE=x", "€"}) {
            assertThat(Rejection.Cursor.parse(other)).as(other).isEmpty();
        }
        assertThat(Place.parse("0@1")).contains(new Place(0, 1));
        assertThat(Place.parse("0@99999999999999999999")).isEmpty();
    }
}
