package io.tollgate.cli.trace;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/** The rows of a Parquet file, each as a line of JSON. Holds one row group at a time. */
final class ParquetRows implements Lines {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final ParquetFileReader file;
    private final MessageType schema;
    private final MessageColumnIO columns;
    private @Nullable RecordReader<Group> rows;
    private long left;
    private long number;

    /** @throws IOException when it cannot be read, or is no Parquet file */
    ParquetRows(Path path) throws IOException {
        try {
            ParquetReadOptions options = ParquetReadOptions.builder(new PlainParquetConfiguration())
                    .withCodecFactory(new ParquetCodecs())
                    .build();
            file = ParquetFileReader.open(new NamedFile(path), options);
            schema = file.getFileMetaData().getSchema();
            columns = new ColumnIOFactory().getColumnIO(schema);
        } catch (RuntimeException e) {
            throw unreadable(e);
        }
        try {
            // Told now and not at the first page, where it looks like a broken one.
            file.getRowGroups().stream()
                    .flatMap(group -> group.getColumns().stream())
                    .forEach(column -> ParquetCodecs.mustUnpack(column.getCodec()));
        } catch (IllegalArgumentException e) {
            file.close();
            throw new IOException(path + ": " + e.getMessage(), e);
        }
    }

    /** The library's complaints name the file by this. */
    private static final class NamedFile extends LocalInputFile {

        private final Path path;

        NamedFile(Path path) {
            super(path);
            this.path = path;
        }

        @Override
        public String toString() {
            return path.toString();
        }
    }

    /** How many there are in all, as the file's footer says. */
    long count() {
        return file.getRecordCount();
    }

    @Override
    public Optional<RawLine> next() throws IOException {
        try {
            while (left == 0) {
                PageReadStore group = file.readNextRowGroup();
                if (group == null) {
                    return Optional.empty();
                }
                rows = columns.getRecordReader(group, new GroupRecordConverter(schema));
                left = group.getRowCount();
            }
            Group row = Objects.requireNonNull(rows).read();
            left--;
            number++;
            ObjectNode object = JSON.createObjectNode();
            ParquetJson.write(row, schema, object);
            byte[] json = JSON.writeValueAsBytes(object);
            return Optional.of(new RawLine(
                    number, json.length, Arrays.copyOf(json, Math.min(json.length, LineReader.KEPT_BYTES))));
        } catch (RuntimeException e) {
            throw unreadable(e);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    /** The library has no one exception for broken files. */
    private static IOException unreadable(RuntimeException e) {
        return new IOException("not readable as Parquet: " + e.getMessage(), e);
    }
}
