package io.tollgate.invoicing.contract;

import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Who pays for whom. A tenant pays for itself, unless a contract names it among its members: then whoever has that
 * contract, the billing account, pays for all that the tenant uses. It is so for whole months, by the contract in force
 * on their first day, so that a tenant's month is on one invoice.
 */
public final class Payers {

    private final Map<String, ContractHistory> contracts = new HashMap<>();
    private final Map<String, List<ContractHistory>> accountsOf = new HashMap<>();

    /** @param contracts those of the tenants that are asked for, and of all accounts that ever name them */
    public Payers(Collection<ContractHistory> contracts) {
        for (ContractHistory contract : contracts) {
            this.contracts.put(contract.tenant(), contract);
            contract.members()
                    .forEach(member -> accountsOf
                            .computeIfAbsent(member, key -> new ArrayList<>())
                            .add(contract));
        }
    }

    /** Who is sent the invoice for what a tenant uses in a month. */
    public String of(String tenant, YearMonth month) {
        return account(tenant, month).map(ContractHistory::tenant).orElse(tenant);
    }

    public boolean paysForItself(String tenant, YearMonth month) {
        return account(tenant, month).isEmpty();
    }

    /** Whose usage of a month is on somebody's invoice; nobody's if another pays for it, too. */
    public SortedSet<String> paidBy(String payer, YearMonth month) {
        SortedSet<String> paidFor = new TreeSet<>();
        if (paysForItself(payer, month)) {
            paidFor.add(payer);
            contract(payer).ifPresent(contract -> paidFor.addAll(contract.members(month)));
        }
        return paidFor;
    }

    /** The contract of a tenant itself. */
    public Optional<ContractHistory> contract(String tenant) {
        return Optional.ofNullable(contracts.get(tenant));
    }

    /** All contracts that are known here. */
    public Collection<ContractHistory> contracts() {
        return Collections.unmodifiableCollection(contracts.values());
    }

    /** Whoever {@linkplain #knows is known} here. */
    public SortedSet<String> known() {
        SortedSet<String> known = new TreeSet<>(contracts.keySet());
        known.addAll(accountsOf.keySet());
        return known;
    }

    /** Whether a tenant has a contract, or ever belongs to an account: whether its months may be others than those of UTC. */
    public boolean knows(String tenant) {
        return contracts.containsKey(tenant) || accountsOf.containsKey(tenant);
    }

    /** Whether any account names the tenant at any time. */
    public boolean isEverMember(String tenant) {
        return accountsOf.containsKey(tenant);
    }

    /** The accounts that ever name the tenant. */
    List<ContractHistory> accountsOf(String tenant) {
        return accountsOf.getOrDefault(tenant, List.of());
    }

    /**
     * When a tenant's month begins, and the one before it ends. A member's months are those of its account. A tenant
     * without a contract keeps them for the begin of the month that it leaves in; of a tenant with one, the account's
     * months begin as its own do where it joins and leaves, as {@link PayerCheck} sees to.
     */
    public Instant startOf(String tenant, YearMonth month) {
        return account(tenant, month)
                .or(() -> contract(tenant))
                .or(() -> account(tenant, month.minusMonths(1)))
                .map(contract -> contract.startOf(month))
                .orElseGet(() -> month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant());
    }

    Optional<ContractHistory> account(String tenant, YearMonth month) {
        return accountsOf(tenant).stream()
                .filter(account -> account.members(month).contains(tenant))
                .findFirst();
    }
}
