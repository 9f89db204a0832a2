package io.tollgate.invoicing.invoice;

import java.math.BigDecimal;

/**
 * What a line has of a reservation.
 *
 * @param reservation its id
 * @param capacity in a window of 15 minutes, in weighted base units
 * @param weight what one base unit of the line's meter takes of it
 * @param windows in how many windows it covers the line's usage
 * @param fullWindows in how many windows of the line's service period it had nothing left, whoever used it
 */
public record ReservedUse(String reservation, BigDecimal capacity, BigDecimal weight, int windows, int fullWindows) {

    /** For people. */
    String text() {
        return "covered by reservation " + reservation + ": capacity " + capacity.toPlainString()
                + " in 15 minutes, weight " + weight.toPlainString() + ", windows " + windows + ", full " + fullWindows;
    }
}
