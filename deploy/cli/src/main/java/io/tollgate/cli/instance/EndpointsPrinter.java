package io.tollgate.cli.instance;

import io.tollgate.connection.ClickHouseUrl;
import java.io.PrintWriter;

/** Prints where a running instance can be reached. */
final class EndpointsPrinter {

    private EndpointsPrinter() {}

    static void print(Instance instance, PrintWriter out) {
        ReadyFile endpoints = instance.endpoints();
        out.println();
        out.println("Ready.");
        out.printf("  %-12s %s%n", "ingest", endpoints.ingest() + "   POST /v1/events, /openapi.json");
        out.printf("  %-12s %s%n", "api", endpoints.api() + "   GET /v1/invoices, /v1/spend, /openapi.json");
        out.printf(
                "  %-12s %s, %s, %s   /metrics, /health%n",
                "admin",
                endpoints.admin().ingest(),
                endpoints.admin().api(),
                endpoints.admin().aggregator());
        out.printf("  %-12s %s%n", "kafka", endpoints.kafka());
        out.printf(
                "  %-12s %s   database %s%n",
                "clickhouse",
                Addresses.masked(endpoints.clickhouse()),
                ClickHouseUrl.parse(endpoints.clickhouse()).database());
        out.printf("  %-12s %s%n", "postgres", Addresses.masked(endpoints.postgres()));
        out.printf(
                "  %-12s %s   (admin, platform, finance)%n",
                "tokens", instance.directory().readyFile());
        out.printf("  %-12s %s%n", "logs", instance.directory().of("logs"));
        out.println();
        out.println("Next, in another terminal:");
        out.println(
                "  deploy/tollgate replay FILE --format azure-llm --tenant acme --provider openai --model gpt-4o \\");
        out.println("      --accelerator nvidia-h100");
        out.println("  deploy/tollgate invoice --tenant acme --period 2023-11");
        out.println();
        out.println("Ctrl-C stops it; the data stay.");
        out.flush();
    }
}
