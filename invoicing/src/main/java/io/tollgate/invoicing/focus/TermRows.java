package io.tollgate.invoicing.focus;

import static io.tollgate.invoicing.focus.FocusColumn.*;

import io.tollgate.invoicing.contract.Reservation;
import io.tollgate.invoicing.cost.Cost;
import io.tollgate.invoicing.cost.CostItem.OfRounding;
import io.tollgate.invoicing.cost.CostItem.OfTerm;
import io.tollgate.invoicing.cost.CostItem.OfUsage;
import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.terms.Entry;
import io.tollgate.invoicing.usage.TimeRange;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Rows of what a contract's terms charge. What is bought (seats, reserved capacity) is two rows: the purchase, which is billed and has no effective cost, and its use in the same time, which has the effective
 * cost and is not billed. So either cost adds up, and a purchase never counts twice.
 */
final class TermRows {

    private final FocusDocument document;
    private final RowStart start;

    TermRows(FocusDocument document, RowStart start) {
        this.document = document;
        this.start = start;
    }

    Stream<FocusRow> of(OfTerm term) {
        Entry entry = term.entry();
        return switch (entry.step()) {
            // What is missing to a promised spend buys nothing, and nothing was consumed.
            case DISCOUNT, MAXIMUM_SPEND, MINIMUM_SPEND, COMMITMENT ->
                charge(term, Allowed.ADJUSTMENT, Allowed.ONE_TIME);
            case FEE -> document.reservation(entry.id()).isPresent() ? ofReservation(term) : ofFee(term);
            case TAX -> charge(term, Allowed.TAX, Allowed.RECURRING);
            case CREDIT -> charge(term, Allowed.CREDIT, Allowed.ONE_TIME);
        };
    }

    Stream<FocusRow> of(OfRounding rounding) {
        FocusRow.Draft row = start.row(
                rounding.range(), Allowed.ADJUSTMENT, Allowed.ONE_TIME, "Rounding of sums to whole minor units");
        return rows(rounding.cost(), start.put(agreement(row, rounding.tenant()), rounding.cost()));
    }

    private Stream<FocusRow> charge(OfTerm term, String category, String frequency) {
        FocusRow.Draft row = start.row(term.range(), category, frequency, description(term.entry()));
        return rows(term.cost(), start.put(agreement(row, term.tenant()), term.cost()));
    }

    /** Seats: what they include is free because they are paid for. */
    private Stream<FocusRow> ofFee(OfTerm term) {
        FocusRow.Draft use = use(term, Allowed.Service.AGREEMENT, Allowed.STANDARD)
                .with(CHARGE_FREQUENCY, Allowed.RECURRING)
                .with(
                        CONSUMED_QUANTITY,
                        BigDecimal.valueOf(term.cost().effective().signum()))
                .with(CONSUMED_UNIT, MeterUnit.UNITS);
        FocusRow.Draft purchase = purchase(term, Allowed.Service.AGREEMENT, Allowed.RECURRING);
        return Stream.concat(rows(billed(term), purchase), rows(used(term), use));
    }

    private Stream<FocusRow> ofReservation(OfTerm term) {
        String id = term.entry().id();
        FocusRow.Draft purchase = purchase(term, Allowed.Service.CAPACITY, Allowed.RECURRING);
        FocusRow.Draft unused = use(term, Allowed.Service.CAPACITY, Allowed.COMMITTED);
        Commitments.put(purchase, document, id, "");
        Commitments.put(unused, document, id, Allowed.UNUSED);
        if (!document.isCorrection()) {
            Optional<BigDecimal> capacity = document.reservation(id).map(reserved -> capacity(reserved, term.range()));
            Commitments.quantity(purchase, capacity, term.cost().billed());
            Commitments.quantity(
                    unused,
                    capacity.map(all -> all.subtract(usedCapacity(id, term.range()))),
                    term.cost().effective());
        }
        return Stream.concat(rows(billed(term), purchase), rows(used(term), unused));
    }

