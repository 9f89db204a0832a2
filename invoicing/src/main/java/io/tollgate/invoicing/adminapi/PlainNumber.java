package io.tollgate.invoicing.adminapi;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.math.BigDecimal;

/** A decimal as a JSON number, every digit of it, where a vendor's clients want a number. */
final class PlainNumber extends StdSerializer<BigDecimal> {

    private static final long serialVersionUID = 1L;

    PlainNumber() {
        super(BigDecimal.class);
    }

    @Override
    public void serialize(BigDecimal value, JsonGenerator json, SerializerProvider provider) throws IOException {
        json.writeNumber(value.toPlainString());
    }
}
