package io.tollgate.ingest.cloudevents;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.emitter.rules.RejectionReason;
import io.tollgate.events.EventIdentity;
import io.tollgate.events.UsageEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The binary content mode of the HTTP binding 1.0.2. */
class BinaryEventTest {

    private static final Instant ARRIVAL = Instant.parse("2026-01-02T00:00:00Z");
    private static final String DATA =
            "{\"tenant\":\"acme\",\"provider\":\"openai\",\"model\":\"gpt-4o\",\"quantities\":{\"input_tokens\":7}}";

    private static Map<String, List<String>> headers(String... more) {
        Map<String, List<String>> headers = new HashMap<>(Map.of(
                "Host", List.of("localhost"),
                "ce-specversion", List.of("1.0"),
                "Ce-Type", List.of(CloudEventParser.TYPE),
                "CE-Source", List.of("gateway"),
                "ce-id", List.of("1"),
                "ce-time", List.of("2026-01-01T00:00:00Z"),
                "ce-further", List.of("x")));
        for (int i = 0; i < more.length; i += 2) {
            headers.put(more[i], List.of(more[i + 1]));
        }
        return headers;
    }

    private static BinaryEvent event(Map<String, List<String>> headers, String data) {
        return BinaryEvent.of(headers, "application/json", data.getBytes(StandardCharsets.UTF_8));
    }

    private static UsageEvent accepted(BinaryEvent event) {
        assertThat(event.refusal()).isEmpty();
        Parsed parsed = CloudEventParser.parse(event.json(), EventDefaults.NONE, ARRIVAL);
        assertThat(parsed).isInstanceOf(Parsed.Accepted.class);
        return ((Parsed.Accepted) parsed).event();
    }

    private static Parsed.Rejected refused(BinaryEvent event, RejectionReason reason) {
        Parsed.Rejected refusal = event.refusal().orElseThrow();
        assertThat(refusal.reason()).isEqualTo(reason);
        return refusal;
    }

    private static String kept(BinaryEvent event) {
        return new String(event.json(), StandardCharsets.UTF_8);
    }

    @Test
    void isToldByOneOfItsHeaders() {
        assertThat(BinaryEvent.isIn(Set.of("Host", "Ce-Id"))).isTrue();
        assertThat(BinaryEvent.isIn(Set.of("Host", "ce-further"))).isFalse();
    }

    @Test
    void headersAndBodyMakeTheSameEventAsOneInJson() {
        UsageEvent event = accepted(event(headers(), DATA));
        String json = "{\"specversion\":\"1.0\",\"type\":\"" + CloudEventParser.TYPE
                + "\",\"source\":\"gateway\",\"id\":\"1\",\"time\":\"2026-01-01T00:00:00Z\",\"data\":" + DATA + "}";
        assertThat(CloudEventParser.parse(json, EventDefaults.NONE, ARRIVAL)).isEqualTo(new Parsed.Accepted(event));
    }

    @Test
    void valuesArePercentDecodedOnceAsUtf8() {
        assertThat(HeaderText.decoded("Euro%20%E2%82%AC%20%F0%9F%98%80")).hasValue("Euro \u20ac \ud83d\ude00");
        assertThat(HeaderText.decoded("%2541")).hasValue("%41");
        assertThat(HeaderText.decoded("plain text")).hasValue("plain text");
        assertThat(HeaderText.decoded("\"quoted \\\"%41\\\\\"")).hasValue("quoted \"A\\");
        assertThat(HeaderText.decoded("\"")).hasValue("\"");
        assertThat(HeaderText.decoded("")).hasValue("");
        // C0 A0 is an overlong space, which the binding names as what to refuse.
        for (String bad : List.of("%", "%4", "%zz", "%C0%A0", "%E2%82", "%ED%A0%80", "\u00e4", "\t")) {
            assertThat(HeaderText.decoded(bad)).as(bad).isEmpty();
        }
        assertThat(accepted(event(headers("ce-id", "a%20%C3%A4"), DATA)).getId())
                .isEqualTo("a \u00e4");
    }

    @Test
    void whatCannotBeDecodedIsRefusedAndKeptAsItCame() {
        BinaryEvent event = event(headers("ce-id", "%zz"), DATA);
        Parsed.Rejected refusal = refused(event, RejectionReason.INVALID_HEADER);
        assertThat(refusal.detail()).contains("'ce-id'", "'%zz'", "percent-encode");
        assertThat(refusal.identity()).isEmpty();
        assertThat(kept(event)).contains("\"id\":\"%zz\"", "\"data_base64\":");
    }

    @Test
    void aHeaderTwiceOrOneThatTheBodyDecidesIsRefused() {
        Map<String, List<String>> twice = headers();
        twice.put("ce-time", List.of("2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z"));
        Parsed.Rejected refusal = refused(event(twice, DATA), RejectionReason.INVALID_HEADER);
        assertThat(refusal.detail()).contains("'ce-time' is there 2 times");
        assertThat(refusal.identity()).contains(new EventIdentity("gateway", "1"));
        for (String reserved : List.of("ce-data", "ce-data_base64", "CE-DataContentType")) {
            refused(event(headers(reserved, "{}"), DATA), RejectionReason.INVALID_HEADER);
        }
    }

    @Test
    void aBodyThatIsNoJsonIsRefusedAndKept() {
        BinaryEvent event = event(headers(), "{oops");
        assertThat(refused(event, RejectionReason.MALFORMED_JSON).identity())
                .isEqualTo(Optional.of(new EventIdentity("gateway", "1")));
        assertThat(kept(event)).contains("\"data_base64\":\"e29vcHM=\"");
        refused(event(headers(), DATA + DATA), RejectionReason.MALFORMED_JSON);
    }

    @Test
    void anEmptyBodyIsMissingData() {
        BinaryEvent event = event(headers(), "");
        assertThat(event.refusal()).isEmpty();
        assertThat(CloudEventParser.parse(event.json(), EventDefaults.NONE, ARRIVAL))
                .isInstanceOfSatisfying(
                        Parsed.Rejected.class,
                        rejected -> assertThat(rejected.reason()).isEqualTo(RejectionReason.MISSING_ATTRIBUTE));
    }

    /** jqwik prints the seed. */
    @Property
    void noHeaderAndNoBodyMakesItThrowOrPassesForAnEvent(
            @ForAll String name, @ForAll String value, @ForAll String other, @ForAll byte[] body) {
        Map<String, List<String>> headers = headers("ce-id", value);
        headers.put("ce-" + name, List.of(value, other));
        BinaryEvent event = BinaryEvent.of(headers, other, body);
        assertThat(event.refusal()).isPresent();
        assertThat(CloudEventParser.parse(event.json(), EventDefaults.NONE, ARRIVAL))
                .isInstanceOf(Parsed.Rejected.class);
        BinaryEvent bodyOnly = BinaryEvent.of(headers("ce-id", value), "application/json", body);
        assertThat(CloudEventParser.parse(bodyOnly.json(), EventDefaults.NONE, ARRIVAL))
                .isInstanceOf(Parsed.Rejected.class);
    }
}
