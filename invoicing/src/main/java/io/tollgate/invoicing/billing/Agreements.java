package io.tollgate.invoicing.billing;

import io.tollgate.invoicing.contract.Bundle;
import io.tollgate.invoicing.contract.Commitment;
import io.tollgate.invoicing.contract.ContractHistory;
import io.tollgate.invoicing.contract.Days;
import io.tollgate.invoicing.contract.Reservation;
import io.tollgate.invoicing.contract.SpendBound;
import io.tollgate.invoicing.contract.Term;
import io.tollgate.invoicing.postgres.ContractStore;
import io.tollgate.invoicing.postgres.InvoiceStore;
import io.tollgate.invoicing.postgres.IssuerStore;
import io.tollgate.invoicing.postgres.Ledger;
import io.tollgate.invoicing.postgres.PriceBookStore;
import io.tollgate.invoicing.pricing.PriceHistory;
import io.tollgate.invoicing.tax.Issuer;
import io.tollgate.invoicing.terms.Agreement;
import io.tollgate.invoicing.terms.Balances;
import io.tollgate.invoicing.usage.TenantMonth;
import io.tollgate.invoicing.usage.UsageReader;
import java.time.Instant;
import java.time.YearMonth;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Loads what tenants have agreed to, and all that their terms are reckoned from beside usage. */
public final class Agreements {

    private final ContractStore contracts;
    private final IssuerStore issuers;
    private final Ledger ledger;
    private final InvoiceStore invoices;
    private final PriceBookStore books;

    public Agreements(
            ContractStore contracts, IssuerStore issuers, Ledger ledger, InvoiceStore invoices, PriceBookStore books) {
        this.contracts = contracts;
        this.issuers = issuers;
        this.ledger = ledger;
        this.invoices = invoices;
        this.books = books;
    }

    /** What those of the tenants have agreed to who have a contract, whenever; for their invoices of a month. */
    Map<String, Agreement> of(YearMonth month, Set<String> tenants) {
        Map<String, ContractHistory> histories = contracts.histories(tenants);
        if (histories.isEmpty()) {
            return Map.of();
        }
        Map<String, Balances> opening = ledger.before(month, histories.keySet());
        Map<String, YearMonth> closed = invoices.closedBefore(month, histories.keySet());
        Map<String, Issuer> known = issuers.all().stream().collect(Collectors.toMap(Issuer::name, Function.identity()));
        Map<String, Agreement> agreements = new TreeMap<>();
        histories.forEach((tenant, history) -> agreements.put(
                tenant,
                new Agreement(
                        history,
                        known,
                        opening.getOrDefault(tenant, Balances.NONE),
                        Optional.ofNullable(closed.get(tenant)))));
        return agreements;
    }

    /** Whether a later invoice of the tenant than the month's used balances. */
    boolean drewAfter(YearMonth month, String tenant) {
        return ledger.drewAfter(month, tenant);
    }

    /** Who has a contract. */
    Set<String> tenants() {
        return contracts.tenants();
    }

    /** The contracts of some tenants, or of all. */
    Map<String, ContractHistory> contracts(Optional<Set<String>> tenants) {
        return contracts.histories(tenants.orElseGet(contracts::tenants));
    }

    /** The books that contracts name, each read once. */
    Map<String, PriceHistory> books(Collection<ContractHistory> histories) {
        Map<String, PriceHistory> named = new TreeMap<>();
        histories.stream()
                .flatMap(history -> history.versions().stream())
                .map(version -> version.content().book())
                .distinct()
                .forEach(name -> books.history(name).ifPresent(book -> named.put(name, book)));
        return named;
    }

    /**
     * Who may have something to bill in which month: who used something, and whose contract charges for the month as
     * such. A contract's months are those of its zone, so usage of a month of UTC may lie in its neighbours.
     */
    SortedSet<TenantMonth> active(UsageReader usage, Optional<String> tenant, Optional<YearMonth> month, Instant now) {
        SortedSet<TenantMonth> active = new TreeSet<>(usage.activity(tenant, month));
        Map<String, ContractHistory> histories = contracts(tenant.map(Set::of));
        if (histories.isEmpty()) {
            return active;
        }
        SortedSet<TenantMonth> around = new TreeSet<>(active);
        month.ifPresent(only -> List.of(only.minusMonths(1), only.plusMonths(1))
                .forEach(neighbour -> around.addAll(usage.activity(tenant, Optional.of(neighbour)))));
        for (TenantMonth each : around) {
            Optional.ofNullable(histories.get(each.tenant()))
                    .ifPresent(history -> List.of(
                                    each.month().minusMonths(1), each.month().plusMonths(1))
                            .stream()
                            .filter(neighbour -> !history.startOf(neighbour).isAfter(now))
                            .forEach(neighbour -> active.add(new TenantMonth(each.tenant(), neighbour))));
        }
        histories.forEach((name, history) -> {
            for (YearMonth each = YearMonth.from(history.firstDay());
                    !history.startOf(each).isAfter(now);
                    each = each.plusMonths(1)) {
                if (chargesFor(history, each)) {
                    active.add(new TenantMonth(name, each));
                }
            }
        });
        active.removeIf(each -> month.isPresent() && !each.month().equals(month.get()));
        return active;
    }

    private static boolean chargesFor(ContractHistory history, YearMonth month) {
        return List.<Class<? extends Term>>of(Bundle.class, Reservation.class, SpendBound.class, Commitment.class)
                .stream()
                .anyMatch(kind -> !history.runs(kind, Days.of(month)).isEmpty());
    }
}
