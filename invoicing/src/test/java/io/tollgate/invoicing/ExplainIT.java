package io.tollgate.invoicing;

import static io.tollgate.invoicing.RunningService.WINDOW;
import static io.tollgate.invoicing.RunningService.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tollgate.invoicing.RollupsTable.Row;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A line leads to its rollups, and through them to its events. */
class ExplainIT {

    private static final String LINE = "/v1/invoices/acme.2023-11.1/lines/1/explain";

    @Test
    void aLineNamesItsRollupsAndItsEventsPageByPageAndWhetherTheyStillProveIt() {
        RollupsTable table = RollupsTable.create();
        // Seven events with the digests 0 to 6, of which two are in the second window.
        table.insert(
                Row.of("acme", WINDOW, Map.of("input_tokens", 500L)).events(5, BigInteger.TEN, 1),
                Row.of("acme", WINDOW.plusSeconds(900), Map.of("input_tokens", 200L))
                        .events(2, BigInteger.valueOf(11), 1));
        table.execute("INSERT INTO events (shard, offset, arrived, window_start, source, id, time, tenant, provider,"
                + " model, accelerator_type, operation, service_tier, outcome, quantities, digest)"
                + " SELECT 0, number, toDateTime64('2023-11-16 18:40:00', 3, 'UTC'),"
                + " toDateTime('2023-11-16 18:15:00', 'UTC') + if(number < 5, 0, 900), 'gateway', concat('e',"
                + " toString(number)), toDateTime64('2023-11-16 18:16:00', 6, 'UTC'), 'acme', 'openai', 'gpt-4o',"
                + " 'nvidia-h100', 'chat', 'standard', 'success', map('input_tokens', toInt64(100)), number"
                + " FROM numbers(7)");
        try (RunningService running = new RunningService(table.url())) {
            running.publishListPrices();
            Finance finance = running.finance;
            JsonNode draft = finance.json(LINE);
            assertThat(draft.at("/line/quantity").asText()).isEqualTo("700");
            assertThat(draft.at("/line/price/version").asInt()).isEqualTo(1);
            finance.post("/v1/invoices/acme.2023-11.1:finalize", "");

            JsonNode first = finance.json(LINE + "?limit=3");
            assertThat(first.at("/rollups/reconciles").asBoolean()).isTrue();
            assertThat(first.at("/archive/reconciles").asBoolean()).isTrue();
            assertThat(first.at("/archive/eventCount").asInt()).isEqualTo(7);
            assertThat(first.get("windows").findValuesAsText("quantity")).containsExactly("500", "200");
            List<String> ids = new ArrayList<>(first.get("events").findValuesAsText("id"));
            JsonNode page = first;
            while (page.has("nextCursor")) {
                page = finance.json(
                        LINE + "?limit=3&cursor=" + page.get("nextCursor").asText());
                assertThat(page.has("windows")).isFalse();
                ids.addAll(page.get("events").findValuesAsText("id"));
            }
            assertThat(ids).containsExactly("e0", "e1", "e2", "e3", "e4", "e5", "e6");

            table.insert(Row.of("acme", WINDOW.plusSeconds(1800), Map.of("input_tokens", 1L)));
            JsonNode later = finance.json(LINE);
            assertThat(later.at("/rollups/reconciles").asBoolean()).isFalse();
            assertThat(later.at("/archive/reconciles").asBoolean()).isTrue();
            assertThat(later.at("/line/quantity").asText()).isEqualTo("700");
            assertProblem(finance.get(LINE.replace("/1/", "/2/")), 404, "no_line");
            assertProblem(finance.get(LINE + "?cursor=nonsense"), 400, "invalid_parameter");
        }
    }
}
