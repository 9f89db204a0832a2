package io.tollgate.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tollgate.cli.SharedData;
import io.tollgate.emitter.Emitter;
import io.tollgate.emitter.EmitterConfig;
import io.tollgate.events.EventIdentity;
import io.tollgate.events.RejectedEvent;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** One instance, used as its three kinds of people use it; stopped, started again, and used on. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EndToEndIT {

    private static final String[] GPT_4O = {"--provider", "openai", "--model", "gpt-4o", "--accelerator", "nvidia-h100"
    };

    @TempDir
    static Path directory;

    private static TollgateProcess instance;

    @BeforeAll
    static void up() {
        instance = TollgateProcess.up(directory.resolve("data"));
    }

    @AfterAll
    static void down() {
        instance.close();
    }

    @Test
    @Order(1)
    void theReadyFileTellsAllThatAClientNeeds() {
        assertThat(instance.ready().fieldNames())
                .toIterable()
                .contains("ingest", "api", "kafka", "clickhouse", "postgres", "tokens");
        assertThat(instance.ready().path("tokens").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("admin", "platform", "finance");
        for (String service : List.of("ingest", "api")) {
            assertThat(instance.get(service, "/openapi.json", "finance").body()).contains("\"/v1/");
        }
        assertThat(instance.clickhouse("SELECT 1")).isEqualTo("1");
    }

    @Test
    @Order(2)
    void aRealTraceBecomesAnInvoiceToTheCent() {
        Path trace = SharedData.require("traces/AzureLLMInferenceTrace_code.csv");
        for (int replay = 1; replay <= 2; replay++) {
            assertThat(replay(trace, "azure-llm", "acme", GPT_4O).output()).contains("8,819 events");

            assertThat(totals("acme")).isEqualTo("18059974\t245896\t8819");
            JsonNode invoice = instance.run("invoice", "--tenant", "acme", "--period", "2023-11", "--json")
                    .succeeded()
                    .json();
            assertThat(invoice.path("total").asText()).isEqualTo("47.61");
            assertThat(invoice.path("exactSum").asText()).isEqualTo("47.608895");
        }
        assertThat(instance.run("invoice", "--tenant", "acme", "--period", "2023-11")
                        .succeeded()
                        .output())
                .contains("Draft invoice acme.2023-11.1", "18,059,974", "245,896", "47.61");
    }

    @Test
    @Order(3)
    void badLinesAreReportedAndTheRestGoesThroughPackedOrNot() throws IOException {
        TraceFile good = TraceFile.write(directory.resolve("good.csv"), 500, 7);
        List<String> lines = new ArrayList<>(Files.readAllLines(good.file()));
        lines.add(10, "2023-11-16 18:17:03,not-a-number,1");
        lines.add(20, "yesterday,1,1");
        lines.add(30, "2023-11-16 18:17:03,-5,1");
        Path mixed = Files.write(directory.resolve("mixed.csv"), lines);

        TollgateProcess.Result result = replay(mixed, "azure-llm", "globex", GPT_4O);
        assertThat(result.output())
                .contains("line 11: not_an_integer", "line 21: unparsable_time", "line 31: negative_quantity")
                .contains("Bad lines: 3");
        // The same without its bad lines, packed: the same events.
        Path packed = directory.resolve("good.csv.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
            Files.copy(good.file(), out);
        }
        replay(packed, "azure-llm", "globex", GPT_4O);

        assertThat(totals("globex"))
                .isEqualTo("%d\t%d\t%d".formatted(good.inputTokens(), good.outputTokens(), good.events()));
        assertThat(instance.run(arguments(mixed, "azure-llm", "globex", GPT_4O, "--strict"))
                        .status())
                .isEqualTo(65);
    }

    @Test
    @Order(4)
    void eventsOverHttpAreBilledLikeAnyOther() {
        String event =
                "{\"specversion\":\"1.0\",\"type\":\"io.tollgate.usage.v1\",\"source\":\"gateway\",\"id\":\"%s\","
                        + "\"time\":\"2023-11-30T23:59:59.999999Z\",\"data\":{\"tenant\":\"initech\",\"provider\":\"anthropic\","
                        + "\"model\":\"claude-3-5-sonnet\",\"acceleratorType\":\"maia-100\","
                        + "\"quantities\":{\"input_tokens\":1000000,\"output_tokens\":1000000}}}";
        String batch = "[" + event.formatted("1") + "," + event.formatted("2") + "," + event.formatted("1") + ",{}]";

        HttpResponse<String> answer = instance.post(
                "ingest", "/v1/events?backfill=true", "platform", "application/cloudevents-batch+json", batch);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("\"accepted\":3", "\"rejected\":1");
        JsonNode invoice = instance.run("invoice", "--tenant", "initech", "--period", "2023-11", "--json")
                .succeeded()
                .json();
        assertThat(invoice.path("total").asText()).isEqualTo("36.00");
        assertThat(instance.post("ingest", "/v1/events", "finance", "application/json", event.formatted("3"))
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    @Order(5)
    void aLineOfCloudEventsCanLeaveToTheCommandWhatAllShare() throws IOException {
        Path file = Files.writeString(directory.resolve("events.jsonl"), """
                {"specversion":"1.0","type":"io.tollgate.usage.v1","source":"s","id":"1","time":"2023-11-01T00:00:00Z","data":{"quantities":{"input_tokens":400000}}}
                {"specversion":"1.0","type":"io.tollgate.usage.v1","source":"s","id":"2"}
                {"specversion":"1.0","type":"io.tollgate.usage.v1","source":"s","id":"1","time":"2023-11-01T00:00:00Z","data":{"quantities":{"input_tokens":400000}}}
                """);

        assertThat(replay(file, "cloudevents-jsonl", "hooli", GPT_4O).output()).contains("line 2: ", "Bad lines: 1");

        assertThat(instance.run("invoice", "--tenant", "hooli", "--period", "2023-11", "--json")
                        .succeeded()
                        .json()
                        .path("total")
                        .asText())
                .isEqualTo("1.00");
    }

    @Test
    @Order(6)
    void usageWithoutAPriceStandsInTheWayUntilSomebodyDecides() throws IOException {
        TraceFile trace = TraceFile.write(directory.resolve("unpriced.csv"), 20, 8);
        replay(trace.file(), "azure-llm", "umbrella", "--provider", "acme-ai", "--model", "secret-1");

        TollgateProcess.Result refused =
                instance.run("invoice", "--tenant", "umbrella", "--period", "2023-11", "--final");
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.output()).contains("unpriced_usage").doesNotContain("\tat ");
        assertThat(instance.run("invoice", "--tenant", "umbrella", "--period", "2023-11")
                        .succeeded()
                        .output())
                .contains("Not billed", "unpriced_usage");
    }

    @Test
    @Order(7)
    void spendAndInvoiceNeverDisagree() {
        JsonNode spend = json(instance.get(
                "api",
                "/v1/spend?from=2023-11-01&to=2023-12-01&tenant=globex&granularity=day&groupBy=model,meter",
                "finance"));
        JsonNode invoice = instance.run("invoice", "--tenant", "globex", "--period", "2023-11", "--json")
                .succeeded()
                .json();
        assertThat(new BigDecimal(spend.at("/total/effectiveCost").asText()))
                .isEqualByComparingTo(invoice.path("exactSum").asText());
        assertThat(new BigDecimal(spend.path("billed").asText()))
                .isEqualByComparingTo(invoice.path("total").asText());
        assertThat(instance.get("api", "/v1/spend?from=2023-11-01&to=2023-12-01", "platform")
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    @Order(8)
    void whatWasKeptOutCanBeLookedAtAndSentAgain() {
        String event = "{\"specversion\":\"1.0\",\"type\":\"io.tollgate.usage.v1\",\"source\":\"gateway\","
                + "\"id\":\"kept-out\",\"time\":\"2023-11-02T00:00:00Z\",\"data\":{\"tenant\":\"umbrella\","
                + "\"provider\":\"anthropic\",\"model\":\"claude-3-5-sonnet\",\"quantities\":{\"input_tokens\":7}}}";
        // As if the edge had had a stricter policy once than it has now.
        try (Emitter emitter =
                Emitter.create(EmitterConfig.to(instance.ready().path("kafka").asText()))) {
            emitter.reject(RejectedEvent.newBuilder()
                            .setReason("of_a_former_policy")
                            .setDetail("a test says so")
                            .setStage("edge")
                            .setOrigin("request 1, event 0")
                            .setRejectedAt(Instant.parse("2026-11-01T00:00:00Z"))
                            .setIdentity(new EventIdentity("gateway", "kept-out"))
                            .setOriginal(ByteBuffer.wrap(event.getBytes(StandardCharsets.UTF_8)))
                            .build())
                    .join();
        }
        String[] list = {"rejected", "list", "--reason", "of_a_former_policy"};
        Waiting.until(
                "the archive has it",
                Duration.ofMinutes(2),
                () -> instance.run(list).succeeded().output().contains("kept-out"));
        Matcher place = Pattern.compile("\\d+@\\d+").matcher(instance.run(list).output());
        assertThat(place.find()).isTrue();

        assertThat(instance.run("rejected", "show", place.group()).succeeded().output())
                .contains("a test says so", "counted   no", event);
        assertThat(instance.run("rejected", "retry", place.group()).succeeded().output())
                .contains("1 sent again, 1 of them counted now");
        assertThat(instance.run(list).succeeded().output()).contains("Nothing is kept out");
        assertThat(instance.run("rejected", "show", place.group()).output()).contains("counted   yes");
        TollgateProcess.Result again = instance.run("rejected", "retry", place.group());
        assertThat(again.succeeded().output()).contains("0 sent again", "it is counted by now");
        assertThat(instance.run("rejected", "show", "9@9").status()).isEqualTo(66);
        assertThat(instance.run("rejected", "retry").status()).isEqualTo(2);
        // The option may stand behind the subcommand; and a line of a trace is told for what it is.
        TollgateProcess.Result lines = instance.run(
                "rejected", "retry", "--reason", "unparsable_time", "--ready-file", "" + instance.readyFile());
        assertThat(lines.status()).isEqualTo(65);
        assertThat(lines.output()).contains("0 sent again", "a line or row of a file that 'tollgate replay' read");
    }

    @Test
    @Order(9)
    void whatWasCountedIsTakenBackOnceAndAmended() {
        String event = "{\"specversion\":\"1.0\",\"type\":\"io.tollgate.usage.v1\",\"source\":\"https://gw/eu\","
                + "\"id\":\"%s\",\"time\":\"2023-11-07T00:00:00Z\",\"data\":{\"tenant\":\"stark\","
                + "\"provider\":\"anthropic\",\"model\":\"claude-3-5-sonnet\",\"quantities\":{\"input_tokens\":%d}}}";
        String type = "application/cloudevents-batch+json";
        String both = "[" + event.formatted("a:1", 1_000_000) + "," + event.formatted("b/2", 2_000_000) + "]";
        json(instance.post("ingest", "/v1/events?backfill=true", "platform", type, both));
        String path = "/v1/events/https%3A%2F%2Fgw%2Feu/";
        Waiting.until(
                "the archive has it",
                Duration.ofMinutes(2),
                () -> instance.post("ingest", path + "a:1:reverse", "platform", type, "")
                                .statusCode()
                        == 200);
        json(instance.post("ingest", path + "a%3A1%3Areverse", "platform", type, ""));
        String amend = path + "b%2F2:amend";
        for (int times = 1; times <= 2; times++) {
            JsonNode amended = json(instance.post(
                    "ingest", amend, "platform", "application/json", event.formatted("b/2:amendment", 500_000)));
            assertThat(amended.at("/reversal/id").asText()).isEqualTo("b/2:reversal");
        }
        String other = event.formatted("b/2:amendment", 700_000);
        assertThat(instance.post("ingest", amend, "platform", "application/json", other)
                        .body())
                .contains("event_already_amended");
        // As another edge would send it, which knows nothing of the first: the job takes one.
        json(instance.post("ingest", "/v1/events?backfill=true", "platform", type, "[" + other + "]"));
        Waiting.until(
                "the other is kept out",
                Duration.ofMinutes(2),
                () -> instance.clickhouse("SELECT reason FROM rejected_events WHERE id = 'b/2:amendment'")
                        .equals("identity_conflict"));
        // Both events, both reversals and the amendment: each once, and three dollars a million of half a million left.
        JsonNode invoice = instance.run("invoice", "--tenant", "stark", "--period", "2023-11", "--json")
                .succeeded()
                .json();
        assertThat(totals("stark")).isEqualTo("500000\t0\t5");
        assertThat(new BigDecimal(invoice.path("exactSum").asText())).isEqualByComparingTo("1.5");
        JsonNode spend = json(instance.get("api", "/v1/spend?from=2023-11-01&to=2023-12-01&tenant=stark", "finance"));
        assertThat(new BigDecimal(spend.at("/total/effectiveCost").asText())).isEqualByComparingTo("1.5");
    }

    @Test
    @Order(10)
    void aMonthIsClosedForEverybodyAndAgainChangesNothing() throws IOException {
        TollgateProcess.Result blocked = instance.run("close", "2023-11");
        assertThat(blocked.status()).isEqualTo(1);
        assertThat(blocked.output()).contains("umbrella", "unpriced_usage");
        String run = instance.run(
                        "close",
                        "2023-11",
                        "--waive",
                        "unpriced_usage",
                        "--by",
                        "Ada Lovelace",
                        "--reason",
                        "promotion",
                        "--json")
                .succeeded()
                .output();
        assertThat(run).contains("\"state\" : \"finished\"", "\"invoiced\" : 6");
        assertThat(instance.run("close", "2023-11", "--json").succeeded().output())
                .contains("\"state\" : \"finished\"", "\"invoiced\" : 6");

        Path pdf = directory.resolve("invoice.pdf");
        instance.run("invoice", "--tenant", "globex", "--period", "2023-11", "--document", pdf.toString())
                .succeeded();
        assertThat(Files.readAllBytes(pdf)).startsWith("%PDF-".getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    @Order(11)
    void everythingIsThereAfterARestartAndAFinalInvoiceNeverChanges() throws Exception {
        String first = instance.run("invoice", "--tenant", "globex", "--period", "2023-11", "--final", "--json")
                .succeeded()
                .output();
        String totals = totals("globex");
        assertThat(instance.terminate(Duration.ofSeconds(15))).isZero();
        instance.awaitEndOfAll(Duration.ofSeconds(30));
        assertThat(instance.readyFile()).doesNotExist();

        instance = TollgateProcess.up(directory.resolve("data"));

        assertThat(totals("globex")).isEqualTo(totals);
        TraceFile late = TraceFile.write(directory.resolve("late.csv"), 30, 9);
        replay(late.file(), "azure-llm", "globex", GPT_4O);
        assertThat(totals("globex")).isNotEqualTo(totals);
        assertThat(instance.run("invoice", "--tenant", "globex", "--period", "2023-11", "--final", "--json")
                        .succeeded()
                        .output())
                .isEqualTo(first);
        JsonNode since = json(instance.get("api", "/v1/invoices/globex.2023-11.1/usage-since-final", "finance"));
        assertThat(since.path("eventCount").asLong()).isEqualTo(30);
        assertThat(new BigDecimal(since.path("amount").asText())).isEqualByComparingTo(late.exactCost());
        assertThat(late.exactCost().setScale(2, RoundingMode.HALF_UP)).isPositive();
    }

    private static TollgateProcess.Result replay(Path file, String format, String tenant, String... more) {
        return instance.run(arguments(file, format, tenant, more)).succeeded();
    }

    private static String[] arguments(Path file, String format, String tenant, String[] more, String... last) {
        List<String> arguments =
                new ArrayList<>(List.of("replay", file.toString(), "--format", format, "--tenant", tenant));
        arguments.addAll(List.of(more));
        arguments.addAll(List.of(last));
        return arguments.toArray(String[]::new);
    }

    private static String totals(String tenant) {
        return instance.clickhouse(
                "SELECT sum(quantities['input_tokens']), sum(quantities['output_tokens']), sum(event_count)"
                        + " FROM rollups FINAL WHERE tenant = '" + tenant + "'");
    }

    private static JsonNode json(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new TollgateProcess.Result(0, answer.body()).json();
    }
}
