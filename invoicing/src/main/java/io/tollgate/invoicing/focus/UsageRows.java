package io.tollgate.invoicing.focus;

import static io.tollgate.invoicing.focus.FocusColumn.*;

import io.tollgate.invoicing.contract.Reservation;
import io.tollgate.invoicing.cost.Cost;
import io.tollgate.invoicing.cost.CostItem.OfChange;
import io.tollgate.invoicing.cost.CostItem.OfUsage;
import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.pricing.Charge;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Optional;

/** Rows of usage: one for each part of it that has a unit price of its own. */
final class UsageRows {

    private final FocusDocument document;
    private final RowStart start;

    UsageRows(FocusDocument document, RowStart start) {
        this.document = document;
        this.start = start;
    }

    List<FocusRow> of(OfUsage usage) {
        Currency prices = usage.price().currency();
        Currency billing = document.report().currency();
        BigDecimal rate = start.rate(prices);
        List<PricedPart> parts = parts(usage, rate);
        List<BigDecimal> costs = parts.stream().map(PricedPart::contracted).toList();
        List<BigDecimal> billed = CostShares.of(usage.cost().billed().amount(), costs);
        List<BigDecimal> effective = CostShares.of(usage.cost().effective().amount(), costs);
        List<FocusRow> rows = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            PricedPart part = parts.get(i);
            Cost cost = new Cost(
                    new Money(part.list(), billing),
                    new Money(costs.get(i), billing),
                    new Money(billed.get(i), billing),
                    new Money(effective.get(i), billing));
            rows.add(row(usage, part, cost, prices));
        }
        return rows;
    }

    /**
     * What a document says more or less of a line. In a note that is a correction of the line's usage; in an invoice, the
     * difference between what was billed and the usage that is told beside it.
     */
    FocusRow of(OfChange change) {
        var line = change.line();
        String what = description(line.product().label(), line.meter(), "");
        FocusRow.Draft row = document.isNote()
                ? start.row(change.range(), Allowed.USAGE, Allowed.USAGE_BASED, "Correction of " + what)
                        .with(CONSUMED_QUANTITY, new BigDecimal(change.quantity()))
                        .with(CONSUMED_UNIT, MeterUnit.of(line.meter()))
                        .with(PRICING_CATEGORY, line.reservation().isPresent() ? Allowed.COMMITTED : Allowed.STANDARD)
                : start.row(
                        change.range(),
                        Allowed.ADJUSTMENT,
                        Allowed.ONE_TIME,
                        "Billed otherwise than the usage is rated now: " + what);
        start.put(row, line.product(), line.meter(), "");
        start.subAccount(row, line.tenant(), "");
        if (document.isNote()) {
            line.reservation().ifPresent(id -> Commitments.put(row, document, id, Allowed.USED));
        }
        return start.put(row, change.cost()).row();
    }

    private FocusRow row(OfUsage usage, PricedPart part, Cost cost, Currency prices) {
        String unit = MeterUnit.of(usage.meter());
        FocusRow.Draft row = start.row(
                        usage.range(),
                        Allowed.USAGE,
                        Allowed.USAGE_BASED,
                        description(usage.product().label(), usage.meter(), part.label()))
                .with(CONSUMED_QUANTITY, new BigDecimal(part.consumed()))
                .with(CONSUMED_UNIT, unit)
                .with(PRICING_CATEGORY, usage.reservation().isPresent() ? Allowed.COMMITTED : Allowed.STANDARD)
                .with(TAGS, usage.tags())
                .with(X_PRICE_BOOK, usage.price().book())
                .with(X_PRICE_VERSION, Integer.toString(usage.price().version()))
                .with(X_RATE_CARD, usage.price().card());
        start.put(row, usage.product(), usage.meter(), part.label());
        start.put(row, part, part.per().signum() == 0 ? MeterUnit.UNITS : MeterUnit.per(part.per(), unit), prices);
        start.subAccount(row, usage.tenant(), usage.project());
        usage.reservation().ifPresent(id -> covered(row, usage, part, cost, id));
        return start.put(row, cost, prices).row();
    }

    private void covered(FocusRow.Draft row, OfUsage usage, PricedPart part, Cost cost, String id) {
        Optional<BigDecimal> weight =
                document.reservation(id).map(Reservation::weights).map(weights -> weights.get(usage.meter()));
        Commitments.put(row, document, id, Allowed.USED);
        if (!document.isCorrection()) {
            Commitments.quantity(
                    row, weight.map(each -> each.multiply(new BigDecimal(part.consumed()))), cost.effective());
        }
    }

    /** With unit prices in the currency that is billed. */
    private static List<PricedPart> parts(OfUsage usage, BigDecimal rate) {
        BigInteger units = usage.quantity();
        BigDecimal contracted = usage.cost().contracted().amount();
        BigDecimal list = usage.cost().list().amount();
        List<Charge> charges = usage.price().charges(usage.stretch());
        if (sum(charges).multiply(rate).compareTo(contracted) != 0) {
            return PricedParts.ofAmounts(units, contracted, list);
        }
        List<Charge> listCharges = usage.listPrice()
                .filter(price -> price.currency().equals(usage.price().currency()))
                .map(price -> price.charges(usage.stretch()))
                .orElse(charges);
        // The list may count otherwise; then only what it comes to is known.
        boolean isKnown = sum(listCharges).multiply(rate).compareTo(list) == 0;
        List<PricedPart> parts =
                new ArrayList<>(PricedParts.of(units, charges, isKnown ? listCharges : List.of()).stream()
                        .map(part -> part.times(rate))
                        .toList());
        if (!isKnown && list.signum() != 0) {
            parts.add(PricedParts.listAlone(list));
        }
        return parts.isEmpty() ? PricedParts.ofAmounts(units, contracted, list) : parts;
    }

    private static BigDecimal sum(List<Charge> charges) {
        return charges.stream().map(Charge::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static String description(String product, String meter, String label) {
        return product + ": " + meter
                + (label.isEmpty() ? "" : " (" + label.replace('-', ' ').replace('_', ' ') + ")");
    }
}
