package io.tollgate.ingest.cloudevents;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.emitter.rules.RejectionReason;
import io.tollgate.events.EventIdentity;
import io.tollgate.events.UsageEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CloudEventParserTest {

    private static final Instant ARRIVAL = Instant.parse("2026-01-02T00:00:00Z");
    private static final String EVENT = """
            {"specversion":"1.0","type":"io.tollgate.usage.v1","source":"gateway-eu-1","id":"42",\
            "time":"2023-11-16T18:17:03.979960Z","data":{"tenant":"acme","project":"p","tags":{"team":"red"},\
            "provider":"openai","model":"gpt-4o","requestedModel":"gpt-5","acceleratorType":"nvidia-h100",\
            "region":"eu","operation":"embedding","serviceTier":"batch","outcome":"failed","contextTokens":4808,\
            "quantities":{"input_tokens":4808,"output_tokens":10}}}""";
    private static final String SMALL = """
            {"specversion":"1.0","type":"io.tollgate.usage.v1","source":"s","id":"1","time":"2023-11-16T18:17:03Z",\
            "data":{"tenant":"acme","provider":"openai","model":"gpt-4o","quantities":{"input_tokens":7}}}""";

    private static UsageEvent accepted(String json) {
        Parsed parsed = CloudEventParser.parse(json, EventDefaults.NONE, ARRIVAL);
        assertThat(parsed).isInstanceOf(Parsed.Accepted.class);
        return ((Parsed.Accepted) parsed).event();
    }

    private static Parsed.Rejected rejected(RejectionReason reason, String json) {
        Parsed parsed = CloudEventParser.parse(json, EventDefaults.NONE, ARRIVAL);
        assertThat(parsed).isInstanceOf(Parsed.Rejected.class);
        Parsed.Rejected rejected = (Parsed.Rejected) parsed;
        assertThat(rejected.reason()).as(rejected.detail()).isEqualTo(reason);
        assertThat(rejected.detail()).endsWith(reason.advice()).hasSizeLessThan(1000);
        return rejected;
    }

    private static String small(String part, String replacement) {
        assertThat(SMALL).contains(part);
        return SMALL.replace(part, replacement);
    }

    @Test
    void everyMemberArrives() {
        UsageEvent event = accepted(EVENT);
        assertThat(event.getSource()).isEqualTo("gateway-eu-1");
        assertThat(event.getId()).isEqualTo("42");
        assertThat(event.getTime()).isEqualTo(Instant.parse("2023-11-16T18:17:03.979960Z"));
        assertThat(event.getContextTokens()).isEqualTo(4808);
        assertThat(event.getQuantities()).isEqualTo(Map.of("input_tokens", 4808L, "output_tokens", 10L));
        assertThat(event.getDimensions().getTags()).isEqualTo(Map.of("team", "red"));
        assertThat(CloudEventWriter.write(event)).isEqualTo(EVENT);
    }

    @Test
    void whatIsNotJsonIsToldInWordsAboutTheEventWithLineAndColumn() {
        assertThat(rejected(RejectionReason.MALFORMED_JSON, "{\"specversion\":\n\"1.0\"")
                        .detail())
                .startsWith(
                        "It is not JSON at line 2, column 6: Unexpected end-of-input: expected close marker for Object"
                                + " (start marker at line: 1, column: 1).");
        for (String broken : new String[] {"{\"a\":NaN}", "{/* a */}", "{\"a\":01}", "{\"a\":\"\u0001\"}", "{'a':1}"}) {
            assertThat(rejected(RejectionReason.MALFORMED_JSON, broken).detail())
                    .doesNotContain("Source", "REDACTED", "Feature", "[line");
        }
    }

    @Test
    void whatIsLeftOutOrNullGetsTheSchemasDefaults() {
        UsageEvent event = accepted(SMALL);
        assertThat(event.getDimensions().getOperation()).isEqualTo("chat");
        assertThat(event.getDimensions().getServiceTier()).isEqualTo("standard");
        assertThat(event.getDimensions().getOutcome()).isEqualTo("success");
        assertThat(event.getDimensions().getProject()).isEmpty();
        assertThat(accepted(small("\"model\"", "\"project\":null,\"tags\":null,\"reverses\":null,\"model\"")))
                .isEqualTo(event);
    }

    @Test
    void extensionAttributesAreIgnoredAndThePayloadsTypeMayBeTold() {
        UsageEvent event = accepted(SMALL);
        assertThat(accepted(small("\"id\"", "\"traceparent\":\"00-1\",\"sampled\":true,\"id\"")))
                .isEqualTo(event);
        assertThat(accepted(small("\"id\"", "\"datacontenttype\":\"Application/JSON; charset=utf-8\",\"id\"")))
                .isEqualTo(event);
        assertThat(accepted(small("\"id\"", "\"datacontenttype\":\"application/vnd.usage+json\",\"id\"")))
                .isEqualTo(event);
        rejected(RejectionReason.UNSUPPORTED_DATA, small("\"id\"", "\"datacontenttype\":\"text/xml\",\"id\""));
        rejected(RejectionReason.UNSUPPORTED_DATA, small("\"id\"", "\"data_base64\":\"e30=\",\"id\""));
    }

    @Test
    void theTenantIsTheDatasThenTheSubjectsThenTheDefault() {
        String without = small("\"tenant\":\"acme\",", "");
        String subject = without.replace("\"id\"", "\"subject\":\"sub\",\"id\"");
        EventDefaults defaults = new EventDefaults(
                Optional.of("def"),
                Optional.of("p"),
                Optional.of("m"),
                Optional.of("maia-100"),
                Optional.of("eu"),
                "embedding",
                "flex");
        assertThat(CloudEventParser.parse(small("\"id\"", "\"subject\":\"sub\",\"id\""), defaults, ARRIVAL))
                .extracting("event.dimensions.tenant")
                .isEqualTo("acme");
        assertThat(CloudEventParser.parse(subject, defaults, ARRIVAL))
                .extracting("event.dimensions.tenant")
                .isEqualTo("sub");
        Parsed bare = CloudEventParser.parse(
                without.replace("\"provider\":\"openai\",\"model\":\"gpt-4o\",", ""), defaults, ARRIVAL);
        assertThat(bare)
                .extracting("event.dimensions")
                .extracting("tenant", "provider", "model", "acceleratorType", "region", "operation", "serviceTier")
                .containsExactly("def", "p", "m", "maia-100", "eu", "embedding", "flex");
        rejected(RejectionReason.MISSING_DIMENSION, without);
    }

    @Test
    void thePromptsSizeIsTheSumOfItsTokensWhenItIsNotTold() {
        String tokens = "{\"input_tokens\":1,\"cache_read_tokens\":20,\"cache_write_5m_tokens\":300,"
                + "\"cache_write_1h_tokens\":4000,\"output_tokens\":50000}";
        assertThat(accepted(small("{\"input_tokens\":7}", tokens)).getContextTokens())
                .isEqualTo(4321);
        UsageEvent reversal = accepted(small(
                "{\"input_tokens\":7}}",
                "{\"input_tokens\":-7,\"cache_read_tokens\":-2},\"reverses\":{\"source\":\"s\",\"id\":\"0\"}}"));
        assertThat(reversal.getContextTokens()).isEqualTo(9);
        assertThat(reversal.getReverses()).isEqualTo(new EventIdentity("s", "0"));
        rejected(RejectionReason.INTEGER_OUT_OF_RANGE, small(":7}", ":9223372036854775807,\"cache_read_tokens\":1}"));
    }

    @Test
    void amountsAreExactIntegersOrRefused() {
        assertThat(accepted(small(":7}", ":9223372036854775807}")).getQuantities())
                .containsEntry("input_tokens", Long.MAX_VALUE);
        assertThat(accepted(small(":7}", ":9007199254740993}")).getQuantities())
                .as("a double would make it 9007199254740992")
                .containsEntry("input_tokens", 9007199254740993L);
        rejected(RejectionReason.INTEGER_OUT_OF_RANGE, small(":7}", ":9223372036854775808}"));
        rejected(RejectionReason.INTEGER_OUT_OF_RANGE, small(":7}", ":" + "9".repeat(900) + "}"));
        rejected(RejectionReason.MALFORMED_JSON, small(":7}", ":" + "9".repeat(2000) + "}"));
        rejected(RejectionReason.NOT_AN_INTEGER, small(":7}", ":1.5}"));
        rejected(RejectionReason.NOT_AN_INTEGER, small(":7}", ":7.0}"));
        rejected(RejectionReason.NOT_AN_INTEGER, small(":7}", ":1e3}"));
        rejected(RejectionReason.NOT_AN_INTEGER, small(":7}", ":1e999999999}"));
        rejected(RejectionReason.NOT_AN_INTEGER, small(":7}", ":1e2147483648}"));
        rejected(RejectionReason.NOT_AN_INTEGER, small(":7}", ":100e2147483647}"));
        rejected(RejectionReason.NOT_AN_INTEGER, small(":7}", ":1e-99999999999999999999}"));
        rejected(RejectionReason.WRONG_TYPE, small(":7}", ":\"7\"}"));
        rejected(RejectionReason.WRONG_TYPE, small(":7}", ":null}"));
        rejected(RejectionReason.MALFORMED_JSON, small(":7}", ":NaN}"));
        rejected(RejectionReason.MALFORMED_JSON, small(":7}", ":07}"));
    }

    @Test
    void whatIsMissingOrOfTheWrongTypeIsNamed() {
        for (String name : new String[] {"specversion", "type", "source", "id", "time", "data"}) {
            Parsed.Rejected missing =
                    rejected(RejectionReason.MISSING_ATTRIBUTE, small("\"" + name + "\":", "\"x" + name + "\":"));
            assertThat(missing.detail()).startsWith(name + " is missing.");
            rejected(
                    RejectionReason.WRONG_TYPE,
                    name.equals("data")
                            ? SMALL.replaceFirst("\"data\":\\{.*", "\"data\":7}")
                            : SMALL.replaceFirst("\"" + name + "\":\"[^\"]*\"", "\"" + name + "\":7"));
        }
        rejected(RejectionReason.WRONG_TYPE, small("\"acme\"", "[\"acme\"]"));
        rejected(RejectionReason.WRONG_TYPE, small("\"model\"", "\"tags\":{\"a\":1},\"model\""));
        rejected(RejectionReason.UNSUPPORTED_SPECVERSION, small("1.0", "0.3"));
        rejected(RejectionReason.UNSUPPORTED_TYPE, small("usage.v1", "usage.v2"));
        rejected(RejectionReason.INVALID_TIME, small("2023-11-16T", "2023-11-16 at "));
        rejected(RejectionReason.NO_QUANTITIES, small(",\"quantities\":{\"input_tokens\":7}", ""));
    }

    @Test
    void aMisspeltMemberIsRefusedSoThatItsPriceIsNotLost() {
        Parsed.Rejected rejected =
                rejected(RejectionReason.UNKNOWN_MEMBER, small("\"model\"", "\"serviceTeir\":\"batch\",\"model\""));
        assertThat(rejected.detail()).contains("data.serviceTeir is not known", "serviceTier");
        rejected(
                RejectionReason.UNKNOWN_MEMBER,
                small("\"model\"", "\"reverses\":{\"source\":\"s\",\"id\":\"0\",\"why\":\"\"},\"model\""));
    }

    @Test
    void whatIsNoJsonObjectIsRefused() {
        rejected(RejectionReason.MALFORMED_JSON, SMALL.substring(0, 80));
        rejected(RejectionReason.MALFORMED_JSON, SMALL + SMALL);
        rejected(RejectionReason.MALFORMED_JSON, small("\"id\":\"1\"", "\"id\":\"1\",\"id\":\"2\""));
        rejected(RejectionReason.MALFORMED_JSON, "[".repeat(100_000));
        rejected(RejectionReason.NOT_AN_OBJECT, "");
        rejected(RejectionReason.NOT_AN_OBJECT, "[]");
        rejected(RejectionReason.NOT_AN_OBJECT, "\"text\"");
        assertThat(CloudEventParser.parse(SMALL.getBytes(StandardCharsets.UTF_16), EventDefaults.NONE, ARRIVAL))
                .extracting("reason")
                .isEqualTo(RejectionReason.MALFORMED_JSON);
    }

    @Test
    void aRefusedEventKeepsItsIdentityWhenItHasOne() {
        assertThat(rejected(RejectionReason.NEGATIVE_QUANTITY, small(":7}", ":-7}"))
                        .identity())
                .hasValue(new EventIdentity("s", "1"));
        assertThat(rejected(RejectionReason.WRONG_TYPE, small("\"id\":\"1\"", "\"id\":1"))
                        .identity())
                .isEmpty();
    }

    @Test
    void allBrokenRulesAreTold() {
        Parsed.Rejected rejected = (Parsed.Rejected)
                CloudEventParser.parse(small("acme", "a b").replace(":7}", ":-7}"), EventDefaults.NONE, ARRIVAL);
        assertThat(rejected.reason()).isEqualTo(RejectionReason.INVALID_IDENTIFIER);
        assertThat(rejected.detail()).contains("tenant 'a b'", "input_tokens is -7");
    }
}
