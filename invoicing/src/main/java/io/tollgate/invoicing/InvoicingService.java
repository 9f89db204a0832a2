package io.tollgate.invoicing;

import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.health.HealthCheck;
import io.tollgate.invoicing.adminapi.AdminApis;
import io.tollgate.invoicing.billing.Agreements;
import io.tollgate.invoicing.billing.Anomalies;
import io.tollgate.invoicing.billing.AnomalyWatch;
import io.tollgate.invoicing.billing.BillRuns;
import io.tollgate.invoicing.billing.BillingMetrics;
import io.tollgate.invoicing.billing.BudgetUsage;
import io.tollgate.invoicing.billing.ChargebackQuery;
import io.tollgate.invoicing.billing.CostQuery;
import io.tollgate.invoicing.billing.CoverageQuery;
import io.tollgate.invoicing.billing.DailySpend;
import io.tollgate.invoicing.billing.Drafts;
import io.tollgate.invoicing.billing.Explaining;
import io.tollgate.invoicing.billing.FocusExports;
import io.tollgate.invoicing.billing.ForecastQuery;
import io.tollgate.invoicing.billing.Freshness;
import io.tollgate.invoicing.billing.InvoiceList;
import io.tollgate.invoicing.billing.InvoicedTenants;
import io.tollgate.invoicing.billing.Invoices;
import io.tollgate.invoicing.billing.Notes;
import io.tollgate.invoicing.billing.Obstacles;
import io.tollgate.invoicing.billing.OverdueWatch;
import io.tollgate.invoicing.billing.Publishing;
import io.tollgate.invoicing.billing.Simulation;
import io.tollgate.invoicing.billing.SpendQuery;
import io.tollgate.invoicing.billing.TimedUsage;
import io.tollgate.invoicing.billing.TrialBooks;
import io.tollgate.invoicing.billing.UsageQuery;
import io.tollgate.invoicing.billing.Zones;
import io.tollgate.invoicing.clickhouse.ClickHouseUsage;
import io.tollgate.invoicing.connection.ConnectionUrl;
import io.tollgate.invoicing.delivery.Courier;
import io.tollgate.invoicing.delivery.HttpSender;
import io.tollgate.invoicing.http.AccountsResource;
import io.tollgate.invoicing.http.AnomaliesResource;
import io.tollgate.invoicing.http.AnomalySettingsResource;
import io.tollgate.invoicing.http.BillRunsResource;
import io.tollgate.invoicing.http.BudgetsApi;
import io.tollgate.invoicing.http.ChangesResource;
import io.tollgate.invoicing.http.ChargebackResource;
import io.tollgate.invoicing.http.ChargebackRulesResource;
import io.tollgate.invoicing.http.ChargebackRunsResource;
import io.tollgate.invoicing.http.ContractsResource;
import io.tollgate.invoicing.http.ExplainResource;
import io.tollgate.invoicing.http.FocusMonthResource;
import io.tollgate.invoicing.http.FocusResource;
import io.tollgate.invoicing.http.ForecastResource;
import io.tollgate.invoicing.http.InvoiceFilesResource;
import io.tollgate.invoicing.http.InvoicesResource;
import io.tollgate.invoicing.http.IssuersResource;
import io.tollgate.invoicing.http.PriceBookDraftsResource;
import io.tollgate.invoicing.http.PriceBookReportsResource;
import io.tollgate.invoicing.http.PriceBooksResource;
import io.tollgate.invoicing.http.QuotesResource;
import io.tollgate.invoicing.http.SimulationsResource;
import io.tollgate.invoicing.http.SpendResource;
import io.tollgate.invoicing.http.TenantTokens;
import io.tollgate.invoicing.http.TenantTokensResource;
import io.tollgate.invoicing.http.Unanswerable;
import io.tollgate.invoicing.http.Unavailable;
import io.tollgate.invoicing.http.UsageResource;
import io.tollgate.invoicing.http.WebhookDeliveriesResource;
import io.tollgate.invoicing.http.WebhookEndpointsResource;
import io.tollgate.invoicing.postgres.AnomalyStore;
import io.tollgate.invoicing.postgres.BillRunStore;
import io.tollgate.invoicing.postgres.ChargebackStore;
import io.tollgate.invoicing.postgres.ContractStore;
import io.tollgate.invoicing.postgres.Database;
import io.tollgate.invoicing.postgres.EndpointStore;
import io.tollgate.invoicing.postgres.InvoiceStore;
import io.tollgate.invoicing.postgres.IssuerStore;
import io.tollgate.invoicing.postgres.Ledger;
import io.tollgate.invoicing.postgres.NoteStore;
import io.tollgate.invoicing.postgres.Outbox;
import io.tollgate.invoicing.postgres.PriceBookDraftStore;
import io.tollgate.invoicing.postgres.PriceBookStore;
import io.tollgate.invoicing.postgres.Publication;
import io.tollgate.invoicing.postgres.ReceivableStore;
import io.tollgate.invoicing.postgres.TenantTokenStore;
import io.tollgate.invoicing.pricing.PriceBookDraft;
import io.tollgate.invoicing.rendering.ChargebackPdf;
import io.tollgate.invoicing.rendering.InvoicePdf;
import io.tollgate.invoicing.usage.UsageReader;
import io.tollgate.service.HttpService;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.function.BooleanSupplier;

