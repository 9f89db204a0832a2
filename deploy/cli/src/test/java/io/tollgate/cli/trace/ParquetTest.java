package io.tollgate.cli.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tollgate.events.UsageEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParquetTest {

    private static final Mapping MAPPING =
            Tables.mapping("time: {column: t, format: rfc3339}\nquantities: {input_tokens: {column: n}}\n");
    private static final String TIMES_AND_LONGS =
            "message m { required int64 t (TIMESTAMP(MICROS,true)); optional int64 n; }";
    private static final long MICROS = 1_700_158_623_979_960L;

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(names = {"UNCOMPRESSED", "SNAPPY", "ZSTD"})
    void rowsAreReadInTheirOrderHoweverTheyArePacked(CompressionCodecName codec) {
        List<TraceLine> lines = Tables.parquet(
                MAPPING,
                TIMES_AND_LONGS,
                codec,
                List.of(1L, 2L, 2L),
                (row, n) -> row.append("t", MICROS).append("n", n));

        assertThat(Traces.eventLines(lines)).containsExactly(1L, 2L, 3L);
        List<UsageEvent> events = Traces.events(lines);
        assertThat(events).extracting(UsageEvent::getId).doesNotHaveDuplicates();
        assertThat(events.get(2).getId()).isEqualTo(events.get(1).getId() + "-2");
        assertThat(events.get(0).getTime()).isEqualTo(Instant.parse("2023-11-16T18:17:03.979960Z"));
        assertThat(Traces.sum(events, "input_tokens")).isEqualTo(5);
    }

    @Test
    void aBadRowIsKeptAsJsonWithItsPlace() {
        List<TraceLine> lines = Tables.parquet(
                MAPPING,
                TIMES_AND_LONGS,
                CompressionCodecName.SNAPPY,
                List.of(1L, -2L),
                (row, n) -> row.append("t", MICROS).append("n", n));

        assertThat(Traces.bad(lines)).singleElement().satisfies(bad -> {
            assertThat(bad.reason()).isEqualTo("negative_quantity");
            assertThat(bad.lineNumber()).isEqualTo(2);
            assertThat(new String(Traces.bytes(bad.original()), StandardCharsets.UTF_8))
                    .isEqualTo("{\"t\":\"2023-11-16T18:17:03.979960Z\",\"n\":-2}");
        });
    }

    @ParameterizedTest
    @ValueSource(doubles = {12, 1e3, 0, 9_007_199_254_740_992d})
    void aWholeFloatingPointNumberIsAnAmount(double amount) {
        assertThat(Traces.events(ofDouble(amount)))
                .singleElement()
                .extracting(UsageEvent::getQuantities)
                .isEqualTo(Map.of("input_tokens", (long) amount));
    }

    @ParameterizedTest
    @ValueSource(doubles = {12.5, 9_007_199_254_740_994d, 1e300, Double.NaN, Double.POSITIVE_INFINITY})
    void anyOtherFloatingPointNumberIsNone(double amount) {
        assertThat(Traces.bad(ofDouble(amount)))
                .extracting(TraceLine.Bad::reason)
                .containsExactly("not_an_integer");
    }

    private static List<TraceLine> ofDouble(double amount) {
        return Tables.parquet(
                MAPPING,
                "message m { required int64 t (TIMESTAMP(MILLIS,true)); optional double n; }",
                CompressionCodecName.ZSTD,
                List.of(amount),
                (row, n) -> row.append("t", MICROS / 1_000).append("n", n));
    }

    @Test
    void aStructureMayBeAProvidersUsageObject() {
        Mapping mapping = Tables.mapping("""
                time: {column: t, format: "uuuu-MM-dd'T'HH:mm:ss.SSSSSS", zone: UTC}
                usage: {column: u}
                usageFormat: {constant: anthropic_messages}
                """);

        List<TraceLine> lines = Tables.parquet(
                mapping,
                "message m { required int64 t (TIMESTAMP(MICROS,false)); optional group u {"
                        + " required int32 input_tokens; required int32 output_tokens; } }",
                CompressionCodecName.SNAPPY,
                List.of(5),
                (row, n) -> row.append("t", MICROS)
                        .addGroup("u")
                        .append("input_tokens", n)
                        .append("output_tokens", 1));

        assertThat(Traces.events(lines).get(0).getQuantities()).containsEntry("input_tokens", 5L);
        assertThat(Traces.events(lines).get(0).getTime()).isEqualTo(Instant.parse("2023-11-16T18:17:03.979960Z"));
    }

    @Test
    void whatIsNoParquetIsAnErrorOfTheFile() throws IOException {
        Path file = Files.writeString(directory.resolve("x.parquet"), "PAR1, but no more than that PAR1");
        assertThatThrownBy(() -> Trace.open(file, Tables.parquet(MAPPING))).isInstanceOf(IOException.class);
        Files.writeString(file, "no Parquet at all");
        assertThatThrownBy(() -> Trace.open(file, Tables.parquet(MAPPING)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file + " is not a Parquet file")
                .hasMessageNotContaining("@");
    }

    @ParameterizedTest
    @EnumSource(names = {"LZO", "BROTLI", "LZ4", "LZ4_RAW"})
    void aPackingThatIsNotReadIsNamed(CompressionCodecName codec) {
        assertThatThrownBy(() -> ParquetCodecs.mustUnpack(codec))
                .hasMessageContaining("packed with " + codec)
                .hasMessageContaining("zstd, snappy or gzip");
    }

    /** Pages are checked when they are read, so a broken one is found in the middle. */
    @Test
    void aBrokenPageIsAnErrorOfTheFileAndNotAShortTrace() throws IOException {
        Path file = directory.resolve("x.parquet");
        Tables.write(
                file,
                TIMES_AND_LONGS,
                CompressionCodecName.ZSTD,
                List.of(1L, 2L, 3L),
                (row, n) -> row.append("t", MICROS).append("n", n));
        byte[] bytes = Files.readAllBytes(file);
        Arrays.fill(bytes, 4, 60, (byte) 0);
        Files.write(file, bytes);
        Trace trace = Trace.open(file, Tables.parquet(MAPPING));
        assertThatThrownBy(() -> Traces.lines(trace)).isInstanceOf(UncheckedIOException.class);
    }
}
