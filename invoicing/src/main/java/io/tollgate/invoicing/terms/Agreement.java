package io.tollgate.invoicing.terms;

import io.tollgate.invoicing.contract.ContractHistory;
import io.tollgate.invoicing.contract.Days;
import io.tollgate.invoicing.tax.ExchangeRate;
import io.tollgate.invoicing.tax.Issuer;
import java.time.YearMonth;
import java.util.Map;
import java.util.Optional;

/**
 * All that a tenant's terms are reckoned from, beside its usage.
 *
 * @param issuers by name, at least those that the contract names
 * @param opening balances as the invoice finds them
 * @param closedThrough the last month that has a final invoice, void or not, be it before or after it; empty for none
 */
public record Agreement(
        ContractHistory contracts, Map<String, Issuer> issuers, Balances opening, Optional<YearMonth> closedThrough) {
    public Agreement {
        issuers = Map.copyOf(issuers);
    }

    /**
     * What converts prices into the currency that is billed: the rate of the month's last day.
     *
     * @return empty if there is nothing to convert, or no rate is known
     */
    public Optional<ExchangeRate> exchangeRate(YearMonth month) {
        return contracts
                .lastIn(Days.of(month))
                .flatMap(last -> last.content().billing())
                .flatMap(billing -> Optional.ofNullable(issuers.get(billing.issuer())))
                .flatMap(issuer ->
                        issuer.exchangeRate(contracts.priceCurrency(), contracts.currency(), month.atEndOfMonth()));
    }

    /** Whether lines stand in a currency that is not billed, because no rate is known. */
    boolean isUnconverted(YearMonth month) {
        return !contracts.priceCurrency().equals(contracts.currency())
                && exchangeRate(month).isEmpty();
    }
}
