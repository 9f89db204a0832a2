package io.tollgate.cli.trace;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.writer.CsvWriter;
import io.tollgate.events.UsageEvent;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/** What a table says does not depend on what it is written in. */
class TableProperties {

    private static final Mapping MAPPING = Tables.mapping("""
            source: {constant: s}
            id: [id]
            time: {column: at, format: epoch_micros}
            tenant: {column: tenant, default: acme}
            tags: {team: {column: team}}
            quantities: {input_tokens: {column: in}, output_tokens: {column: out}}
            """);
    private static final String SCHEMA = "message m { required binary id (STRING); required int64 at;"
            + " optional binary tenant (STRING); optional binary team (STRING); required int64 in;"
            + " optional int64 out; }";

    record Row(int id, long at, String tenant, String team, long in, long out) {}

    @Property(tries = 60)
    void rowsGiveTheSameEventsInCsvAndInParquet(@ForAll("rows") List<Row> rows) {
        List<TraceLine> fromCsv = Traces.read(Tables.csv(MAPPING), csv(rows));
        List<TraceLine> fromParquet =
                Tables.parquet(MAPPING, SCHEMA, CompressionCodecName.SNAPPY, rows, (group, row) -> {
                    group.append("id", "r" + row.id()).append("at", row.at()).append("in", row.in());
                    group.append("tenant", row.tenant()).append("team", row.team());
                    if (row.out() >= 0) {
                        group.append("out", row.out());
                    }
                });

        assertThat(fromCsv).hasSameSizeAs(rows);
        assertThat(Traces.events(fromParquet)).isEqualTo(Traces.events(fromCsv));
        assertThat(reasons(fromParquet)).isEqualTo(reasons(fromCsv));
        for (UsageEvent event : Traces.events(fromCsv)) {
            Row row = rows.stream()
                    .filter(each -> event.getId().equals("r" + each.id()))
                    .findFirst()
                    .orElseThrow();
            assertThat(event.getQuantities()).containsEntry("input_tokens", row.in());
            assertThat(event.getTime()).isEqualTo(Instant.EPOCH.plus(row.at(), ChronoUnit.MICROS));
        }
    }

    private static List<String> reasons(List<TraceLine> lines) {
        return Traces.bad(lines).stream().map(TraceLine.Bad::reason).toList();
    }

    private static String csv(List<Row> rows) {
        StringWriter text = new StringWriter();
        try (CsvWriter writer = CsvWriter.builder().build(text)) {
            writer.writeRecord("id", "at", "tenant", "team", "in", "out");
            for (Row row : rows) {
                String out = row.out() < 0 ? "" : Long.toString(row.out());
                writer.writeRecord(
                        "r" + row.id(), "" + row.at(), row.tenant(), row.team(), Long.toString(row.in()), out);
            }
        } catch (java.io.IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    @Provide
    Arbitrary<List<Row>> rows() {
        Arbitrary<String> tenants = Arbitraries.of("", "globex", "no tenant", "x".repeat(129));
        Arbitrary<String> teams = Arbitraries.strings()
                .withChars("ab ,\"'{}\t\u00fc\u20ac")
                .withChars('\u0007')
                .ofMaxLength(6);
        Arbitrary<Long> amounts = Arbitraries.longs().between(-1, Long.MAX_VALUE / 2);
        return Combinators.combine(
                        Arbitraries.integers().between(0, 1_000_000),
                        Arbitraries.longs().between(-1_000, 4_000_000_000_000_000L),
                        tenants,
                        teams,
                        amounts,
                        amounts)
                .as(Row::new)
                .list()
                .uniqueElements(Row::id)
                .ofMaxSize(20);
    }
}
