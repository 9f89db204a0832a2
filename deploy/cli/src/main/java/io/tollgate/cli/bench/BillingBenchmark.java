package io.tollgate.cli.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.tollgate.cli.api.ApiClient;
import io.tollgate.cli.instance.InstanceOptions.WantedPorts;
import io.tollgate.cli.instance.ReadyFile;
import io.tollgate.cli.instance.ScratchInstance;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * How many invoices are made in a second, from rollups in ClickHouse to final invoices in PostgreSQL, and how that grows
 * with the tenants. Each size is a month of its own; a first small one warms up and is not measured.
 */
final class BillingBenchmark {

    private static final YearMonth FIRST_MONTH = YearMonth.of(2024, 1);
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);
    private static final int WARM_UP_TENANTS = 2_000;

    /** Each product has usage of as many meters. */
    private static final List<String> METERS = List.of("input_tokens", "cache_read_tokens", "output_tokens");

    private final List<Integer> sizes;
    private final int lines;
    private final int windows;
    private final boolean contracts;
    private final PrintWriter out;
    private final PrintWriter err;

    /**
     * @param sizes how many tenants, each measured by itself
     * @param lines of each invoice, rounded up to a multiple of three
     * @param windows rollups of each product
     * @param contracts whether each tenant has a contract, with a price and a discount of its own, a commitment, a credit
     *     and tax; otherwise the list prices apply
     */
    BillingBenchmark(List<Integer> sizes, int lines, int windows, boolean contracts, PrintWriter out, PrintWriter err) {
        this.sizes = List.copyOf(sizes);
        this.lines = lines;
        this.windows = windows;
        this.contracts = contracts;
        this.out = out;
        this.err = err;
    }

    List<Figure> run() {
        tell("starting everything");
        try (ScratchInstance scratch = ScratchInstance.start("bench", WantedPorts.ANY, err)) {
            List<Figure> figures = measure(scratch.instance().endpoints());
            scratch.succeeded();
            return figures;
        }
    }

    private List<Figure> measure(ReadyFile ready) {
        ApiClient api = new ApiClient(ready.api(), ready.tokens().finance());
        api.post("/v1/price-books", book());
        List<Figure> figures = new ArrayList<>();
        YearMonth month = FIRST_MONTH;
        agree(api, month, WARM_UP_TENANTS);
        fill(ready.clickhouse(), month, WARM_UP_TENANTS);
        close(api, month);
        for (int tenants : sizes) {
            month = month.plusMonths(1);
            tell("%,d tenants: writing %,d rollups".formatted(tenants, (long) tenants * products() * windows));
            fill(ready.clickhouse(), month, tenants);
            agree(api, month, tenants);
            ManagementFactory.getMemoryMXBean().gc();
            tell("%,d tenants: closing".formatted(tenants));
            long busy = CpuTime.ofEverything();
            long start = System.nanoTime();
            Closed closed = close(api, month);
            double seconds = (System.nanoTime() - start) / 1e9;
            double busySeconds = (CpuTime.ofEverything() - busy) / 1e9;
            if (closed.invoices != tenants) {
                throw new IllegalStateException("%d invoices of %d tenants".formatted(closed.invoices, tenants));
            }
            figures.add(new Figure("invoices_per_second_of_" + tenants, tenants / seconds, "invoices/s"));
            figures.add(new Figure("lines_per_second_of_" + tenants, (double) tenants * lines() / seconds, "lines/s"));
            figures.add(new Figure("busy_per_invoice_of_" + tenants, busySeconds / tenants * 1e3, "ms"));
            figures.add(new Figure("heap_peak_of_" + tenants, closed.heapPeak / 1e6, "MB"));
            figures.add(new Figure("resident_of_" + tenants, resident() / 1e6, "MB"));
        }
        return figures;
    }

    /** @param heapPeak the most that was in use when somebody looked, garbage included */
    private record Closed(long invoices, long heapPeak) {}

    private static Closed close(ApiClient api, YearMonth month) {
        JsonNode run =
                api.post("/v1/bill-runs", JsonNodeFactory.instance.objectNode().put("period", month.toString()));
        String path = "/v1/bill-runs/" + run.path("id").asText();
        long heapPeak = 0;
        while (run.path("state").asText().equals("running")) {
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
            heapPeak = Math.max(
                    heapPeak,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
            run = api.get(path);
        }
        if (!run.path("state").asText().equals("finished")) {
            throw new IllegalStateException("the run did not finish: " + run);
        }
        return new Closed(run.at("/tenants/invoiced").asLong(), heapPeak);
    }

    private int products() {
        return (lines + METERS.size() - 1) / METERS.size();
    }

    private int lines() {
        return products() * METERS.size();
    }

    /** A card for each of the products, with a price that is graduated for one meter in three. */
    private JsonNode book() {
        var book = JsonNodeFactory.instance
                .objectNode()
                .put("name", "list")
                .put("currency", "USD")
                .put("effectiveFrom", "2020-01-01T00:00:00Z");
        var cards = book.putArray("cards");
        for (int product = 0; product < products(); product++) {
            var card = cards.addObject();
            card.putObject("match").put("provider", "vendor").put("model", "model-" + product);
            var prices = card.putObject("prices");
            prices.putObject("input_tokens").put("amount", "2.50").put("per", 1_000_000);
            prices.putObject("cache_read_tokens").put("amount", "1.25").put("per", 1_000_000);
            var tiers =
                    prices.putObject("output_tokens").put("model", "graduated").putArray("tiers");
            tiers.addObject().put("upTo", "1000000").put("amount", "10.00").put("per", 1_000_000);
            tiers.addObject().put("amount", "8.00").put("per", 1_000_000);
        }
        return book;
    }

    /** Contracts for the month alone, so that each size has its own. */
    private void agree(ApiClient api, YearMonth month, int tenants) {
        if (!contracts) {
            return;
        }
        tell("%,d tenants: agreeing on contracts".formatted(tenants));
        api.put("/v1/issuers/bench", ApiClient.json("""
                {"seller": {"name": "Bench AB", "country": "SE", "vatId": "SE556703748501"},
                 "taxRates": [{"jurisdiction": "SE", "percent": "25", "effectiveFrom": "2020-01-01"}]}"""));
        for (int tenant = 0; tenant < tenants; tenant++) {
            api.post("/v1/contracts", ApiClient.json("""
                    {"tenant": "%1$s%2$07d", "currency": "USD", "issuer": "bench",
                     "billTo": {"name": "Tenant AB", "country": "SE"},
                     "effectiveFrom": "%3$s", "effectiveTo": "%4$s",
                     "overrides": [{"match": {"provider": "vendor", "model": "model-0"},
                                    "prices": {"input_tokens": {"amount": "2.25", "per": 1000000}}}],
                     "discounts": [{"id": "volume", "percent": "10"}],
                     "commitments": [{"id": "monthly", "effectiveFrom": "%3$s", "effectiveTo": "%4$s",
                                      "schedule": [{"effectiveFrom": "%3$s", "amount": "100"}]}],
                     "credits": [{"id": "welcome", "amount": "5", "grantedOn": "%3$s"}]}""".formatted(
                    prefix(month), tenant, month.atDay(1), month.plusMonths(1).atDay(1))));
        }
    }

    private String prefix(YearMonth month) {
        return contracts ? "tenant-" + month + "-" : "tenant-";
    }

    /** Rollups as the job would have written them, all of their meters in each. */
    private void fill(String clickhouse, YearMonth month, int tenants) {
        String sql = """
                INSERT INTO rollups (window_start, tenant, project, tags, provider, model, requested_model,
                    accelerator_type, region, operation, service_tier, outcome, context_band, shard, quantities,
                    event_count, digest, version)
                SELECT toDateTime('%1$s-01 00:00:00', 'UTC') + 900 * (number %% %3$d) * intDiv(2600, %3$d),
                    concat('%5$s', leftPad(toString(intDiv(number, %3$d * %2$d)), 7, '0')), '', map(), 'vendor',
                    concat('model-', toString(intDiv(number, %3$d) %% %2$d)), '', 'nvidia-h100', '', 'chat', 'standard',
                    'success', 0, 0,
                    map('input_tokens', toInt64(cityHash64(number) %% 1000000), 'cache_read_tokens',
                        toInt64(cityHash64(number, 1) %% 1000000), 'output_tokens',
                        toInt64(cityHash64(number, 2) %% 300000)),
                    10, toUInt128(cityHash64(number, 3)), 1
                FROM numbers(toUInt64(%4$d) * %3$d * %2$d)
                """.formatted(month, products(), windows, tenants, prefix(month));
        try (Connection connection = DriverManager.getConnection("jdbc:clickhouse:" + clickhouse + "/tollgate");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException("ClickHouse took no rollups", e);
        }
        Merges.awaitEnd(clickhouse, Duration.ofMinutes(10));
    }

    /** Bytes of this process in memory: service, broker and job, without ClickHouse and PostgreSQL. */
    private static long resident() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            // Not Linux.
            return 0;
        }
    }

    private void tell(String what) {
        out.println("... " + what);
        out.flush();
    }
}
