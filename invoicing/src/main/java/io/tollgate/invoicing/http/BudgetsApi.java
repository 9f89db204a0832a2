package io.tollgate.invoicing.http;

import com.codahale.metrics.MetricRegistry;
import io.tollgate.invoicing.billing.BudgetConfig;
import io.tollgate.invoicing.billing.BudgetForecasts;
import io.tollgate.invoicing.billing.BudgetWatch;
import io.tollgate.invoicing.billing.Budgets;
import io.tollgate.invoicing.budget.SpendSource;
import io.tollgate.invoicing.mail.MailConfig;
import io.tollgate.invoicing.mail.MailCourier;
import io.tollgate.invoicing.postgres.Alerts;
import io.tollgate.invoicing.postgres.BudgetStore;
import io.tollgate.invoicing.postgres.Database;
import io.tollgate.invoicing.postgres.LeaseStore;
import io.tollgate.invoicing.postgres.MailOutbox;
import io.tollgate.service.HttpService;
import java.time.Clock;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** All of budgets and alerts, put together. */
public final class BudgetsApi implements AutoCloseable {

    private final BudgetStore store;
    private final Budgets budgets;
    private final Alerts alerts;
    private final SpendSource source;
    private final BudgetWatch watch;
    private final Optional<MailCourier> mail;
    private final Clock clock;

    public BudgetsApi(
            Database database,
            SpendSource source,
            BudgetConfig config,
            Optional<MailConfig> mail,
            MetricRegistry metrics,
            RandomGenerator random,
            Clock clock) {
        this.store = new BudgetStore(database);
        this.source = source;
        this.budgets = new Budgets(store, new LeaseStore(database), source, config, clock);
        // Without mail there are letters only of budgets that were made when there was; they wait until there is again.
        this.alerts = new Alerts(database, mail.map(MailConfig::domain).orElse("tollgate.invalid"));
        this.watch = new BudgetWatch(budgets, alerts, new BudgetForecasts(), config, clock);
        this.mail = mail.map(how -> new MailCourier(new MailOutbox(database), how, clock, random, metrics));
        this.clock = clock;
    }

    /** Where whatever else gives cause to an alert raises it. */
    public Alerts alerts() {
        return alerts;
    }

    public HttpService.Builder addTo(HttpService.Builder service) {
        // Before anybody can ask: who knows of no budget lets everything pass.
        budgets.refresh();
        return service.resource(new BudgetsResource(store, budgets, source, mail.isPresent(), clock))
                .resource(new BudgetChecksResource(budgets))
                .resource(new BudgetLeasesResource(budgets, clock))
                .resource(new AlertsResource(alerts));
    }

    /** Begins to watch and to send. */
    public BudgetsApi start() {
        watch.start();
        mail.ifPresent(MailCourier::start);
        return this;
    }

    @Override
    public void close() {
        watch.close();
        mail.ifPresent(MailCourier::close);
    }
}