/** The invoicing service, running inside this JVM. */
public final class InvoicingService implements AutoCloseable {

    /** The prices of all models that are known anywhere are a price book of a few mebibytes. */
    private static final long BODY_BYTES_MAX = 16L << 20;

    private final Database database;
    private final ClickHouseUsage usage;
    private final Publishing publishing;
    private final BillRuns billRuns;
    private final OverdueWatch overdue;
    private final AnomalyWatch anomalies;
    private final Courier courier;
    private final BudgetsApi budgets;
    private final HttpService http;
    private final Clock clock;

    private InvoicingService(
            Database database,
            ClickHouseUsage usage,
            Publishing publishing,
            BillRuns billRuns,
            OverdueWatch overdue,
            AnomalyWatch anomalies,
            Courier courier,
            BudgetsApi budgets,
            HttpService http,
            Clock clock) {
        this.database = database;
        this.usage = usage;
        this.publishing = publishing;
        this.billRuns = billRuns;
        this.overdue = overdue;
        this.anomalies = anomalies;
        this.courier = courier;
        this.budgets = budgets;
        this.http = http;
        this.clock = clock;
    }

    /**
     * Brings its PostgreSQL schema up to date, serves, and delivers events. ClickHouse need not be there yet.
     *
     * @throws IllegalArgumentException if a URL is malformed
     * @throws RuntimeException if PostgreSQL cannot be reached or no port can be bound
     */
    public static InvoicingService start(InvoicingConfig config, Clock clock) {
        ConnectionUrl clickhouse = ConnectionUrl.clickHouse(config.clickhouseUrl());
        Database database = Database.open(ConnectionUrl.postgres(config.postgresUrl()));
        ClickHouseUsage usage = ClickHouseUsage.open(clickhouse);
        try {
            PriceBookStore books = new PriceBookStore(database);
            PriceBookDraftStore bookDrafts = new PriceBookDraftStore(database);
            TrialBooks trials = new TrialBooks(books, bookDrafts);
            MetricRegistry registry = new MetricRegistry();
            BillingMetrics metrics = new BillingMetrics(registry);
            Publishing publishing = new Publishing(books, metrics);
            UsageReader timed = new TimedUsage(usage, metrics);
            int most = UsageReader.QUANTITIES_MAX;
            UsageReader bounded = new TimedUsage(usage.upTo(most), metrics);
            InvoiceStore invoices = new InvoiceStore(database, config.terms());
            ContractStore contracts = new ContractStore(database);
            IssuerStore issuers = new IssuerStore(database);
            Agreements agreements = new Agreements(contracts, issuers, new Ledger(database), invoices, books);
            Drafts drafts = new Drafts(books, agreements, timed, metrics);
            Obstacles obstacles = new Obstacles(drafts, usage.archive(), config.terms());
            Invoices single = new Invoices(drafts, obstacles, invoices, config.terms(), metrics);
            ReceivableStore receivables = new ReceivableStore(database);
            NoteStore noteStore = new NoteStore(database, config.terms());
            Notes notes = new Notes(drafts, noteStore);
            Drafts boundedDrafts = new Drafts(books, agreements, bounded, metrics);
            SpendQuery spend = new SpendQuery(boundedDrafts, agreements, invoices, noteStore, most);
            SpendQuery everybodys = new SpendQuery(drafts, agreements, invoices, noteStore, Integer.MAX_VALUE);
            CostQuery costs = new CostQuery(boundedDrafts, invoices);
            FocusExports focus = new FocusExports(costs, invoices, agreements, issuers, config.terms());
            UsageQuery quantities = new UsageQuery(agreements, bounded, most);
            UsageQuery allQuantities = new UsageQuery(agreements, timed, Integer.MAX_VALUE);
            Zones zones = new Zones(agreements, clock);
            Freshness freshness = new Freshness(usage.archive());
            ChargebackStore chargebacks = new ChargebackStore(database);
            ChargebackQuery costCentres = new ChargebackQuery(costs, agreements, chargebacks);
            ChargebackPdf chargebackPdf = new ChargebackPdf(config.branding());
            DailySpend daily = new DailySpend(everybodys);
            AnomalyStore anomalyStore = new AnomalyStore(database);
            BillRunStore runs = new BillRunStore(database, invoices);
            BillRuns billRuns = new BillRuns(drafts, timed, obstacles, runs, config.terms(), metrics, clock);
            EndpointStore endpoints = new EndpointStore(database);
            Outbox outbox = new Outbox(database);
            TenantTokenStore tenantTokens = new TenantTokenStore(database);
            SecureRandom random = new SecureRandom();
            HttpSender sender = new HttpSender(config.webhooks());
            Courier courier = new Courier(outbox, sender, config.webhooks(), clock, random, registry);
            BudgetsApi budgets = new BudgetsApi(
                    database,
                    new BudgetUsage(spend, quantities, zones, freshness, agreements, books),
                    config.budgets(),
                    config.mail(),
                    registry,
                    random,
                    clock);
            Anomalies anomalies = new Anomalies(daily, timed, zones, freshness, anomalyStore, budgets.alerts());
            HttpService.Builder service = describe(config)
                    .metrics(registry)
                    .furtherTokens(new TenantTokens(tenantTokens, clock))
                    .resource(new TenantTokensResource(tenantTokens, random, clock))
                    .resource(new InvoicesResource(single, new InvoiceList(drafts, invoices, config.terms()), clock))
                    .resource(new ExplainResource(new Explaining(single, usage.lines()), clock))
                    .resource(new AccountsResource(receivables, notes, clock))
                    .resource(new BillRunsResource(billRuns, runs, clock))
                    .resource(new InvoiceFilesResource(single, new InvoicePdf(config.branding()), clock))
                    .resource(new FocusResource(focus, single, clock))
                    .resource(new FocusMonthResource(focus, single, clock))
                    .resource(new ChargebackRulesResource(chargebacks, clock))
                    .resource(new ChargebackResource(costCentres, chargebacks, chargebackPdf, clock))
                    .resource(new ChargebackRunsResource(costCentres, chargebacks, chargebackPdf, clock))
                    .resource(new SpendResource(spend, everybodys, zones, freshness, clock))
                    .resource(new UsageResource(quantities, allQuantities, zones, freshness, clock))
                    .resource(new ForecastResource(new ForecastQuery(spend, freshness), zones, clock))
                    .resource(new ChangesResource(new DailySpend(spend), zones, freshness, clock))
                    .resource(new AnomaliesResource(anomalyStore, clock))
                    .resource(new AnomalySettingsResource(
                            anomalyStore, config.mail().isPresent(), clock))
                    .resource(new ContractsResource(contracts, issuers, books, invoices, clock))
                    .resource(new IssuersResource(issuers, clock))
                    .resource(new PriceBooksResource(books, bookDrafts, publishing, clock))
                    .resource(new PriceBookDraftsResource(books, bookDrafts, publishing, clock))
                    .resource(new PriceBookReportsResource(trials, new CoverageQuery(timed)))
                    .resource(new SimulationsResource(books, trials, new Simulation(drafts, timed), clock))
                    .resource(new QuotesResource(books, clock))
                    .resource(new WebhookEndpointsResource(endpoints, sender, random, clock))
                    .resource(new WebhookDeliveriesResource(endpoints, outbox, sender, clock))
                    .healthCheck("postgres", check(database::answers))
                    .healthCheck("clickhouse", check(usage::answers));
            AdminApis.addTo(service, bounded, spend, costs, new InvoicedTenants(agreements), clock);
            HttpService http = budgets.addTo(service).start();
            return new InvoicingService(
                    database,
                    usage,
                    publishing,
                    billRuns,
                    new OverdueWatch(receivables, clock).start(),
                    new AnomalyWatch(anomalies, clock).start(),
                    courier.start(),
                    budgets.start(),
                    http,
                    clock);
        } catch (RuntimeException e) {
            usage.close();
            database.close();
            throw e;
        }
    }

