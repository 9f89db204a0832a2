package io.tollgate.invoicing.pricing;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Currency;

/**
 * A price for what somebody else charged: its meter counts money, of the book's currency, in small whole units such as
 * millionths of a dollar. A surcharge is a percentage of it, a resale is cost-plus.
 *
 * @param figure 3.5 for 3.5 percent; 1.2 for a cost and a fifth; not negative
 * @param per how many of the meter's units are one major unit of the currency, 1,000,000 for a meter of micro-dollars;
 *     a product of twos and fives
 */
public record CostRate(Form form, BigDecimal figure, long per) implements Rate {

    /** How the figure is written. */
    public enum Form {
        PERCENT,
        MULTIPLIER
    }

    public CostRate {
        figure = Exact.amount(figure, form == Form.PERCENT ? "a percentage" : "a multiplier");
        Exact.divisor(per);
    }

    public static CostRate percent(String percent, long per) {
        return new CostRate(Form.PERCENT, new BigDecimal(percent), per);
    }

    public static CostRate multiplier(String multiplier, long per) {
        return new CostRate(Form.MULTIPLIER, new BigDecimal(multiplier), per);
    }

    @Override
    public BigDecimal of(BigInteger quantity) {
        BigDecimal factor = form == Form.PERCENT ? figure.movePointLeft(2) : figure;
        return Exact.quotient(factor.multiply(new BigDecimal(quantity)), per);
    }

    @Override
    public CostRate times(BigDecimal factor) {
        return new CostRate(form, figure.multiply(factor), per);
    }

    @Override
    public String text(Currency currency) {
        return figure.toPlainString() + (form == Form.PERCENT ? " %" : "") + " / " + per + " " + currency;
    }

    @Override
    public String toString() {
        return figure.toPlainString() + (form == Form.PERCENT ? " % of a cost" : " times a cost") + " in 1/" + per;
    }
}
