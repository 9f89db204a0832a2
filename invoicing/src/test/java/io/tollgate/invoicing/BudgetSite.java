package io.tollgate.invoicing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tollgate.invoicing.billing.BudgetConfig;
import io.tollgate.invoicing.delivery.WebhookConfig;
import io.tollgate.invoicing.mail.MailConfig;
import io.tollgate.parts.TestParts;
import io.tollgate.service.Tokens;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/** Databases of a test's own with budgets on them, looked at many times a second. */
final class BudgetSite {

    static final BudgetConfig QUICK = new BudgetConfig(
            Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMinutes(2), Duration.ofMinutes(15));

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    final RollupsTable rollups = RollupsTable.create();
    final String postgres = TestParts.freshPostgresDatabase();
    private int archived;

    InvoicingService start(Clock clock, Optional<MailConfig> mail) {
        return InvoicingService.start(
                new InvoicingConfig(
                                "127.0.0.1",
                                0,
                                0,
                                rollups.url(),
                                postgres,
                                new Tokens("the-admin", "the-platform", "the-finance"))
                        .withWebhooks(WebhookConfig.usual().withinOwnNetwork())
                        .withBudgets(QUICK, mail),
                clock);
    }

    /** An event that reached Kafka a second after it happened, and the archive; whether the job counts it is another matter. */
    void archive(String tenant, Instant time, int shard) {
        rollups.execute("INSERT INTO events (shard, offset, arrived, window_start, source, id, time, tenant, digest)"
                + " SELECT " + shard + ", " + archived + ", fromUnixTimestamp64Milli(toInt64("
                + time.plusSeconds(1).toEpochMilli() + ")), toStartOfInterval(toDateTime(" + time.getEpochSecond()
                + ", 'UTC'), INTERVAL 15 MINUTE), 's', '" + archived++ + "', fromUnixTimestamp64Micro(toInt64("
                + time.toEpochMilli() * 1000 + ")), '" + tenant + "', 1");
    }

    /** The id of the budget that is made of it. */
    static String made(Finance by, String budget) {
        HttpResponse<String> made = by.post("/v1/budgets", budget);
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        return Finance.read(made).get("id").asText();
    }

    /** What is answered as soon as it is as wanted. */
    static JsonNode eventually(Finance who, String path, Predicate<JsonNode> wanted) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        JsonNode found = who.json(path);
        while (!wanted.test(found)) {
            assertThat(System.nanoTime()).as("by now %s", found).isLessThan(deadline);
            found = who.json(path);
        }
        return found;
    }
}
