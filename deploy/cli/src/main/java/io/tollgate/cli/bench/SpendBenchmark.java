package io.tollgate.cli.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tollgate.cli.ExitCode;
import io.tollgate.cli.UserException;
import io.tollgate.cli.api.ApiClient;
import io.tollgate.cli.instance.InstanceOptions.WantedPorts;
import io.tollgate.cli.instance.ReadyFile;
import io.tollgate.cli.instance.ScratchInstance;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * How long a tenant waits for its month by day and model, and how that grows with the rollups of others. Each tenant is asked
 * for as often as any other, as each pulls its spend every day; and then in proportion to their usage, so that every fifth
 * question is of one that has the most.
 */
final class SpendBenchmark {

    private static final int ONE_CONTRACT_OF = 4;
    /** What a batch costs of what one pays who does not wait. */
    private static final double HALF = 0.5;

    private final List<Long> sizes;
    private final int clients;
    private final int requests;
    private final Random random;
    private final PrintWriter out;
    private final PrintWriter err;

    /**
     * @param sizes how many rollups, each more than the one before
     * @param requests of each kind at each size; as many more warm up, and are not measured
     */
    SpendBenchmark(List<Long> sizes, int clients, int requests, long seed, PrintWriter out, PrintWriter err) {
        if (clients < 1
                || requests < 1
                || IntStream.range(1, sizes.size()).anyMatch(i -> sizes.get(i - 1) >= sizes.get(i))) {
            throw new UserException(
                    ExitCode.USAGE,
                    "clients and requests are at least 1, and rows only grow",
                    "see 'tollgate bench --help'");
        }
        this.sizes = List.copyOf(sizes);
        this.clients = clients;
        this.requests = requests;
        this.random = new Random(seed);
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
        api.put("/v1/issuers/bench", ApiClient.json("""
                {"seller": {"name": "Bench AB", "country": "SE", "vatId": "SE556703748501"},
                 "taxRates": [{"jurisdiction": "SE", "percent": "25", "effectiveFrom": "2020-01-01"}]}"""));
        SpendRollups rollups = new SpendRollups(ready.clickhouse());
        SpendClients asking =
                new SpendClients(ready.api(), Optional.of(ready.tokens().finance()), clients);
        SpendClients bare = new SpendClients(ready.clickhouse(), Optional.empty(), clients);
        List<Figure> figures = new ArrayList<>();
        int tenants = 0;
        for (long size : sizes) {
            int first = tenants + 1;
            tenants = Math.max(first + SpendRollups.CLASSES - 1, SpendRollups.tenantsOf(size));
            tell("%,d tenants: agreeing on contracts, and writing rollups".formatted(tenants));
            agree(api, first, tenants);
            SpendRollups.Stored stored = rollups.fill(first, tenants);
            tell("%,d rows in %,d parts of six months, %,d MB; those written again included"
                    .formatted(stored.rows(), stored.parts(), stored.bytes() / 1_000_000));
            figures.add(new Figure("rows_written_of_" + size, stored.rows(), "rows"));
            asking.ask(questions(tenants, requests, Asking.ALIKE).paths());
            for (Asking how : Asking.values()) {
                Questions questions = questions(tenants, requests, how);
                List<Figure> ours = measured(how.suffix + "_of_" + size, asking, questions);
                figures.addAll(ours);
                figures.addAll(bare(how.suffix + "_of_" + size, bare.ask(questions.bare()), ours));
            }
        }
        if (sizes.size() > 1) {
            for (String figure : List.of("p50", "p99", "busy_per_request")) {
                for (Asking how : Asking.values()) {
                    figures.add(growth(figure + how.suffix, figures));
                }
            }
        }
        return figures;
    }

    private List<Figure> measured(String of, SpendClients asking, Questions questions) {
        tell(
                "of each hundred tenants the k-th has 40,000 / k rows a month; those asked for have %,d in the median, %,d at most"
                        .formatted(
                                questions.rows().get(questions.rows().size() / 2),
                                questions.rows().get(questions.rows().size() - 1)));
        long service = CpuTime.ofThisProcess();
        long everything = CpuTime.ofEverything();
        SpendClients.Asked asked = asking.ask(questions.paths());
        List<Duration> latencies = asked.latencies();
        return List.of(
                new Figure("p50" + of, LatencyProbe.percentile(latencies, 50), "ms"),
                new Figure("p99" + of, LatencyProbe.percentile(latencies, 99), "ms"),
                new Figure("max" + of, LatencyProbe.percentile(latencies, 100), "ms"),
                new Figure("requests_per_second" + of, requests / asked.seconds(), "requests/s"),
                new Figure("answer" + of, asked.meanBytes() / 1e3, "kB"),
                new Figure("busy_per_request" + of, (CpuTime.ofEverything() - everything) / 1e6 / requests, "ms"),
                new Figure(
                        "service_busy_per_request" + of, (CpuTime.ofThisProcess() - service) / 1e6 / requests, "ms"));
    }

