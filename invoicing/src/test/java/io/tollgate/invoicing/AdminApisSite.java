package io.tollgate.invoicing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;

/** Usage of November 2023, priced and not, and who asks for it in the ways of the vendors. */
final class AdminApisSite implements AutoCloseable {

    static final long NOVEMBER = Instant.parse("2023-11-01T00:00:00Z").getEpochSecond();
    static final long THE_16TH = Instant.parse("2023-11-16T00:00:00Z").getEpochSecond();
    static final long DAY = 86_400;

    private static final String BOOK = """
            {'name':'list','currency':'USD','effectiveFrom':'2020-01-01T00:00:00Z','cards':[
              {'match':{'model':'gpt-4o'},'prices':{'input_tokens':{'amount':'2.50','per':1000000},
                'cache_read_tokens':{'amount':'1.25','per':1000000},'output_tokens':{'amount':'10.00','per':1000000},
                'reasoning_tokens':{'amount':'10.00','per':1000000}}},
              {'match':{'model':'claude'},'prices':{'input_tokens':{'amount':'3.00','per':1000000},
                'output_tokens':{'amount':'15.00','per':1000000},'cache_write_5m_tokens':{'amount':'3.75','per':1000000},
                'cache_write_1h_tokens':{'amount':'6.00','per':1000000},'search_queries':{'amount':'0.01','per':1}}},
              {'match':{'model':'whisper'},'prices':{'audio_ms':{'amount':'0.0001','per':1000}}},
              {'match':{'model':'dall-e'},'prices':{'images':{'amount':'0.04','per':1}}}]}""";

    private final HttpClient http = HttpClient.newHttpClient();
    private final JsonMapper json = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    private final RollupsTable table;
    final RunningService running;
    /** One of acme. */
    final String token;

    AdminApisSite() {
        table = RollupsTable.create();
        running = new RunningService(table.url());
        post("/v1/price-books", BOOK);
        running.finance.put(
                "/v1/issuers/nordic",
                "{'seller':{'name':'Tollgate','country':'SE','vatId':'SE556703748501'},'taxRates':[{'jurisdiction':'SE','percent':'25','effectiveFrom':'2020-01-01'}]}"
                        .replace('\'', '"'));
        post(
                "/v1/contracts",
                "{'tenant':'acme','currency':'USD','effectiveFrom':'2023-01-01','issuer':'nordic',"
                        + "'billTo':{'name':'Acme AB','country':'SE'},"
                        + "'bundles':[{'id':'seats','seats':3,'seatPrice':'7.00','included':[]}],"
                        + "'discounts':[{'id':'partner','percent':'10'}],"
                        + "'credits':[{'id':'welcome','amount':'5.00','grantedOn':'2023-01-01'}]}");
        use(
                "2023-11-16T18:15:00Z",
                "blue",
                "map('api_key_id','k1','user_id','u1')",
                "gpt-4o",
                "chat",
                "standard",
                0,
                "map('input_tokens',600,'input_audio_tokens',40,'cache_read_tokens',300,'cache_write_5m_tokens',60,"
                        + "'output_tokens',70,'reasoning_tokens',30)",
                5);
        use("2023-11-16T19:00:00Z", "", "map()", "gpt-4o", "chat", "batch", 0, "map('input_tokens',1000000)", 2);
        use(
                "2023-11-17T00:00:00Z",
                "blue",
                "map('api_key_id','k2')",
                "claude",
                "chat",
                "provisioned",
                200_000,
                "map('input_tokens',7,'cache_read_image_tokens',5,'cache_write_5m_tokens',20,'cache_write_1h_tokens',3,"
                        + "'output_tokens',11,'reasoning_tokens',2,'search_queries',4)",
                3);
        use("2023-11-17T10:00:00Z", "", "map()", "ada", "embedding", "standard", 0, "map('input_tokens',20)", 2);
        use("2023-11-17T10:00:00Z", "", "map()", "dall-e", "image", "standard", 0, "map('images',2)", 1);
        use("2023-11-17T10:00:00Z", "", "map()", "whisper", "transcription", "standard", 0, "map('audio_ms',10600)", 1);
        execute(
                "beta",
                "2023-11-16T18:15:00Z",
                "",
                "map()",
                "gpt-4o",
                "chat",
                "standard",
                0,
                "map('input_tokens',9)",
                1);
        token = Finance.read(running.finance.post("/v1/tenants/acme/tokens", "{\"label\":\"dashboard\"}"))
                .get("token")
                .asText();
    }

    /** So many dollars of input tokens. */
    void spend(String tenant, String at, int dollars) {
        execute(
                tenant,
                at,
                "",
                "map()",
                "gpt-4o",
                "chat",
                "standard",
                0,
                "map('input_tokens'," + dollars * 400_000L + ")",
                1);
    }

    /** Something that is made. */
    void post(String path, String body) {
        HttpResponse<String> response = running.finance.post(path, body.replace('\'', '"'));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    }

    private void use(
            String at,
            String project,
            String tags,
            String model,
            String operation,
            String tier,
            int band,
            String quantities,
            int events) {
        execute("acme", at, project, tags, model, operation, tier, band, quantities, events);
    }

    private void execute(
            String tenant,
            String at,
            String project,
            String tags,
            String model,
            String operation,
            String tier,
            int band,
            String quantities,
            int events) {
        table.execute("INSERT INTO rollups (window_start, tenant, project, tags, provider, model, region, operation,"
                + " service_tier, outcome, context_band, quantities, event_count, digest, version) SELECT toDateTime("
                + Instant.parse(at).getEpochSecond() + ", 'UTC'), '" + tenant + "', '" + project + "', " + tags
                + ", 'any', '" + model + "', '', '" + operation + "', '" + tier + "', 'success', " + band + ", "
                + quantities.replaceAll(",(\\d+)", ",toInt64($1)") + ", " + events + ", toUInt128(1), 1");
    }

    OpenAIClient client(String key) {
        return OpenAIOkHttpClient.builder()
                .baseUrl("http://127.0.0.1:" + running.service.port() + "/v1")
                .adminApiKey(key)
                .maxRetries(0)
                .build();
    }

    JsonNode get(String path, String... headers) {
        HttpResponse<String> response = send(path, headers);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        try {
            return json.readTree(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    HttpResponse<String> send(String path, String... headers) {
        try {
            return http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + running.service.port()
                                    + path.replace("[", "%5B").replace("]", "%5D")))
                            .headers(headers)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        running.close();
    }
}
