package io.tollgate.invoicing;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import io.tollgate.invoicing.focus.FocusTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;

/** An export as somebody gets it, in both formats, which say the same row by row. */
final class FocusDownload {

    private static final String PARQUET = "application/vnd.apache.parquet";

    private FocusDownload() {}

    /** The texts of the CSV file, with the types that the Parquet file declares. */
    static FocusTable of(Finance finance, String path) {
        HttpResponse<String> answer = finance.get(path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/csv");
        List<Map<String, String>> texts = new ArrayList<>();
        for (NamedCsvRecord line : CsvReader.builder().ofNamedCsvRecord(answer.body())) {
            Map<String, String> row = new LinkedHashMap<>(line.getFieldsAsMap());
            row.values().removeIf(String::isEmpty);
            texts.add(row);
        }
        Map<String, String> types = new LinkedHashMap<>();
        List<Map<String, Object>> values = new ArrayList<>();
        try {
            Path file = Files.createTempFile("focus", ".parquet");
            Files.write(file, finance.bytes(path, PARQUET));
            read(file, types, values);
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertSame(path, types, texts, values);
        return new FocusTable(types, texts);
    }

    private static void assertSame(
            String path, Map<String, String> types, List<Map<String, String>> texts, List<Map<String, Object>> values) {
        assertThat(values).as(path).hasSameSizeAs(texts);
        for (int i = 0; i < texts.size(); i++) {
            assertThat(values.get(i)).as("%s, row %d", path, i).isEqualTo(values(types, texts.get(i)));
        }
    }

    /** What the texts of a row mean. */
    static Map<String, Object> values(Map<String, String> types, Map<String, String> row) {
        Map<String, Object> values = new LinkedHashMap<>();
        row.forEach((column, text) -> values.put(column, parsed(types.getOrDefault(column, ""), text)));
        return values;
    }

    private static Object parsed(String type, String text) {
        return switch (type) {
            case "Decimal" -> new BigDecimal(text).stripTrailingZeros();
            case "DateTime" -> Instant.parse(text);
            default -> text;
        };
    }

    private static void read(Path file, Map<String, String> types, List<Map<String, Object>> values)
            throws IOException {
        try (ParquetFileReader reader = ParquetFileReader.open(
                new LocalInputFile(file),
                ParquetReadOptions.builder(new PlainParquetConfiguration()).build())) {
            MessageType schema = reader.getFileMetaData().getSchema();
            schema.getFields()
                    .forEach(field -> types.put(
                            field.getName(),
                            field.getLogicalTypeAnnotation() instanceof DecimalLogicalTypeAnnotation
                                    ? "Decimal"
                                    : field.getLogicalTypeAnnotation() instanceof TimestampLogicalTypeAnnotation
                                            ? "DateTime"
                                            : "String"));
            for (PageReadStore pages = reader.readNextRowGroup(); pages != null; pages = reader.readNextRowGroup()) {
                RecordReader<Group> rows = new ColumnIOFactory()
                        .getColumnIO(schema)
                        .getRecordReader(pages, new GroupRecordConverter(schema));
                for (long row = 0; row < pages.getRowCount(); row++) {
                    values.add(values(rows.read(), schema));
                }
            }
        }
    }

    private static Map<String, Object> values(Group row, MessageType schema) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (int i = 0; i < schema.getFieldCount(); i++) {
            if (row.getFieldRepetitionCount(i) > 0) {
                LogicalTypeAnnotation type = schema.getType(i).getLogicalTypeAnnotation();
                values.put(
                        schema.getFieldName(i),
                        type instanceof DecimalLogicalTypeAnnotation decimal
                                ? new BigDecimal(
                                                new BigInteger(
                                                        row.getBinary(i, 0).getBytes()),
                                                decimal.getScale())
                                        .stripTrailingZeros()
                                : type instanceof TimestampLogicalTypeAnnotation
                                        ? Instant.ofEpochMilli(row.getLong(i, 0))
                                        : row.getString(i, 0));
            }
        }
        return values;
    }
}
