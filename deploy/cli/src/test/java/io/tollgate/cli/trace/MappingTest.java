package io.tollgate.cli.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tollgate.cli.SharedData;
import io.tollgate.events.UsageEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MappingTest {

    private static final String TIME = "time: {column: t, format: rfc3339}\n";
    private static final String MEASURED = TIME + "quantities: {input_tokens: {column: n}}\n";

    @Test
    void theRealTraceComesToTheSameThroughItsMapping() throws IOException {
        var file = SharedData.require("traces/AzureLLMInferenceTrace_code.csv");
        List<UsageEvent> known = Traces.events(Traces.lines(Trace.open(file, Traces.AZURE)));

        List<TraceLine> lines = Traces.lines(Trace.open(file, Tables.csv(Tables.documented("azure-llm.yaml"))));

        assertThat(Traces.bad(lines)).isEmpty();
        List<UsageEvent> events = Traces.events(lines);
        assertThat(events).hasSize(8_819);
        assertThat(Traces.sum(events, "input_tokens")).isEqualTo(18_059_974);
        assertThat(Traces.sum(events, "output_tokens")).isEqualTo(245_896);
        // The source says how it was replayed.
        known.forEach(event -> event.setSource(events.get(0).getSource()));
        assertThat(events).isEqualTo(known);
    }

    @Test
    void aRowSaysAllThatTheDocumentedMappingTakesFromIt() throws IOException {
        String table = "request_id,finished_at,account,project,vendor,model,region,team,prompt_tokens,cached_tokens,"
                + "completion_tokens\nr-1,1700158623979,globex,search,anthropic,claude,,\"a, b\",7,,009\n";

        UsageEvent event = Traces.events(Traces.read(Tables.csv(Tables.documented("usage-export.yaml")), table))
                .get(0);

        assertThat(event.getSource()).isEqualTo("gateway-export");
        assertThat(event.getId()).isEqualTo("r-1");
        assertThat(event.getTime()).isEqualTo(Instant.parse("2023-11-16T18:17:03.979Z"));
        assertThat(event.getDimensions().getTenant()).isEqualTo("globex");
        assertThat(event.getDimensions().getProvider()).isEqualTo("anthropic");
        assertThat(event.getDimensions().getRegion()).isEqualTo("westeurope");
        assertThat(event.getDimensions().getTags()).isEqualTo(Map.of("team", "a, b"));
        assertThat(event.getQuantities()).isEqualTo(Map.of("requests", 1L, "input_tokens", 7L, "output_tokens", 9L));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "rfc3339 | | 2023-11-16T19:17:03.5+01:00 | 2023-11-16T18:17:03.500Z",
                "epoch_seconds | | 1700158623 | 2023-11-16T18:17:03Z",
                "epoch_micros | | 1700158623979960 | 2023-11-16T18:17:03.979960Z",
                "uuuu-MM-dd HH:mm:ss | Europe/Berlin | 2023-11-16 19:17:03 | 2023-11-16T18:17:03Z",
                // Shown twice: the earlier is meant.
                "yyyy-MM-dd HH:mm | Europe/Berlin | 2023-10-29 02:30 | 2023-10-29T00:30:00Z",
                "dd.MM.uuuu HH:mm:ss xxx | | 16.11.2023 18:17:03 +00:00 | 2023-11-16T18:17:03Z",
                "uuuu-MM-dd HH:mm:ss | Europe/Berlin | 2023-03-26 02:30:00 | invalid_time",
                "uuuu-MM-dd HH:mm:ss | UTC | 2023-02-30 02:30:00 | invalid_time",
                "epoch_millis | | 1.7e12 | invalid_time",
                "epoch_seconds | | 9223372036854775807 | invalid_time",
                "rfc3339 | | yesterday | invalid_time",
                "rfc3339 | | `` | missing_attribute",
            })
    void aTimeIsReadAsItsFormatSays(String format, String zone, String written, String expected) {
        String mapping = "time: {column: t, format: '%s'%s}\nquantities: {requests: {constant: 1}}\n"
                .formatted(format, zone == null ? "" : ", zone: " + zone);

        List<TraceLine> lines = Traces.read(Tables.csv(Tables.mapping(mapping)), "t,x\n" + written + ",1\n");

        String found = lines.get(0) instanceof TraceLine.Usage usage
                ? usage.event().getTime().toString()
                : ((TraceLine.Bad) lines.get(0)).reason();
        assertThat(found).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "12.0, not_an_integer",
        "1e3, not_an_integer",
        "+5, not_an_integer",
        "'', no_quantities",
        "-1, negative_quantity",
        "9223372036854775808, integer_out_of_range",
    })
    void anAmountIsAWholeNumber(String written, String reason) {
        String row = "2023-11-16T18:17:03Z," + written;

        List<TraceLine.Bad> bad = Traces.bad(Traces.read(Tables.csv(Tables.mapping(MEASURED)), "t,n\n" + row + "\n"));

        assertThat(bad).singleElement().satisfies(line -> {
            assertThat(line.reason()).isEqualTo(reason);
            assertThat(line.lineNumber()).isEqualTo(2);
            assertThat(Traces.bytes(line.original())).isEqualTo(row.getBytes(StandardCharsets.UTF_8));
        });
    }

    @Test
    void aProvidersUsageObjectIsNormalised() {
        Mapping mapping = Tables.mapping(TIME + "usage: {column: u}\nusageFormat: {constant: anthropic_messages}\n");
        String body = "\"{\"\"input_tokens\"\":21,\"\"cache_read_input_tokens\"\":5,\"\"output_tokens\"\":3}\"";

        List<TraceLine> lines = Traces.read(
                Tables.csv(mapping), "t,u\n2023-11-16T18:17:03Z," + body + "\n2023-11-16T18:17:03Z,{broken\n");

        assertThat(Traces.events(lines).get(0).getQuantities())
                .containsEntry("input_tokens", 21L)
                .containsEntry("cache_read_tokens", 5L);
        assertThat(Traces.bad(lines)).extracting(TraceLine.Bad::reason).containsExactly("malformed_json");
    }

    @Test
    void anIdOfSeveralColumnsIsUnambiguousAndWhole() {
        Mapping mapping = Tables.mapping(MEASURED + "source: {constant: s}\nid: [a, b]\n");

        List<TraceLine> lines = Traces.read(
                Tables.csv(mapping),
                "t,n,a,b\n2023-11-16T18:17:03Z,1,x/y,z\n2023-11-16T18:17:03Z,1,x,y/z\n2023-11-16T18:17:03Z,1,x,\n");

        assertThat(Traces.events(lines)).extracting(UsageEvent::getId).containsExactly("x%2Fy/z", "x/y%2Fz");
        assertThat(Traces.bad(lines)).extracting(TraceLine.Bad::reason).containsExactly("missing_attribute");
    }

    @Test
    void linesMayBeWrittenOtherwise() {
        Mapping mapping = Tables.mapping("""
                csv: {delimiter: ";", quote: "'", header: false, charset: ISO-8859-1}
                time: {column: 1, format: rfc3339}
                tags: {team: {column: 2}}
                quantities: {input_tokens: {column: 3}}
                """);

        List<TraceLine> lines = Traces.read(
                Tables.csv(mapping), "2023-11-16T18:17:03Z;'\u00fcber;all';4\n".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(Traces.bad(lines)).isEmpty();
        assertThat(Traces.events(lines).get(0).getDimensions().getTags()).isEqualTo(Map.of("team", "\u00fcber;all"));
    }

    @Test
    void rowsOfOtherLengthAndOpenQuotesAreBadAndTheirNeighboursAreNot() {
        List<TraceLine> lines = Traces.read(
                Tables.csv(Tables.mapping(MEASURED)),
                "t,n\n2023-11-16T18:17:03Z\n\"2023-11-16T18:17:03Z,1\n2023-11-16T18:17:03Z,1\n");

        assertThat(Traces.bad(lines))
                .extracting(TraceLine.Bad::reason)
                .containsExactly("wrong_column_count", "malformed_csv");
        assertThat(Traces.eventLines(lines)).containsExactly(4L);
    }

    @Test
    void aColumnThatIsNotThereIsToldOnceAndBeforeAnythingIsSent() {
        assertThatThrownBy(() -> Traces.read(Tables.csv(Tables.mapping(MEASURED)), "t,N,m\n1,2,3\n"))
                .isInstanceOf(MappingException.class)
                .hasMessage("the file has no column n, which the mapping names; it has t, N, m");
        assertThatThrownBy(() -> Traces.read(Tables.csv(Tables.mapping(MEASURED)), "t,n,n\n1,2,3\n"))
                .hasMessage("the file has two columns named n");
    }

    @Test
    void howAMappingIsWrittenDoesNotMatterWhatItSaysDoes() {
        Mapping other = Tables.mapping(
                "# The same.\nquantities:\n  input_tokens:\n    column: n\ncsv: {header: true}\n" + TIME);
        assertThat(other.canonical()).isEqualTo(Tables.mapping(MEASURED).canonical());
        assertThat(Tables.mapping(MEASURED + "region: {constant: eu}\n").canonical())
                .isNotEqualTo(other.canonical());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tennant: {column: a} | line 3: a mapping has no tennant; it has acceleratorType, contextTokens, csv",
                "tenant: {colum: a} | line 3: tenant has no colum; it has column, constant, default",
                "tenant: {column: a, constant: b} | line 3: tenant: say either column, with or without default, or constant",
                "tenant: {} | line 3: tenant: say either column",
                "tenant: acme | line 3: tenant is not of the expected form; write {column: NAME}",
                "tags: {team: {constant: a, default: b}} | line 3: tags.team: say either",
                "tags: [team] | line 3: tags is a list of names, each with {column: NAME}",
                "id: [a] | it must say whose ids they are: add source: {constant: NAME}",
                "usage: {column: u} | needs either quantities, or usage with usageFormat",
                "usageFormat: {constant: vllm} | needs both of usage and usageFormat, or none",
                "csv: {delimiter: ab} | line 3: csv: delimiter is one character",
                "csv: {charset: UTF-16} | line 3: csv: charset UTF-16 cannot be read line by line",
                "csv: {charset: klingon} | line 3: csv: charset \"klingon\" is not known",
                "csv: {quote: ','} | line 3: csv: delimiter and quote are the same",
                "time: {column: t, format: rfc3339} | Duplicate field 'time'",
                "tenant: {column: a | not YAML",
            })
    void whatIsWrongInAMappingIsToldWithItsLine(String third, String expected) {
        assertThatThrownBy(() -> Tables.mapping(MEASURED + third + "\n"))
                .isInstanceOf(MappingException.class)
                .hasMessageContaining(expected)
                .hasMessageNotContaining("Exception")
                .hasMessageNotContaining("io.tollgate");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{format: rfc3339} | time has no column",
                "{column: t} | time has no format: rfc3339, epoch_seconds",
                "{column: t, format: uuuu-MM-dd} | does not hold a date and a time of day",
                "{column: t, format: uuuu-MM-dd HH:mm} | has no offset, so say the zone",
                "{column: t, format: uuuu-MM-dd HH:mm xxx, zone: UTC} | has an offset; leave zone out",
                "{column: t, format: rfc3339, zone: UTC} | rfc3339 needs no zone",
                "{column: t, format: epoch_days} | is none of rfc3339, epoch_seconds",
                "{column: t, format: uuuu-MM-dd HH:mm, zone: Mars} | zone \"Mars\" is not known",
            })
    void whatIsWrongWithATimeIsTold(String time, String expected) {
        assertThatThrownBy(() -> Tables.mapping("quantities: {requests: {constant: 1}}\ntime: " + time + "\n"))
                .isInstanceOf(MappingException.class)
                .hasMessageContaining("line 2: time: ")
                .hasMessageContaining(expected);
    }
}
