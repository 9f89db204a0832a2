package io.tollgate.invoicing.rendering;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tollgate.invoicing.focus.FocusValue;
import java.time.format.DateTimeFormatter;

/** Values of FOCUS as text, as its attributes say: numbers in plain digits, times in UTC with a Z, pairs as JSON. */
final class FocusCells {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private FocusCells() {}

    static String text(FocusValue value) {
        if (value instanceof FocusValue.Decimal decimal) {
            return decimal.number().toPlainString();
        }
        if (value instanceof FocusValue.Time time) {
            return DateTimeFormatter.ISO_INSTANT.format(time.instant());
        }
        if (value instanceof FocusValue.Pairs pairs) {
            try {
                return JSON.writeValueAsString(pairs.pairs());
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(e);
            }
        }
        return ((FocusValue.Text) value).text();
    }
}
