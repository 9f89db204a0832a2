package io.tollgate.invoicing.focus;

import static io.tollgate.invoicing.focus.FocusColumn.*;

import io.tollgate.invoicing.money.Money;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * Columns of a reservation, which is both of what FOCUS has for it: capacity that is reserved, and a discount for committing
 * to usage.
 */
final class Commitments {

    private Commitments() {}

    static void put(FocusRow.Draft row, FocusDocument document, String id, String status) {
        row.with(COMMITMENT_DISCOUNT_ID, document.qualified(id))
                .with(COMMITMENT_DISCOUNT_NAME, document.description(id).orElse(id))
                .with(COMMITMENT_DISCOUNT_CATEGORY, Allowed.BY_USAGE)
                .with(COMMITMENT_DISCOUNT_TYPE, "Reservation")
                .with(COMMITMENT_DISCOUNT_STATUS, status)
                .with(CAPACITY_RESERVATION_ID, document.qualified(id))
                .with(CAPACITY_RESERVATION_STATUS, status);
    }

    /**
     * In weighted base units of the reservation's capacity; in money where that is all there is to count by. A correction may
     * be without it, says rule CommitmentDiscountQuantity-C-006-C, and must be, by the check of C-007-C: so it is.
     */
    static void quantity(FocusRow.Draft row, Optional<BigDecimal> capacity, Money money) {
        row.with(COMMITMENT_DISCOUNT_QUANTITY, capacity.orElse(money.amount()))
                .with(
                        COMMITMENT_DISCOUNT_UNIT,
                        capacity.isPresent()
                                ? MeterUnit.UNITS
                                : money.currency().getCurrencyCode());
    }
}