    private FocusRow.Draft purchase(OfTerm term, Allowed.Service service, String frequency) {
        FocusRow.Draft row = start.row(term.range(), Allowed.PURCHASE, frequency, description(term.entry()));
        priced(row, term, BigDecimal.valueOf(term.cost().billed().signum()));
        return start.put(agreement(row, term.tenant(), service), billed(term));
    }

    private FocusRow.Draft use(OfTerm term, Allowed.Service service, String pricing) {
        FocusRow.Draft row = start.row(
                term.range(),
                Allowed.USAGE,
                Allowed.USAGE_BASED,
                "Use of what was bought: " + description(term.entry()));
        priced(row, term, BigDecimal.ZERO);
        row.with(PRICING_CATEGORY, pricing);
        return start.put(agreement(row, term.tenant(), service), used(term));
    }

    /** One at its price, or none at that price where the purchase has it. */
    private void priced(FocusRow.Draft row, OfTerm term, BigDecimal quantity) {
        row.with(PRICING_CATEGORY, Allowed.STANDARD)
                .with(SKU_ID, document.qualified(term.entry().id()))
                .with(SKU_METER, name(term.entry()))
                .with(SKU_PRICE_ID, document.qualified(term.entry().id()));
        if (!document.isNote()) {
            PricedPart part = new PricedPart(
                    "",
                    BigInteger.ZERO,
                    quantity,
                    BigInteger.ZERO,
                    term.cost().list().amount().abs(),
                    term.cost().contracted().amount().abs());
            start.put(row, part, MeterUnit.UNITS, document.report().currency());
        }
    }

    private static Cost billed(OfTerm term) {
        return new Cost(
                term.cost().list(), term.cost().contracted(), term.cost().billed(), zero(term));
    }

    private static Cost used(OfTerm term) {
        return new Cost(zero(term), zero(term), zero(term), term.cost().effective());
    }

    private static Money zero(OfTerm term) {
        return Money.zero(term.cost().currency());
    }

    /** What the reservation covers in some time, in weighted base units. */
    private static BigDecimal capacity(Reservation reservation, TimeRange range) {
        return reservation
                .hourlyCapacity()
                .multiply(BigDecimal.valueOf(reservation.units()))
                .multiply(Reservation.hours(Duration.between(range.from(), range.to())));
    }

    private BigDecimal usedCapacity(String reservation, TimeRange range) {
        return document.report().items().stream()
                .filter(OfUsage.class::isInstance)
                .map(OfUsage.class::cast)
                .filter(usage -> usage.reservation().equals(Optional.of(reservation)))
                .filter(usage -> range.contains(usage.range()))
                .map(usage -> document.reservation(reservation)
                        .map(each -> each.weights().getOrDefault(usage.meter(), BigDecimal.ZERO))
                        .orElse(BigDecimal.ZERO)
                        .multiply(new BigDecimal(usage.quantity())))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private FocusRow.Draft agreement(FocusRow.Draft row, String tenant) {
        return agreement(row, tenant, Allowed.Service.AGREEMENT);
    }

    private FocusRow.Draft agreement(FocusRow.Draft row, String tenant, Allowed.Service service) {
        return service.put(start.subAccount(row, tenant, ""));
    }

    /** Nothing that costs nothing, but for a tax: that there is none is told. */
    private static Stream<FocusRow> rows(Cost cost, FocusRow.Draft draft) {
        FocusRow row = draft.row();
        boolean isNothing = Stream.of(cost.list(), cost.contracted(), cost.billed(), cost.effective())
                .allMatch(amount -> amount.signum() == 0);
        return isNothing && !row.text(CHARGE_CATEGORY).equals(Optional.of(Allowed.TAX))
                ? Stream.empty()
                : Stream.of(row);
    }

    private static String name(Entry entry) {
        return entry.description().isBlank() ? entry.id() : entry.description();
    }

    private static String description(Entry entry) {
        return name(entry) + ": " + entry.explanation();
    }
}
