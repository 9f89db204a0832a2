package io.tollgate.invoicing;

import com.codahale.metrics.MetricRegistry;
import io.tollgate.invoicing.billing.Agreements;
import io.tollgate.invoicing.billing.BillRuns;
import io.tollgate.invoicing.billing.BillingMetrics;
import io.tollgate.invoicing.billing.Drafts;
import io.tollgate.invoicing.billing.Obstacles;
import io.tollgate.invoicing.clickhouse.ClickHouseUsage;
import io.tollgate.invoicing.connection.ConnectionUrl;
import io.tollgate.invoicing.invoice.BillingTerms;
import io.tollgate.invoicing.postgres.BillRunStore;
import io.tollgate.invoicing.postgres.ContractStore;
import io.tollgate.invoicing.postgres.Database;
import io.tollgate.invoicing.postgres.InvoiceStore;
import io.tollgate.invoicing.postgres.IssuerStore;
import io.tollgate.invoicing.postgres.Ledger;
import io.tollgate.invoicing.postgres.PriceBookStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;

/** Closes a month in a process of its own, and ends. */
public final class BillRunProcess {

    private BillRunProcess() {}

    /** Arguments: PostgreSQL, ClickHouse, month, the time. */
    public static void main(String[] arguments) {
        Clock clock = Clock.fixed(Instant.parse(arguments[3]), ZoneOffset.UTC);
        YearMonth month = YearMonth.parse(arguments[2]);
        BillingMetrics metrics = new BillingMetrics(new MetricRegistry());
        try (Database database = Database.open(ConnectionUrl.postgres(arguments[0]));
                ClickHouseUsage usage = ClickHouseUsage.open(ConnectionUrl.clickHouse(arguments[1]));
                BillRuns runs = new BillRuns(
                        drafts(database, usage, metrics),
                        usage,
                        new Obstacles(drafts(database, usage, metrics), usage.archive(), BillingTerms.USUAL),
                        new BillRunStore(database, new InvoiceStore(database, BillingTerms.USUAL)),
                        BillingTerms.USUAL,
                        metrics,
                        clock)) {
            runs.start(month, false).ifPresent(blocker -> {
                throw new IllegalStateException(blocker.detail());
            });
            runs.await(month);
        }
    }

    private static Drafts drafts(Database database, ClickHouseUsage usage, BillingMetrics metrics) {
        PriceBookStore books = new PriceBookStore(database);
        Agreements agreements = new Agreements(
                new ContractStore(database),
                new IssuerStore(database),
                new Ledger(database),
                new InvoiceStore(database, BillingTerms.USUAL),
                books);
        return new Drafts(books, agreements, usage, metrics);
    }

    static Process start(String postgres, String clickhouse, YearMonth month, Instant now) throws IOException {
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BillRunProcess.class.getName(),
                        postgres,
                        clickhouse,
                        month.toString(),
                        now.toString()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
