package io.tollgate.cli.trace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.NanoTime;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * Parquet's values as JSON: numbers that are whole as integers, times as RFC 3339 (without an offset where the file has
 * none), text as text, and bytes that are none in Base64.
 */
final class ParquetJson {

    /** Up to here every whole number is one in floating point, too; beyond, what stands there may not be what was meant. */
    private static final BigDecimal EXACT_MAX = BigDecimal.valueOf(1L << 53);

    /** Always of one length, so that one pattern of a mapping reads it. */
    private static final DateTimeFormatter LOCAL = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS");

    private static final int JULIAN_DAY_OF_1970 = 2_440_588;
    private static final long SECONDS_OF_DAY = 86_400;
    private static final JsonNodeFactory JSON = new JsonNodeFactory(true);

    private ParquetJson() {}

    static void write(Group from, GroupType type, ObjectNode to) {
        for (int field = 0; field < type.getFieldCount(); field++) {
            Type fieldType = type.getType(field);
            int count = from.getFieldRepetitionCount(field);
            if (fieldType.isRepetition(Type.Repetition.REPEATED)) {
                ArrayNode values = to.putArray(fieldType.getName());
                for (int i = 0; i < count; i++) {
                    values.add(value(from, field, i, fieldType));
                }
            } else if (count == 0) {
                to.putNull(fieldType.getName());
            } else {
                to.set(fieldType.getName(), value(from, field, 0, fieldType));
            }
        }
    }

    private static JsonNode value(Group from, int field, int index, Type type) {
        if (!type.isPrimitive()) {
            ObjectNode nested = JSON.objectNode();
            write(from.getGroup(field, index), type.asGroupType(), nested);
            return nested;
        }
        PrimitiveType primitive = type.asPrimitiveType();
        LogicalTypeAnnotation meaning = type.getLogicalTypeAnnotation();
        return switch (primitive.getPrimitiveTypeName()) {
            case BOOLEAN -> JSON.booleanNode(from.getBoolean(field, index));
            case INT32 ->
                integer(
                        from.getInteger(field, index),
                        primitive.stringifier().stringify(from.getInteger(field, index)),
                        meaning);
            case INT64 ->
                integer(
                        from.getLong(field, index),
                        primitive.stringifier().stringify(from.getLong(field, index)),
                        meaning);
            case FLOAT -> floating(primitive.stringifier().stringify(from.getFloat(field, index)));
            case DOUBLE -> floating(primitive.stringifier().stringify(from.getDouble(field, index)));
            case INT96 -> JSON.textNode(instant(from.getInt96(field, index)).toString());
            case BINARY, FIXED_LEN_BYTE_ARRAY -> binary(from.getBinary(field, index), primitive, meaning);
        };
    }

    /** @param shown as the library writes it, which knows dates, unsigned numbers and more */
    private static JsonNode integer(long value, String shown, @Nullable LogicalTypeAnnotation meaning) {
        if (meaning instanceof TimestampLogicalTypeAnnotation timestamp) {
            Instant instant = Instant.EPOCH.plus(
                    value,
                    switch (timestamp.getUnit()) {
                        case MILLIS -> ChronoUnit.MILLIS;
                        case MICROS -> ChronoUnit.MICROS;
                        case NANOS -> ChronoUnit.NANOS;
                    });
            return JSON.textNode(
                    timestamp.isAdjustedToUTC()
                            ? instant.toString()
                            : LOCAL.format(LocalDateTime.ofInstant(instant, ZoneOffset.UTC)));
        }
        if (meaning instanceof DecimalLogicalTypeAnnotation decimal) {
            return decimal(BigInteger.valueOf(value), decimal);
        }
        boolean plain = meaning == null || meaning instanceof LogicalTypeAnnotation.IntLogicalTypeAnnotation;
        return plain ? JSON.numberNode(new BigInteger(shown)) : JSON.textNode(shown);
    }

    private static JsonNode floating(String shown) {
        BigDecimal value;
        try {
            value = new BigDecimal(shown);
        } catch (NumberFormatException e) {
            // NaN and the infinities.
            return JSON.textNode(shown);
        }
        if (value.stripTrailingZeros().scale() > 0) {
            return JSON.numberNode(value);
        }
        // Beyond the limit as the exponent that it is, which is no amount.
        return value.abs().compareTo(EXACT_MAX) <= 0 ? JSON.numberNode(value.toBigInteger()) : JSON.textNode(shown);
    }

    private static JsonNode decimal(BigInteger unscaled, DecimalLogicalTypeAnnotation type) {
        BigDecimal value = new BigDecimal(unscaled, type.getScale());
        return type.getScale() == 0 ? JSON.numberNode(unscaled) : JSON.numberNode(value);
    }

    private static JsonNode binary(Binary value, PrimitiveType type, @Nullable LogicalTypeAnnotation meaning) {
        if (meaning instanceof DecimalLogicalTypeAnnotation decimal) {
            return decimal(new BigInteger(value.getBytes()), decimal);
        }
        if (meaning instanceof LogicalTypeAnnotation.UUIDLogicalTypeAnnotation) {
            return JSON.textNode(type.stringifier().stringify(value));
        }
        try {
            // Some writers do not mark text as such.
            return JSON.textNode(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(value.getBytes()))
                    .toString());
        } catch (CharacterCodingException e) {
            return JSON.textNode(Base64.getEncoder().encodeToString(value.getBytes()));
        }
    }

    /** As Impala and Spark of old wrote times: nanoseconds of a Julian day. */
    private static Instant instant(Binary value) {
        NanoTime time = NanoTime.fromBinary(value);
        return Instant.ofEpochSecond(
                (time.getJulianDay() - JULIAN_DAY_OF_1970) * SECONDS_OF_DAY, time.getTimeOfDayNanos());
    }
}
