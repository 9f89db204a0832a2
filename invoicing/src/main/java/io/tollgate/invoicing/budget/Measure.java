package io.tollgate.invoicing.budget;

import io.tollgate.invoicing.cost.Cost;
import io.tollgate.invoicing.money.Money;
import java.util.Currency;
import java.util.Locale;

/** What a budget counts. */
public sealed interface Measure {

    /** A currency's code, or a meter's name. */
    String unit();

    /** What usage costs, without fees, taxes and credits, which are nobody's usage. */
    record OfCost(Kind kind, Currency currency) implements Measure {
        @Override
        public String unit() {
            return currency.getCurrencyCode();
        }
    }

    /** A meter's quantity in its base unit, whatever it costs. */
    record OfMeter(String meter) implements Measure {
        @Override
        public String unit() {
            return meter;
        }
    }

    /** Which of the costs that are told side by side. */
    enum Kind {
        LIST,
        CONTRACTED,
        BILLED,
        EFFECTIVE;

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        Money of(Cost cost) {
            return switch (this) {
                case LIST -> cost.list();
                case CONTRACTED -> cost.contracted();
                case BILLED -> cost.billed();
                case EFFECTIVE -> cost.effective();
            };
        }
    }
}
