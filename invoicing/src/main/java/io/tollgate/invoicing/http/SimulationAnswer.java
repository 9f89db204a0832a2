package io.tollgate.invoicing.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import io.tollgate.invoicing.billing.Simulation.Effect;
import io.tollgate.invoicing.invoice.Invoice;
import io.tollgate.invoicing.money.Money;
import java.util.Currency;
import java.util.Iterator;

/**
 * What other prices would have made of a month. It is written while it is computed, so it takes no more memory for more
 * tenants; the totals come last, and an answer that breaks off before them is none.
 *
 * @param book name of the price book that was tried
 * @param tenants in order of their names
 * @param totals of all tenants
 */
@Schema(name = "Simulation")
public record SimulationAnswer(
        String period,
        String book,
        String currency,

        @ArraySchema(schema = @Schema(implementation = TenantEffect.class))
        Iterator<TenantEffect> tenants,

        Totals totals) {

    /**
     * The effect on one tenant.
     *
     * @param before total of the invoice as it is billed now
     * @param after total by the prices that were tried
     * @param difference after less before
     * @param unbilledBefore how many entries the invoice's list of exceptions has
     * @param unbilledAfter the same, by the prices that were tried; what has no price is not in the total
     */
    @Schema(name = "SimulatedTenant")
    public record TenantEffect(
            String tenant, String before, String after, String difference, int unbilledBefore, int unbilledAfter) {}

    /** Sums of what was told of the tenants; complete when all of them are. */
    @Schema(name = "SimulatedTotals")
    @JsonPropertyOrder({"before", "after", "difference", "tenants", "changed"})
    public static final class Totals {

        private Money before;
        private Money after;
        private long tenants;
        private long changed;

        Totals(Currency currency) {
            before = Money.zero(currency);
            after = before;
        }

        private TenantEffect add(Effect effect) {
            Invoice one = effect.before();
            Invoice other = effect.after();
            before = before.plus(one.total());
            after = after.plus(other.total());
            tenants++;
            Money difference = other.total().minus(one.total());
            changed += difference.amount().signum() == 0 ? 0 : 1;
            return new TenantEffect(
                    effect.tenant(),
                    one.total().digits(),
                    other.total().digits(),
                    difference.digits(),
                    one.exceptions().size(),
                    other.exceptions().size());
        }

        @JsonProperty(required = true)
        @Schema(description = "what is billed now")
        public String getBefore() {
            return before.digits();
        }

        @JsonProperty(required = true)
        @Schema(description = "by the prices that were tried")
        public String getAfter() {
            return after.digits();
        }

        @JsonProperty(required = true)
        @Schema(description = "after less before")
        public String getDifference() {
            return after.minus(before).digits();
        }

        @JsonProperty(required = true)
        @Schema(description = "how many tenants")
        public long getTenants() {
            return tenants;
        }

        @JsonProperty(required = true)
        @Schema(description = "how many of them would owe something else")
        public long getChanged() {
            return changed;
        }
    }

    static SimulationAnswer of(String period, String book, Currency currency, Iterator<Effect> effects) {
        Totals totals = new Totals(currency);
        return new SimulationAnswer(
                period,
                book,
                currency.getCurrencyCode(),
                new Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        return effects.hasNext();
                    }

                    @Override
                    public TenantEffect next() {
                        return totals.add(effects.next());
                    }
                },
                totals);
    }
}
