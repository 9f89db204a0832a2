package io.tollgate.cli.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** What holds for every file, however broken. jqwik prints the seed of each run. */
class TraceLawsTest {

    private static final List<TraceFormat> FORMATS = List.of(Traces.AZURE, Traces.MOONCAKE);

    @Property(tries = 500)
    void noBytesEverThrow(@ForAll byte[] content) {
        for (TraceFormat format : FORMATS) {
            // A file that happens to begin like gzip is a broken archive, which is another matter.
            if (content.length < 2 || content[0] != 0x1f || content[1] != (byte) 0x8b) {
                assertThat(Traces.read(format, content)).isNotNull();
            }
        }
    }

    @Property(tries = 200)
    void goodLinesAroundBadOnesSurvive(@ForAll Random random, @ForAll @IntRange(min = 1, max = 40) int count) {
        for (TraceFormat format : FORMATS) {
            survive(format, random, count);
        }
    }

    @Property(tries = 200)
    void packedOrPlainIsTheSame(@ForAll @Size(max = 200) byte[] noise, @ForAll Random random) {
        for (TraceFormat format : FORMATS) {
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            content.writeBytes(good(format, random).getBytes(StandardCharsets.UTF_8));
            content.write('\n');
            content.writeBytes(noise);
            assertThat(Traces.readPacked(format, content.toByteArray()))
                    .isEqualTo(Traces.read(format, content.toByteArray()));
        }
    }

    private static void survive(TraceFormat format, Random random, int count) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        List<Long> expected = new ArrayList<>();
        for (int line = 1; line <= count; line++) {
            byte[] good = good(format, random).getBytes(StandardCharsets.UTF_8);
            if (line > 1 && random.nextBoolean()) {
                content.writeBytes(corrupted(good, random));
            } else {
                content.writeBytes(good);
                expected.add((long) line);
            }
            content.writeBytes((random.nextBoolean() ? "\n" : "\r\n").getBytes(StandardCharsets.UTF_8));
        }
        List<TraceLine> lines = Traces.read(format, content.toByteArray());
        assertThat(Traces.eventLines(lines)).containsAll(expected);
        assertThat(lines.size()).isLessThanOrEqualTo(count);
    }

    private static String good(TraceFormat format, Random random) {
        long input = random.nextInt(5_000);
        return format instanceof AzureLlmTrace
                ? "2023-11-16 18:17:%02d.9799600,%d,%d".formatted(random.nextInt(60), input, random.nextInt(500))
                : "{\"timestamp\": %d, \"input_length\": %d, \"output_length\": 3, \"hash_ids\": [%d, %d]}"
                        .formatted(random.nextInt(9_999), input, random.nextInt(20), random.nextInt(20));
    }

    /** Bytes changed, cut off or put in; never a line end, which would make two lines. */
    private static byte[] corrupted(byte[] line, Random random) {
        byte[] cut = Arrays.copyOf(line, 1 + random.nextInt(line.length + 10));
        for (int i = random.nextInt(4); i >= 0; i--) {
            byte any = (byte) random.nextInt(256);
            cut[random.nextInt(cut.length)] = any == '\n' ? (byte) '"' : any;
        }
        return cut;
    }
}
