package io.tollgate.invoicing.billing;

import io.tollgate.invoicing.chargeback.Accounts;
import io.tollgate.invoicing.chargeback.Chargeback;
import io.tollgate.invoicing.chargeback.ChargebackReport;
import io.tollgate.invoicing.chargeback.Difference;
import io.tollgate.invoicing.chargeback.RulesHistory;
import io.tollgate.invoicing.chargeback.Run;
import io.tollgate.invoicing.contract.Payers;
import io.tollgate.invoicing.cost.CostReport;
import io.tollgate.invoicing.invoice.BillingPeriod;
import io.tollgate.invoicing.postgres.ChargebackStore;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Whose cost a month is by a tenant's rules: computed now, or kept. */
public final class ChargebackQuery {

    private final CostQuery costs;
    private final Agreements agreements;
    private final ChargebackStore store;

    public ChargebackQuery(CostQuery costs, Agreements agreements, ChargebackStore store) {
        this.costs = costs;
        this.agreements = agreements;
        this.store = store;
    }

    /** What a month's reports are made of. */
    private record Basis(String tenant, YearMonth month, List<CostReport> documents, RulesHistory rules) {

        ChargebackReport report() {
            return report(rules);
        }

        ChargebackReport report(RulesHistory known) {
            return Chargeback.report(tenant, month, documents, known);
        }

        /** By the rules known then, what is different is the invoice's doing; the rest is the new rules'. */
        Difference since(ChargebackReport before) {
            return Difference.of(before, report(rules.upTo(before.rulesKnown())), report());
        }
    }

    /**
     * What moved since a run.
     *
     * @param run that it is compared with
     */
    public record Moved(Run run, Difference difference) {}

    /** As it is now; empty if no list prices are published, or if another tenant pays for this one in that month. */
    public Optional<ChargebackReport> now(String tenant, YearMonth month, Instant now) {
        return basis(tenant, month, 0, now).map(Basis::report);
    }

    /** Keeps what it is now as the next run of the month, unless the latest run is the same; empty as before. */
    public Optional<ChargebackStore.Kept> keep(String tenant, YearMonth month, Instant now) {
        Optional<ChargebackStore.Kept> kept = Optional.empty();
        // One that was computed before the latest run was kept would bring back what has moved since.
        while (kept.isEmpty()) {
            Optional<Run> latest = store.run(tenant, month, Optional.empty());
            Optional<Basis> basis = basis(
                    tenant, month, latest.map(run -> run.report().rulesKnown()).orElse(0), now);
            if (basis.isEmpty()) {
                return Optional.empty();
            }
            kept = store.keep(latest.map(Run::number).orElse(0), basis.get().report(), basis.get()::since, now);
        }
        return kept;
    }

    /** What moved since the run; empty as before. */
    public Optional<Moved> since(Run run, Instant now) {
        return basis(run.report().tenant(), run.report().month(), run.report().rulesKnown(), now)
                .map(basis -> new Moved(run, basis.since(run.report())));
    }

    /** Where the report's cost is posted to: by the rules known when it was made, in force at the month's end. */
    public Optional<Accounts> accounts(ChargebackReport report) {
        return store.history(report.tenant())
                .upTo(report.rulesKnown())
                .atEndOf(report.month())
                .flatMap(version -> version.rules().accounts());
    }

    /** Who pays for the tenant in that month. */
    public String payer(String tenant, YearMonth month) {
        return agreements.payers(Set.of(tenant)).of(tenant, month);
    }

    /** @param known latest version of the rules of a run that it is compared with; 0 for none */
    private Optional<Basis> basis(String tenant, YearMonth month, int known, Instant now) {
        RulesHistory rules = store.history(tenant);
        Payers payers = agreements.payers(Set.of(tenant));
        ZoneId zone = BillingPeriod.of(month, tenant, payers).zone();
        Set<Instant> cuts = rules.changesIn(month).stream()
                .map(day -> day.atStartOfDay(zone).toInstant())
                .collect(Collectors.toSet());
        return costs.of(tenant, month, rules.detail(month, known), cuts, now)
                .map(documents -> new Basis(tenant, month, documents, rules));
    }
}
