package io.tollgate.invoicing.focus;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** A charge, by column. A column that it has no value for is null. */
public final class FocusRow {

    private final Map<FocusColumn, FocusValue> values;

    private FocusRow(Map<FocusColumn, FocusValue> values) {
        this.values = Collections.unmodifiableMap(new EnumMap<>(values));
    }

    public Optional<FocusValue> value(FocusColumn column) {
        return Optional.ofNullable(values.get(column));
    }

    /** Empty if it is null, or no text. */
    public Optional<String> text(FocusColumn column) {
        return value(column)
                .filter(FocusValue.Text.class::isInstance)
                .map(FocusValue.Text.class::cast)
                .map(FocusValue.Text::text);
    }

    /** Empty if it is null, or no number. */
    public Optional<BigDecimal> number(FocusColumn column) {
        return value(column)
                .filter(FocusValue.Decimal.class::isInstance)
                .map(FocusValue.Decimal.class::cast)
                .map(FocusValue.Decimal::number);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FocusRow row && row.values.equals(values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return values.toString();
    }

    /** A row that is not yet whole. */
    static final class Draft {

        private final Map<FocusColumn, FocusValue> values = new EnumMap<>(FocusColumn.class);

        /** Another of the same values, to go on with. */
        Draft copy() {
            Draft copy = new Draft();
            copy.values.putAll(values);
            return copy;
        }

        /** An empty text leaves the column null. */
        Draft with(FocusColumn column, String text) {
            return text.isEmpty() ? without(column) : put(column, new FocusValue.Text(text));
        }

        Draft with(FocusColumn column, Optional<String> text) {
            return with(column, text.orElse(""));
        }

        Draft with(FocusColumn column, BigDecimal number) {
            return put(column, new FocusValue.Decimal(number));
        }

        Draft with(FocusColumn column, Instant instant) {
            return put(column, new FocusValue.Time(instant));
        }

        /** No pairs leave the column null. */
        Draft with(FocusColumn column, SortedMap<String, String> pairs) {
            return pairs.isEmpty() ? without(column) : put(column, new FocusValue.Pairs(pairs));
        }

        Draft without(FocusColumn column) {
            values.remove(column);
            return this;
        }

        FocusRow row() {
            return new FocusRow(values);
        }

        private Draft put(FocusColumn column, FocusValue value) {
            if (column.type() != value.type()) {
                throw new IllegalArgumentException(column.id() + " holds no " + value.type());
            }
            values.put(column, value);
            return this;
        }
    }
}
