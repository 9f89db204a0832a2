package io.tollgate.service;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.math.BigDecimal;

/**
 * The JSON of Tollgate's services: camelCase, instants as RFC 3339 strings, decimals as plain decimal strings, absent
 * optionals left out, map entries in key order, each member at most once.
 */
public final class ServiceJson {

    /** Digits before and after the point that a decimal may have at most. */
    private static final int DECIMAL_DIGITS_MAX = 64;

    private ServiceJson() {}

    /** A mapper that takes requests with members it does not know. */
    public static JsonMapper lenient() {
        return builder(false).build();
    }

    /** A mapper that refuses members it does not know: a misspelt one would otherwise be lost without a word. */
    public static JsonMapper strict() {
        return builder(true).build();
    }

    private static JsonMapper.Builder builder(boolean refuseUnknown) {
        SimpleModule decimals = new SimpleModule("tollgate-decimals")
                .addSerializer(new DecimalWriter())
                .addDeserializer(BigDecimal.class, new DecimalReader());
        return JsonMapper.builder()
                .addModule(new Jdk8Module())
                .addModule(new JavaTimeModule())
                .addModule(decimals)
                .defaultPropertyInclusion(
                        JsonInclude.Value.construct(JsonInclude.Include.NON_ABSENT, JsonInclude.Include.ALWAYS))
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
                .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, refuseUnknown);
    }

    /** Strings, because JSON numbers become binary floating point in most readers. */
    private static final class DecimalWriter extends StdSerializer<BigDecimal> {

        private static final long serialVersionUID = 1L;

        DecimalWriter() {
            super(BigDecimal.class);
        }

        @Override
        public void serialize(BigDecimal value, JsonGenerator json, SerializerProvider provider) throws IOException {
            json.writeString(value.toPlainString());
        }
    }

    /** Takes {@code "12.50"} and {@code 12.50}; bounded, because "1e999999999" would be a gigabyte when written plain. */
    private static final class DecimalReader extends StdDeserializer<BigDecimal> {

        private static final long serialVersionUID = 1L;

        DecimalReader() {
            super(BigDecimal.class);
        }

        @Override
        public BigDecimal deserialize(JsonParser json, DeserializationContext context) throws IOException {
            String text = json.getValueAsString("").trim();
            if (!json.currentToken().isScalarValue() || text.isEmpty()) {
                return refuse(context, text);
            }
            try {
                BigDecimal value = new BigDecimal(text);
                long digitsBefore = (long) value.precision() - value.scale();
                if (digitsBefore > DECIMAL_DIGITS_MAX || value.scale() > DECIMAL_DIGITS_MAX) {
                    return refuse(context, text);
                }
                return value;
            } catch (NumberFormatException e) {
                return refuse(context, text);
            }
        }

        private static BigDecimal refuse(DeserializationContext context, String text) throws IOException {
            throw context.weirdStringException(
                    text, BigDecimal.class, "not a decimal of at most 64 digits before and after the point");
        }
    }
}