    /** What ClickHouse alone takes for the sums that spend is made of, asked for by as many clients at once. */
    private static List<Figure> bare(String of, SpendClients.Asked asked, List<Figure> ours) {
        double p50 = LatencyProbe.percentile(asked.latencies(), 50);
        double p99 = LatencyProbe.percentile(asked.latencies(), 99);
        return List.of(
                new Figure("bare_clickhouse_p50" + of, p50, "ms"),
                new Figure("bare_clickhouse_p99" + of, p99, "ms"),
                new Figure("p50_to_bare" + of, value("p50" + of, ours) / p50, "ratio"),
                new Figure("p99_to_bare" + of, value("p99" + of, ours) / p99, "ratio"));
    }

    /** From the first size to the last. */
    private Figure growth(String name, List<Figure> figures) {
        return new Figure(
                "growth_of_" + name,
                value(name + "_of_" + sizes.get(sizes.size() - 1), figures)
                        / value(name + "_of_" + sizes.get(0), figures),
                "ratio");
    }

    private static double value(String name, List<Figure> figures) {
        return figures.stream()
                .filter(figure -> figure.name().equals(name))
                .findFirst()
                .orElseThrow()
                .value();
    }

    /**
     * Questions to our service, and the same to ClickHouse.
     *
     * @param rows of the tenants' months that are asked for, least first
     */
    private record Questions(List<String> paths, List<String> bare, List<Integer> rows) {}

    /** How often which tenant is asked for. */
    private enum Asking {
        ALIKE(""),
        BY_USAGE("_by_usage");

        private final String suffix;

        Asking(String suffix) {
            this.suffix = suffix;
        }
    }

    private Questions questions(int tenants, int count, Asking how) {
        List<String> paths = new ArrayList<>();
        List<String> bare = new ArrayList<>();
        List<Integer> rows = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            int tenant = how == Asking.ALIKE ? 1 + random.nextInt(tenants) : anyByUsage(tenants);
            YearMonth month = SpendRollups.FIRST_MONTH.plusMonths(random.nextInt(SpendRollups.MONTHS));
            paths.add("/v1/spend?tenant=%s&from=%s&to=%s&granularity=day&groupBy=model"
                    .formatted(
                            SpendRollups.name(tenant),
                            month.atDay(1),
                            month.plusMonths(1).atDay(1)));
            bare.add("/?database=tollgate&query="
                    + URLEncoder.encode(SpendRollups.sums(tenant, month), StandardCharsets.UTF_8));
            rows.add(SpendRollups.rowsOf(tenant));
        }
        return new Questions(paths, bare, rows.stream().sorted().toList());
    }

    private int anyByUsage(int tenants) {
        int ofHundred = IntStream.rangeClosed(1, SpendRollups.CLASSES)
                .map(SpendRollups::rowsOf)
                .sum();
        int one = random.nextInt(ofHundred);
        int tenant = 1;
        for (; one >= SpendRollups.rowsOf(tenant); tenant++) {
            one -= SpendRollups.rowsOf(tenant);
        }
        return tenant + SpendRollups.CLASSES * random.nextInt(tenants / SpendRollups.CLASSES);
    }

    private static JsonNode book() {
        var book = JsonNodeFactory.instance
                .objectNode()
                .put("name", "list")
                .put("currency", "USD")
                .put("effectiveFrom", "2020-01-01T00:00:00Z");
        var cards = book.putArray("cards");
        for (int model = 0; model < SpendRollups.MODELS; model++) {
            price(cards.addObject(), model, 1);
            price(cards.addObject(), model, HALF).withObject("match").put("serviceTier", "batch");
            price(cards.addObject(), model, 2)
                    .withObject("match")
                    .put("serviceTier", "standard")
                    .put("contextBand", SpendRollups.CONTEXT_BAND);
        }
        return book;
    }

    private static ObjectNode price(ObjectNode card, int model, double times) {
        card.putObject("match").put("provider", "vendor-" + model / 2).put("model", "model-" + model);
        var prices = card.putObject("prices");
        Map.of("input_tokens", 2.5, "cache_read_tokens", 1.25, "output_tokens", 10.0, "reasoning_tokens", 10.0)
                .forEach((meter, amount) -> prices.putObject(meter)
                        .put("amount", Double.toString(amount * times))
                        .put("per", 1_000_000));
        return card;
    }

    /** One tenant in four, of all sizes, has a contract: months of another zone, a tiered price of its own, a discount, tax. */
    private static void agree(ApiClient api, int first, int last) {
        for (int tenant = first; tenant <= last; tenant++) {
            if ((tenant + (tenant - 1) / SpendRollups.CLASSES) % ONE_CONTRACT_OF == 0) {
                api.post("/v1/contracts", ApiClient.json("""
                        {"tenant": "%s", "currency": "USD", "issuer": "bench", "timeZone": "Europe/Stockholm",
                         "billTo": {"name": "Tenant AB", "country": "SE"}, "effectiveFrom": "2024-01-01",
                         "overrides": [{"match": {"provider": "vendor-0", "model": "model-0"}, "prices": {"output_tokens":
                            {"model": "graduated", "tiers": [{"upTo": "1000000", "amount": "10.00", "per": 1000000},
                                                             {"amount": "8.00", "per": 1000000}]}}}],
                         "discounts": [{"id": "volume", "percent": "10"}]}""".formatted(SpendRollups.name(tenant))));
            }
        }
    }

    private void tell(String what) {
        out.println("... " + what);
        out.flush();
    }
}
