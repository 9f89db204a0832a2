package io.tollgate.invoicing.document;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import io.tollgate.invoicing.contract.Reservation;
import io.tollgate.invoicing.money.Money;
import java.math.BigDecimal;
import java.util.Currency;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Provisioned units that are paid by the hour, used or not, as JSON.
 *
 * @param units 1 when absent
 * @param hourlyPrice of a unit
 * @param hourlyCapacity of a unit, in weighted base units of meters; a quarter of it covers usage of a window of 15 minutes
 * @param weights meter to what one base unit of it takes of the capacity: 0 for what is covered whole. Other meters are not
 *     covered, nor are meters that do not add up
 * @param match of products; all when absent
 */
@Schema(name = "Reservation")
public record ReservationTerm(
        @JsonProperty(required = true) String id,
        Optional<String> description,
        Optional<Long> units,
        @JsonProperty(required = true) String hourlyPrice,
        @JsonProperty(required = true) String hourlyCapacity,
        @JsonProperty(required = true) SortedMap<String, String> weights,
        Optional<SortedMap<String, String>> match,
        Optional<String> effectiveFrom,
        Optional<String> effectiveTo) {

    static ReservationTerm of(Reservation reservation) {
        SortedMap<String, String> weights = new TreeMap<>();
        reservation.weights().forEach((meter, weight) -> weights.put(meter, weight.toPlainString()));
        return new ReservationTerm(
                reservation.id(),
                Optional.of(reservation.description()),
                Optional.of(reservation.units()),
                reservation.hourlyPrice().digits(),
                reservation.hourlyCapacity().toPlainString(),
                weights,
                TermDocuments.shown(reservation.match()),
                TermDocuments.text(reservation.validity().from()),
                TermDocuments.text(reservation.validity().to()));
    }

    Reservation toTerm(Currency currency) {
        SortedMap<String, BigDecimal> read = new TreeMap<>();
        Reading.required(weights, "weights")
                .forEach((meter, weight) -> read.put(meter, Reading.decimal(weight, "the weight of " + meter)));
        return new Reservation(
                Reading.required(id, "id"),
                description.orElse(id),
                units.orElse(1L),
                new Money(Reading.decimal(hourlyPrice, "hourlyPrice"), currency),
                Reading.decimal(hourlyCapacity, "hourlyCapacity"),
                read,
                TermDocuments.read(match),
                TermDocuments.validity(effectiveFrom, effectiveTo));
    }
}
