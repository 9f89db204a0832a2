package io.tollgate.invoicing.focus;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** What stands in a cell that is not empty. */
public sealed interface FocusValue {

    /** Of the columns that may hold it. */
    FocusColumn.Type type();

    /** @param text not empty: what says nothing is no value */
    record Text(String text) implements FocusValue {
        public Text {
            if (text.isEmpty()) {
                throw new IllegalArgumentException("an empty text is no value");
            }
        }

        @Override
        public FocusColumn.Type type() {
            return FocusColumn.Type.TEXT;
        }
    }

    /** @param number exact, without trailing zeros, so that equal numbers are equal values */
    record Decimal(BigDecimal number) implements FocusValue {
        public Decimal {
            number = number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
            number = number.scale() < 0 ? number.setScale(0) : number;
        }

        @Override
        public FocusColumn.Type type() {
            return FocusColumn.Type.DECIMAL;
        }
    }

    /** A moment. */
    record Time(Instant instant) implements FocusValue {
        @Override
        public FocusColumn.Type type() {
            return FocusColumn.Type.TIME;
        }
    }

    /** @param pairs at least one */
    record Pairs(SortedMap<String, String> pairs) implements FocusValue {
        public Pairs {
            if (pairs.isEmpty()) {
                throw new IllegalArgumentException("no pairs are no value");
            }
            pairs = Collections.unmodifiableSortedMap(new TreeMap<>(pairs));
        }

        @Override
        public FocusColumn.Type type() {
            return FocusColumn.Type.PAIRS;
        }
    }
}