    private static HttpService.Builder describe(InvoicingConfig config) {
        HttpService.Builder service = HttpService.named("invoicing")
                .api("Tollgate invoicing", "v1", "Price books, contracts, spend, invoices and webhooks")
                .maxBodyBytes(BODY_BYTES_MAX)
                .listenOn(config.listenOn())
                .tokens(config.tokens())
                .problemEverywhere(Unavailable.STATUS, Unavailable.DESCRIPTION);
        Unavailable.mappers().forEach(service::component);
        Unanswerable.mappers().forEach(service::component);
        return service;
    }

    /** Publishes a price book, as {@code POST /v1/price-books} does. */
    public Publication publish(PriceBookDraft book) {
        return publishing.publish(book, clock.instant());
    }

    public int port() {
        return http.port();
    }

    public int adminPort() {
        return http.adminPort();
    }

    /** Stops serving and delivering, then lets go of the databases. Idempotent. */
    @Override
    public void close() {
        http.close();
        billRuns.close();
        overdue.close();
        anomalies.close();
        courier.close();
        budgets.close();
        usage.close();
        database.close();
    }

    private static HealthCheck check(BooleanSupplier answers) {
        return new HealthCheck() {
            @Override
            protected Result check() {
                return answers.getAsBoolean() ? Result.healthy() : Result.unhealthy("no answer");
            }
        };
    }
}
