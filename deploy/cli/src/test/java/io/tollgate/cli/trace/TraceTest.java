package io.tollgate.cli.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tollgate.events.Dimensions;
import io.tollgate.events.UsageEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceTest {

    private static final String ONE = "2023-11-16 18:17:03,1,2\n";

    @TempDir
    Path directory;

    private Path file(String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content);
    }

    private Path packed(String name, String content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(content.getBytes(StandardCharsets.UTF_8));
        }
        return Files.write(directory.resolve(name), bytes.toByteArray());
    }

    @Test
    void theSameReplayHasTheSameSourcePackedOrNot() throws IOException {
        String source = Trace.open(file("a.csv", ONE), Traces.AZURE).source();
        assertThat(source).isEqualTo("replay/azure-llm/c7b7d8836b47c0e718d469abf6c74072");
        assertThat(Trace.open(file("b.gz", ONE), Traces.AZURE).source()).isEqualTo(source);
        assertThat(Trace.open(packed("c.csv", ONE), Traces.AZURE).source()).isEqualTo(source);
    }

    @Test
    void everySettingMakesOtherUsage() throws IOException {
        Path file = file("a.csv", ONE);
        Instant start = MooncakeTrace.DEFAULT_START;
        EventCheck anything = event -> Optional.empty();
        TraceDimensions tagged = new TraceDimensions(Dimensions.newBuilder(Traces.DIMENSIONS.toAvro())
                .setTags(Map.of("team", "search"))
                .build());
        List<TraceFormat> formats = List.of(
                Traces.AZURE,
                new AzureLlmTrace(Traces.dimensions("globex", "gpt-4o"), anything),
                new AzureLlmTrace(Traces.dimensions("acme", "gpt-4o-mini"), anything),
                new AzureLlmTrace(tagged, anything),
                new MooncakeTrace(Traces.DIMENSIONS, start, anything),
                new MooncakeTrace(Traces.DIMENSIONS, start.plusSeconds(1), anything));
        assertThat(formats)
                .extracting(format -> Trace.open(file, format).source())
                .doesNotHaveDuplicates();
    }

    /** Or whoever mends a bad line and replays the file would bill all of it twice. */
    @Test
    void aLineKeepsItsNameWhenTheFileAroundItChanges() {
        String other = "2023-11-16 18:17:04.0319600,3180,8\n";
        List<UsageEvent> before = Traces.events(Traces.read(Traces.AZURE, ONE + "bad\n" + other));
        List<UsageEvent> mended =
                Traces.events(Traces.read(Traces.AZURE, "2023-11-16 18:17:09,1,1\n" + other + "\r\n" + ONE));

        assertThat(before).hasSize(2);
        assertThat(mended).hasSize(3).containsAll(before);
    }

    @Test
    void linesThatSayTheSameAreDifferentEvents() {
        List<UsageEvent> events = Traces.events(Traces.read(Traces.AZURE, ONE.repeat(10_000)));

        assertThat(events).hasSize(10_000).extracting(UsageEvent::getId).doesNotHaveDuplicates();
        assertThat(events.get(2).getId()).isEqualTo(events.get(0).getId() + "-3");
    }

    @Test
    void linesAndBytesAreCountedBeforeTheyAreRead() throws IOException {
        Trace ended = Trace.open(file("a.csv", "x\n\ny\n"), Traces.AZURE);
        assertThat(ended.lines()).isEqualTo(3);
        assertThat(ended.bytes()).isEqualTo(5);
        assertThat(Trace.open(packed("b", "x\ny"), Traces.AZURE).lines()).isEqualTo(2);
        assertThat(Trace.open(file("c.csv", ""), Traces.AZURE).lines()).isZero();
    }

    @Test
    void progressArrivesAtTheNumberOfLines() throws IOException {
        Trace trace = Trace.open(file("a.csv", ONE + "\n" + ONE + "bad"), Traces.AZURE);
        try (TraceReader reader = trace.read()) {
            reader.forEachRemaining(line -> assertThat(reader.linesRead()).isEqualTo(line.lineNumber()));
            assertThat(reader.linesRead()).isEqualTo(trace.lines()).isEqualTo(4);
        }
    }

    @Test
    void aLineOfMoreThanAMebibyteIsBadAndItsNeighboursAreNot() {
        String longest = "2023-11-16 18:17:03,1,2" + " ".repeat(LineReader.MAX_BYTES - ONE.length() + 1);
        List<TraceLine> lines =
                Traces.read(Traces.AZURE, ONE + longest + "\r\n" + longest + "x\n" + ONE + "y".repeat(3 << 20));
        assertThat(Traces.eventLines(lines)).containsExactly(1L, 2L, 4L);
        assertThat(Traces.bad(lines))
                .extracting(TraceLine.Bad::reason)
                .containsExactly("line_too_long", "line_too_long");
        assertThat(Traces.bad(lines))
                .extracting(bad -> bad.original().remaining())
                .containsExactly(LineReader.MAX_BYTES + 1, 3 << 20);
    }

    @Test
    void ofALineThatIsTooLongForTheTopicTheBeginningIsKept() {
        TraceLine.Bad bad = Traces.bad(Traces.read(Traces.AZURE, "y".repeat(21 << 20) + "\n" + ONE))
                .get(0);
        assertThat(bad.reason()).isEqualTo("line_too_long");
        assertThat(bad.detail()).contains((21 << 20) + " bytes");
        assertThat(bad.original().remaining()).isEqualTo(LineReader.KEPT_BYTES);
    }

    @Test
    void aTornPackedFileIsAnErrorAndNotAShortTrace() throws IOException {
        byte[] whole = Files.readAllBytes(packed("a.gz", ONE.repeat(100)));
        Path torn = Files.write(directory.resolve("torn.gz"), Arrays.copyOf(whole, whole.length - 12));
        assertThatThrownBy(() -> Trace.open(torn, Traces.AZURE)).isInstanceOf(IOException.class);
    }

    @Test
    void aFileThatChangedSinceItsIdentityWasTakenIsAnError() throws IOException {
        Path file = file("a.csv", ONE);
        Trace trace = Trace.open(file, Traces.AZURE);
        Files.writeString(file, ONE, StandardOpenOption.APPEND);
        assertThatThrownBy(() -> Traces.lines(trace))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("changed while it was being read");
    }

    @Test
    void bytesThatAreNotTextAreBad() {
        List<TraceLine> lines = Traces.read(Traces.AZURE, new byte[] {(byte) 0xC3, '(', ',', '1'});
        assertThat(Traces.bad(lines)).extracting(TraceLine.Bad::reason).containsExactly("not_utf8");
    }

    @Test
    void cloudEventsGoThroughTheParserTheyAreGiven() {
        UsageEvent event = Traces.events(Traces.read(Traces.AZURE, ONE)).get(0);
        TraceFormat format = new CloudEventsTrace(line -> line[0] == '{'
                ? new EventParser.Parsed.Accepted(event)
                : new EventParser.Parsed.Rejected("no_event", "not an event"));
        List<TraceLine> lines = Traces.read(format, "{}\n\nhello\n");
        assertThat(Traces.events(lines)).containsExactly(event);
        assertThat(Traces.bad(lines)).singleElement().satisfies(bad -> {
            assertThat(bad.reason()).isEqualTo("no_event");
            assertThat(bad.lineNumber()).isEqualTo(3);
        });
    }

    @Test
    void dimensionsThatCannotBeBilledAreRefused() {
        assertThatThrownBy(() -> Traces.dimensions("no spaces", "m")).hasMessageContaining("tenant");
        assertThatThrownBy(() -> Traces.dimensions("acme", "")).hasMessageContaining("model is missing");
        assertThatThrownBy(() -> Traces.dimensions("acme", "a\tb")).hasMessageContaining("control character");
        assertThatThrownBy(() -> Traces.dimensions("acme", "m".repeat(257))).hasMessageContaining("longer than 256");
    }
}
