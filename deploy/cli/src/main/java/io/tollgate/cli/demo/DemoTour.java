package io.tollgate.cli.demo;

import io.tollgate.cli.instance.DataDirectory;
import io.tollgate.cli.instance.ReadyFile;
import io.tollgate.cli.traffic.DemoTraffic;
import java.io.PrintWriter;
import java.time.YearMonth;

/** Where to look next, once the demo has shown its figures. */
final class DemoTour {

    private DemoTour() {}

    static void print(ReadyFile endpoints, DataDirectory directory, YearMonth month, PrintWriter out) {
        String ready = directory.readyFile().toString();
        String tenant = DemoTraffic.platform().tenants().get(0).tenant();
        out.println();
        out.println("Still running. In another terminal:");
        out.println();
        out.println("  export TOLLGATE_READY_FILE=" + ready);
        out.printf("  deploy/tollgate invoice --tenant %s --period %s%n", tenant, month);
        out.println("  deploy/tollgate prices show");
        out.println();
        out.println("  TOKEN=" + endpoints.tokens().finance());
        out.printf(
                "  curl -H \"Authorization: Bearer $TOKEN\" '%s/v1/spend?%s&granularity=day&groupBy=model'%n",
                endpoints.api(), MonthTotals.range(month));
        out.printf("  curl %s/openapi.json    and    %s/openapi.json%n", endpoints.api(), endpoints.ingest());
        out.printf("  curl %s/metrics%n", endpoints.admin().api());
        out.printf(
                "  curl '%s/?database=tollgate' --data 'SELECT model, sum(event_count) FROM rollups FINAL GROUP BY 1'%n",
                endpoints.clickhouse());
        out.println();
        out.println("An instance of your own that keeps its data:  deploy/tollgate up");
        out.println("Ctrl-C ends the demo and removes its directory.");
        out.flush();
    }
}
