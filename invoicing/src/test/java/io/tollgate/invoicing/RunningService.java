package io.tollgate.invoicing;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.invoicing.delivery.WebhookConfig;
import io.tollgate.invoicing.invoice.BillingTerms;
import io.tollgate.parts.TestParts;
import io.tollgate.service.Tokens;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;

/** The service on databases of its own, in December 2023, and finance in front of it. */
final class RunningService implements AutoCloseable {

    static final Instant WINDOW = Instant.parse("2023-11-16T18:15:00Z");
    static final String BOOK = """
            {"name":"list","currency":"USD","effectiveFrom":"2020-01-01T00:00:00Z","cards":[
              {"match":{"provider":"openai","model":"gpt-4o"},
               "prices":{"input_tokens":{"amount":"2.50","per":1000000},"output_tokens":{"amount":"10.00","per":1000000}}}]}
            """;

    static final Clock DECEMBER = Clock.fixed(Instant.parse("2023-12-02T08:00:00Z"), ZoneOffset.UTC);
    private static final Tokens TOKENS = new Tokens("the-admin", "the-platform", "the-finance");

    final InvoicingService service;
    final Finance finance;
    final String postgres = TestParts.freshPostgresDatabase();

    RunningService(String clickhouseUrl) {
        this(clickhouseUrl, BillingTerms.USUAL, DECEMBER);
    }

    RunningService(String clickhouseUrl, BillingTerms terms, Clock clock) {
        service = InvoicingService.start(
                new InvoicingConfig("127.0.0.1", 0, 0, clickhouseUrl, postgres, TOKENS)
                        .withWebhooks(WebhookConfig.usual().withinOwnNetwork())
                        .withTerms(terms),
                clock);
        finance = as("the-finance");
    }

    /** Somebody else in front of it. */
    Finance as(String token) {
        return new Finance(service.port(), token);
    }

    void publishListPrices() {
        assertThat(finance.post("/v1/price-books", BOOK).statusCode()).isEqualTo(201);
    }

    /** The same prices again, which changes nothing. */
    void publishAgain() {
        assertThat(finance.post("/v1/price-books", BOOK).statusCode()).isEqualTo(200);
    }

    static void assertProblem(HttpResponse<String> response, int status, String code) {
        assertThat(response.body()).contains("\"code\":\"" + code + "\"");
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/problem+json");
    }

    @Override
    public void close() {
        service.close();
    }
}
