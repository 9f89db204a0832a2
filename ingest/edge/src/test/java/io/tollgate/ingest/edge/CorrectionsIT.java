package io.tollgate.ingest.edge;

import static io.tollgate.ingest.edge.SentEvents.sent;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tollgate.emitter.UsageTopics;
import io.tollgate.events.UsageEvent;
import io.tollgate.ingest.cloudevents.CloudEventParser;
import io.tollgate.ingest.cloudevents.EventDefaults;
import io.tollgate.ingest.cloudevents.Parsed;
import io.tollgate.ingest.corrections.Reversal;
import io.tollgate.parts.TestParts;
import io.tollgate.service.ListenOn;
import io.tollgate.service.Role;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class CorrectionsIT {

    /** Long after the events: what they amend may be old as well. */
    private static final Instant NOW = Instant.parse("2024-06-01T00:00:00Z");

    private ArchiveTables archive;
    private IngestService service;
    private EdgeClient client;

    @BeforeAll
    void start() {
        UsageTopics.ensure(TestParts.kafka(), UsageTopics.PARTITIONS);
        archive = new ArchiveTables();
        service = edge(archive.url());
        client = new EdgeClient(service);
    }

    @AfterAll
    void stop() {
        service.close();
    }

    private static IngestConfig config(String url) {
        return IngestConfig.of(TestParts.kafka(), ListenOn.anyPort(), EdgeClient.TOKENS)
                .withClickHouse(url)
                .withMayBackfill(Set.of(Role.ADMIN));
    }

    private static IngestService edge(String url) {
        return IngestService.start(config(url), () -> NOW);
    }

    private static UsageEvent event(String source, String id, String tenant) {
        String json = EdgeClient.event("the-id", "7").replace("\"acme\"", "\"" + tenant + "\"");
        Parsed.Accepted parsed = (Parsed.Accepted) CloudEventParser.parse(json, EventDefaults.NONE, NOW);
        UsageEvent event = parsed.event();
        event.setSource(source);
        event.setId(id);
        event.getDimensions().setTags(Map.of("team", "billing"));
        return event;
    }

    private UsageEvent counted(String id) {
        UsageEvent event = event("edge-it", id, "acme");
        archive.count(event);
        return event;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private HttpResponse<String> post(String path, String body) {
        return post(service, path, body);
    }

    private HttpResponse<String> post(IngestService edge, String path, String body) {
        return client.send(HttpRequest.newBuilder(URI.create(edge.applicationUri() + "/v1/events/" + path))
                .header("Authorization", "Bearer the-platform")
                .header("Content-Type", EdgeClient.SINGLE)
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private JsonNode done(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return client.json(response);
    }

    private JsonNode problem(int status, String code, HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(client.json(response).get("code").asText()).isEqualTo(code);
        return client.json(response);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain",
                "a/b",
                "a:b:reverse",
                "it's 100% \\ \"quoted\" {x:String} ?",
                "ends with \\",
                "%2F",
                "tab\\tand\\nline",
                "€ and 𝄞",
                "a;b=c",
                "..",
                "reverse"
            })
    void anEventOfAnyNameIsTakenBack(String name) {
        UsageEvent event = event("https://gateway.example/eu?x=" + name, name, "acme");
        archive.count(event);
        JsonNode answer = done(post(encoded(event.getSource()) + "/" + encoded(name) + ":reverse", ""));
        UsageEvent reversal = Reversal.of(event);
        assertThat(answer.at("/event/source").asText()).isEqualTo(event.getSource());
        assertThat(answer.at("/event/id").asText()).isEqualTo(name);
        assertThat(answer.at("/reversal/id").asText()).isEqualTo(name + ":reversal");
        assertThat(answer.get("repeated").asBoolean()).isFalse();
        assertThat(sent(name + ":reversal")).contains(reversal);
    }

    @Test
    void whatIsReversedTwiceIsReversedOnce() {
        UsageEvent event = counted("twice");
        String path = "edge-it/twice:reverse";
        assertThat(done(post(path, ""))).isEqualTo(done(post(path, "")));
        List<UsageEvent> copies = sent("twice:reversal");
        assertThat(copies).hasSize(2).containsOnly(Reversal.of(event));
        // Long after, when the job knows the copy no more, the archive still does.
        archive.count(Reversal.of(event));
        assertThat(done(post(path, "")).get("repeated").asBoolean()).isTrue();
        assertThat(sent("twice:reversal")).hasSize(2);
    }

    @Test
    void whatCannotBeTakenBackIsToldApart() {
        assertThat(problem(404, "event_not_found", post("edge-it/nowhere:reverse", ""))
                        .get("detail")
                        .asText())
                .contains("seconds");
        UsageEvent reversal = Reversal.of(event("edge-it", "taken", "acme"));
        archive.count(reversal);
        problem(409, "event_is_reversal", post("edge-it/taken:reversal:reverse", ""));

        counted("by-the-source");
        UsageEvent own = Reversal.of(event("edge-it", "by-the-source", "acme"));
        own.setId("of-the-source");
        archive.count(own);
        assertThat(problem(409, "event_already_reversed", post("edge-it/by-the-source:reverse", ""))
                        .at("/reversal/id")
                        .asText())
                .isEqualTo("of-the-source");

        counted("shared");
        archive.count(event("edge-it", "shared", "globex"));
        problem(409, "event_ambiguous", post("edge-it/shared:reverse", ""));
        done(post("edge-it/shared:reverse?tenant=globex", ""));
        assertThat(sent("shared:reversal"))
                .extracting(sent -> sent.getDimensions().getTenant())
                .containsExactly("globex");
        problem(404, "event_not_found", post("edge-it/shared:reverse?tenant=hooli", ""));
        assertThat(client.send(HttpRequest.newBuilder(
                                        URI.create(service.applicationUri() + "/v1/events/edge-it/taken:reverse"))
                                .header("Authorization", "Bearer the-finance")
                                .POST(HttpRequest.BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(403);
    }

    private static String without(String member, String event) {
        return event.replaceFirst("\"" + member + "\":\"[^\"]*\",", "");
    }

    private static UsageEvent read(String event) {
        return ((Parsed.Accepted) CloudEventParser.parse(event, EventDefaults.NONE, NOW)).event();
    }

    @Test
    void anAmendmentComesInThePlaceOfTheEvent() {
        UsageEvent event = counted("amended");
        String instead = EdgeClient.event("amended:amendment", "5");
        JsonNode answer = done(post("edge-it/amended:amend", without("source", without("id", instead))));
        assertThat(answer.at("/event/id").asText()).isEqualTo("amended");
        assertThat(answer.at("/reversal/id").asText()).isEqualTo("amended:reversal");
        assertThat(answer.at("/amendment/source").asText()).isEqualTo("edge-it");
        assertThat(answer.at("/amendment/id").asText()).isEqualTo("amended:amendment");
        // The reversal is behind it: whoever has that has both.
        assertThat(sent("amended")).containsExactly(read(instead), Reversal.of(event));

        archive.count(read(instead));
        archive.count(Reversal.of(event));
        assertThat(done(post("edge-it/amended:amend", instead)).get("repeated").asBoolean())
                .isTrue();
        assertThat(sent("amended")).hasSize(2);
        // And another edge, with no memory of its own, knows from the archive.
        try (IngestService other = edge(archive.url())) {
            String path = "edge-it/amended:amend";
            assertThat(done(post(other, path, instead)).get("repeated").asBoolean())
                    .isTrue();
            problem(409, "event_already_amended", post(other, path, EdgeClient.event("amended:amendment", "6")));
        }
        assertThat(sent("amended")).hasSize(2);

        String second = without("id", EdgeClient.event("", "6"));
        assertThat(done(post("edge-it/amended:amendment:amend", second))
                        .at("/amendment/id")
                        .asText())
                .isEqualTo("amended:amendment:amendment");
    }

    @Test
    void ofTwoAmendmentsOneIsTakenThoughTheArchiveKnowsOfNone() {
        counted("lagging");
        String path = "edge-it/lagging:amend";
        String first = EdgeClient.event("lagging:amendment", "10");
        done(post(path, first));
        assertThat(problem(409, "event_already_amended", post(path, EdgeClient.event("lagging:amendment", "20")))
                        .at("/amendment/id")
                        .asText())
                .isEqualTo("lagging:amendment");
        done(post(path, first));
        assertThat(sent("lagging:amendment")).containsOnly(read(first));
    }

    @Test
    void whatWasReversedIsNotAmended() {
        UsageEvent event = counted("gone");
        archive.count(Reversal.of(event));
        problem(409, "event_already_reversed", post("edge-it/gone:amend", EdgeClient.event("gone:amendment", "5")));
        assertThat(sent("gone")).isEmpty();
    }

    @Test
    void aReversalWhoseIdentityIsAnothersIsNotSaidToBeDone() {
        // A genuine event has it, and our reversal was kept out for that.
        UsageEvent event = counted("taken-id");
        archive.count(event("edge-it", "taken-id:reversal", "acme"));
        archive.count(Reversal.of(event));
        // The source has taken back a part.
        UsageEvent part = Reversal.of(counted("part"));
        part.setQuantities(Map.of("input_tokens", -3L));
        archive.count(part);
        for (String id : List.of("taken-id", "part")) {
            for (String verb : List.of(":reverse", ":amend")) {
                HttpResponse<String> response = post("edge-it/" + id + verb, EdgeClient.event(id + ":amendment", "5"));
                assertThat(problem(409, "reversal_identity_taken", response)
                                .at("/reversal/id")
                                .asText())
                        .isEqualTo(id + ":reversal");
            }
            assertThat(sent(id)).isEmpty();
        }
        // Of another tenant it is in the way of nothing.
        UsageEvent mine = counted("theirs");
        archive.count(event("edge-it", "theirs:reversal", "globex"));
        done(post("edge-it/theirs:reverse", ""));
        assertThat(sent("theirs:reversal")).containsExactly(Reversal.of(mine));
    }

    @Test
    void aSemicolonIsASignOfAName() throws IOException {
        counted("semi");
        archive.count(event("semi;colon", "semi", "acme"));
        assertThat(raw("/v1/events/edge-it;x/semi:reverse")).startsWith("HTTP/1.1 404");
        assertThat(raw("/v1/events/edge-it/semi:reverse;x")).startsWith("HTTP/1.1 404");
        assertThat(sent("semi")).isEmpty();
        assertThat(raw("/v1/events/semi;colon/semi:reverse")).startsWith("HTTP/1.1 200");
        assertThat(sent("semi")).extracting(UsageEvent::getSource).containsExactly("semi;colon");
    }

    private String raw(String path) throws IOException {
        try (Socket socket = new Socket(
                InetAddress.getLoopbackAddress(), service.applicationUri().getPort())) {
            socket.getOutputStream()
                    .write(("POST " + path + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer the-platform\r\n"
                                    + "Content-Length: 0\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void nothingIsSentForAnAmendmentThatIsRefused() {
        counted("kept");
        String good = EdgeClient.event("kept:amendment", "5");
        JsonNode rejected = problem(
                422, "amendment_rejected", post("edge-it/kept:amend", EdgeClient.event("kept:amendment", "1.5")));
        assertThat(rejected.at("/errors/0/code").asText()).isEqualTo("not_an_integer");
        assertThat(rejected.at("/errors/0/id").asText()).isEqualTo("kept:amendment");
        assertThat(problem(422, "amendment_rejected", post("edge-it/kept:amend", "soup"))
                        .at("/errors/0/code")
                        .asText())
                .isEqualTo("malformed_json");
        // Older than what it amends, and older than this token may send.
        assertThat(problem(422, "amendment_rejected", post("edge-it/kept:amend", good.replace("11-16T", "11-15T")))
                        .at("/errors/0/code")
                        .asText())
                .isEqualTo("time_too_old");
        JsonNode other =
                problem(422, "amendment_identity", post("edge-it/kept:amend", EdgeClient.event("kept-2", "5")));
        assertThat(other.get("detail").asText()).contains("source 'edge-it' and id 'kept:amendment'");
        assertThat(other.at("/amendment/id").asText()).isEqualTo("kept:amendment");
        problem(422, "amendment_identity", post("edge-it/kept:amend", good.replace("edge-it", "edge-it-2")));
        problem(422, "amendment_tenant", post("edge-it/kept:amend", good.replace("acme", "globex")));
        problem(
                422,
                "amendment_is_reversal",
                post(
                        "edge-it/kept:amend",
                        EdgeClient.event("kept:amendment", "-5")
                                .replace(
                                        "\"quantities\"",
                                        "\"reverses\":{\"source\":\"a\",\"id\":\"b\"},\"quantities\"")));
        problem(404, "event_not_found", post("edge-it/kep:amend", EdgeClient.event("kep:amendment", "5")));
        problem(413, "body_too_large", post("edge-it/kept:amend", good + " ".repeat(1 << 20)));
        assertThat(sent("kept")).isEmpty();
    }

    @Test
    void withoutAnArchiveItSaysSo() {
        IngestConfig config = IngestConfig.of(TestParts.kafka(), ListenOn.anyPort(), EdgeClient.TOKENS);
        try (IngestService without = IngestService.start(config)) {
            problem(501, "no_archive", post(without, "edge-it/1:reverse", ""));
        }
        // Port 9 is nobody's.
        try (IngestService away = IngestService.start(config.withClickHouse("http://127.0.0.1:9"))) {
            HttpResponse<String> response = post(away, "edge-it/1:reverse", "");
            problem(503, "archive_unavailable", response);
            assertThat(response.headers().firstValue("Retry-After")).hasValue("5");
            archiveIs("archive_unavailable", away);
        }
        for (String url : List.of(archive.url() + "_none", TestParts.freshClickHouseDatabase())) {
            try (IngestService wrong = IngestService.start(config.withClickHouse(url))) {
                HttpResponse<String> response = post(wrong, "edge-it/1:reverse", "");
                problem(503, "archive_misconfigured", response);
                assertThat(response.headers().firstValue("Retry-After")).isEmpty();
                archiveIs("archive_misconfigured", wrong);
            }
        }
        archiveIs("ClickHouse answers", service);
    }

    /** Which makes no edge unready. */
    private static void archiveIs(String word, IngestService edge) {
        EdgeClient asking = new EdgeClient(edge);
        HttpResponse<String> response = asking.admin("/health");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(asking.json(response).at("/checks/archive/message").asText()).contains(word);
    }
}
