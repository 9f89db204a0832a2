package io.tollgate.invoicing.billing;

import io.tollgate.invoicing.contract.Bundle;
import io.tollgate.invoicing.contract.Commitment;
import io.tollgate.invoicing.contract.ContractHistory;
import io.tollgate.invoicing.contract.Days;
import io.tollgate.invoicing.contract.Payers;
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
import java.util.SortedMap;
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

    /** Who pays for the tenants, at whatever time. */
    Payers payers(Set<String> tenants) {
        return contracts.payers(tenants);
    }

    /** Who pays for everybody. */
    Payers payers() {
        return contracts.payers(contracts.tenants());
    }

    /** Who pays in a month, by tenant. */
    SortedMap<String, String> payers(YearMonth month, Collection<String> tenants) {
        Payers payers = contracts.accounts(tenants);
        SortedMap<String, String> payerOf = new TreeMap<>();
        tenants.forEach(tenant -> payerOf.put(tenant, payers.of(tenant, month)));
        return payerOf;
    }

    /** What those of the tenants have agreed to who have a contract, whenever; for their invoices of a month. */
    Map<String, Agreement> of(YearMonth month, Payers payers, Set<String> tenants) {
        Map<String, ContractHistory> histories = new TreeMap<>();
        tenants.forEach(tenant -> payers.contract(tenant).ifPresent(contract -> histories.put(tenant, contract)));
        if (histories.isEmpty()) {
            return Map.of();
        }
        Map<String, Balances> opening = ledger.besides(month, histories.keySet());
        Map<String, YearMonth> closed = invoices.closedThrough(histories.keySet(), month);
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

    /** Who has a contract, or is a member of one. */
    Set<String> tenants() {
        return contracts.tenants();
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
     * Who may have something to pay for in which month: who used something or pays for somebody who did, and whose contract
     * charges for the month as such. Their months may begin in another zone, so usage of a month of UTC may lie in its
     * neighbours.
     */
    SortedSet<TenantMonth> active(UsageReader usage, Optional<String> payer, Optional<YearMonth> month, Instant now) {
        Set<String> paidFor = new TreeSet<>();
        payer.ifPresent(name -> {
            paidFor.add(name);
            contracts.payers(Set.of(name)).contract(name).ifPresent(contract -> paidFor.addAll(contract.members()));
        });
        Payers payers = payer.isPresent() ? contracts.payers(paidFor) : payers();
        Set<TenantMonth> active = new TreeSet<>(activity(usage, paidFor, month));
        Set<TenantMonth> around = new TreeSet<>(active);
        if (!payers.known().isEmpty()) {
            month.ifPresent(only -> List.of(only.minusMonths(1), only.plusMonths(1))
                    .forEach(neighbour -> around.addAll(activity(usage, paidFor, Optional.of(neighbour)))));
        }
        around.stream()
                .filter(each -> payers.knows(each.tenant()))
                .flatMap(each -> List.of(
                                each.month().minusMonths(1), each.month().plusMonths(1))
                        .stream()
                        .map(neighbour -> new TenantMonth(each.tenant(), neighbour)))
                .filter(each -> !payers.startOf(each.tenant(), each.month()).isAfter(now))
                .forEach(active::add);
        SortedSet<TenantMonth> paid = new TreeSet<>();
        active.forEach(each -> paid.add(new TenantMonth(payers.of(each.tenant(), each.month()), each.month())));
        for (ContractHistory history : payers.contracts()) {
            for (YearMonth each = YearMonth.from(history.firstDay());
                    !history.startOf(each).isAfter(now);
                    each = each.plusMonths(1)) {
                if (chargesFor(history, each)) {
                    paid.add(new TenantMonth(history.tenant(), each));
                }
            }
        }
        paid.removeIf(each -> !each.month().equals(month.orElse(each.month()))
                || !each.tenant().equals(payer.orElse(each.tenant())));
        return paid;
    }

    /** @param tenants everybody's, if there are none */
    private static SortedSet<TenantMonth> activity(UsageReader usage, Set<String> tenants, Optional<YearMonth> month) {
        if (tenants.isEmpty()) {
            return usage.activity(Optional.empty(), month);
        }
        SortedSet<TenantMonth> activity = new TreeSet<>();
        tenants.forEach(tenant -> activity.addAll(usage.activity(Optional.of(tenant), month)));
        return activity;
    }

    private static boolean chargesFor(ContractHistory history, YearMonth month) {
        return List.<Class<? extends Term>>of(Bundle.class, Reservation.class, SpendBound.class, Commitment.class)
                .stream()
                .anyMatch(kind -> !history.runs(kind, Days.of(month)).isEmpty());
    }
}
