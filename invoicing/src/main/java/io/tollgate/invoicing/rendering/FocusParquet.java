package io.tollgate.invoicing.rendering;

import io.tollgate.invoicing.focus.FocusColumn;
import io.tollgate.invoicing.focus.FocusRow;
import io.tollgate.invoicing.focus.FocusValue;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/**
 * FOCUS as Parquet, written as it goes. Numbers are decimals of 38 digits, 18 of them after the point, unless a column of
 * this file needs more; times are UTC timestamps in milliseconds; pairs are texts of JSON.
 */
public final class FocusParquet {

    private static final FocusColumn[] COLUMNS = FocusColumn.values();
    private static final int PRECISION = 38;
    private static final int SCALE = 18;

    private FocusParquet() {}

    /**
     * Leaves the stream open.
     *
     * @param rows gone through twice
     */
    public static void write(Iterable<FocusRow> rows, OutputStream out) throws IOException {
        MessageType schema = schema(rows);
        try (ParquetWriter<FocusRow> writer = new Builder(new Streamed(out), schema)
                .withConf(new PlainParquetConfiguration())
                .withWriteMode(ParquetFileWriter.Mode.OVERWRITE)
                .withCompressionCodec(CompressionCodecName.SNAPPY)
                .build()) {
            for (FocusRow row : rows) {
                writer.write(row);
            }
        }
        out.flush();
    }

    private static MessageType schema(Iterable<FocusRow> rows) {
        Map<FocusColumn, Width> widths = widths(rows);
        Map<FocusColumn, Type> types = new EnumMap<>(FocusColumn.class);
        for (FocusColumn column : COLUMNS) {
            types.put(
                    column,
                    switch (column.type()) {
                        case TEXT, PAIRS ->
                            Types.optional(PrimitiveTypeName.BINARY)
                                    .as(LogicalTypeAnnotation.stringType())
                                    .named(column.id());
                        case TIME ->
                            Types.optional(PrimitiveTypeName.INT64)
                                    .as(LogicalTypeAnnotation.timestampType(true, TimeUnit.MILLIS))
                                    .named(column.id());
                        case DECIMAL -> widths.getOrDefault(column, Width.USUAL).type(column);
                    });
        }
        return new MessageType("focus", List.copyOf(types.values()));
    }

    /** Wide enough for a column's numbers, and never narrower than usual: readers want files of one shape. */
    private record Width(int whole, int scale) {

        static final Width USUAL = new Width(PRECISION - SCALE, SCALE);

        Width with(BigDecimal number) {
            return new Width(Math.max(whole, number.precision() - number.scale()), Math.max(scale, number.scale()));
        }

        Type type(FocusColumn column) {
            return Types.optional(PrimitiveTypeName.BINARY)
                    .as(LogicalTypeAnnotation.decimalType(scale, whole + scale))
                    .named(column.id());
        }
    }

    private static Map<FocusColumn, Width> widths(Iterable<FocusRow> rows) {
        Map<FocusColumn, Width> widths = new EnumMap<>(FocusColumn.class);
        for (FocusRow row : rows) {
            for (FocusColumn column : COLUMNS) {
                row.number(column)
                        .ifPresent(number -> widths.put(
                                column, widths.getOrDefault(column, Width.USUAL).with(number)));
            }
        }
        return widths;
    }

    private static final class Builder extends ParquetWriter.Builder<FocusRow, Builder> {

        private final MessageType schema;

        Builder(OutputFile file, MessageType schema) {
            super(file);
            this.schema = schema;
        }

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        @SuppressWarnings("deprecation") // It is abstract.
        protected WriteSupport<FocusRow> getWriteSupport(Configuration configuration) {
            return new Rows(schema);
        }

        @Override
        protected WriteSupport<FocusRow> getWriteSupport(ParquetConfiguration configuration) {
            return new Rows(schema);
        }
    }

    private static final class Rows extends WriteSupport<FocusRow> {

        private final MessageType schema;

        @SuppressWarnings("NullAway.Init") // The library gives it before the first row.
        private RecordConsumer consumer;

        @SuppressWarnings("NullAway.Init")
        Rows(MessageType schema) {
            this.schema = schema;
        }

        @Override
        @SuppressWarnings("deprecation") // It is abstract.
        public WriteContext init(Configuration configuration) {
            return new WriteContext(schema, Map.of("focus.version", "1.2"));
        }

        @Override
        public WriteContext init(ParquetConfiguration configuration) {
            return new WriteContext(schema, Map.of("focus.version", "1.2"));
        }

        @Override
        public void prepareForWrite(RecordConsumer recordConsumer) {
            consumer = recordConsumer;
        }

        @Override
        public void write(FocusRow row) {
            consumer.startMessage();
            for (int i = 0; i < COLUMNS.length; i++) {
                int index = i;
                row.value(COLUMNS[i]).ifPresent(value -> {
                    consumer.startField(COLUMNS[index].id(), index);
                    put(value, index);
                    consumer.endField(COLUMNS[index].id(), index);
                });
            }
            consumer.endMessage();
        }

        private void put(FocusValue value, int index) {
            if (value instanceof FocusValue.Decimal decimal) {
                int scale = ((LogicalTypeAnnotation.DecimalLogicalTypeAnnotation)
                                schema.getType(index).getLogicalTypeAnnotation())
                        .getScale();
                // It has no more decimals than that, so nothing is rounded.
                consumer.addBinary(Binary.fromConstantByteArray(
                        decimal.number().setScale(scale).unscaledValue().toByteArray()));
            } else if (value instanceof FocusValue.Time time) {
                consumer.addLong(time.instant().toEpochMilli());
            } else {
                consumer.addBinary(Binary.fromString(FocusCells.text(value)));
            }
        }
    }

    /** Parquet is written from its beginning to its end, so a stream will do. */
    private record Streamed(OutputStream out) implements OutputFile {

        @Override
        public PositionOutputStream create(long blockSizeHint) {
            return new Counted(out);
        }

        @Override
        public PositionOutputStream createOrOverwrite(long blockSizeHint) {
            return create(blockSizeHint);
        }

        @Override
        public boolean supportsBlockSize() {
            return false;
        }

        @Override
        public long defaultBlockSize() {
            return 0;
        }
    }

    private static final class Counted extends PositionOutputStream {

        private final OutputStream out;
        private long position;

        Counted(OutputStream out) {
            this.out = out;
        }

        @Override
        public long getPos() {
            return position;
        }

        @Override
        public void write(int value) throws IOException {
            out.write(value);
            position++;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            position += length;
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }

        @Override
        public void close() throws IOException {
            // Whoever opened the stream closes it.
            out.flush();
        }
    }
}
