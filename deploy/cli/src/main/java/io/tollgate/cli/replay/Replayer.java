package io.tollgate.cli.replay;

import io.tollgate.cli.ExitCode;
import io.tollgate.cli.UserException;
import io.tollgate.cli.trace.MappingException;
import io.tollgate.cli.trace.Trace;
import io.tollgate.cli.trace.TraceLine;
import io.tollgate.cli.trace.TraceReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Reads a trace from its first line to its last. That holds for one that goes on where it stopped, too: what earlier lines
 * said decides on the ids of later ones, and on what is cached, and the report is of the whole.
 */
final class Replayer {

    private Replayer() {}

    /**
     * @param places where the trace's events are in Kafka
     * @param each is given every line
     * @param progress hears how many lines were read so far
     * @throws UserException when the file cannot be read on, or is not as the mapping says
     */
    static ReplayResult read(Trace trace, Places places, Consumer<TraceLine> each, LongConsumer progress) {
        long start = System.nanoTime();
        SentEvents sent = new SentEvents(places);
        TreeMap<String, Long> bad = new TreeMap<>();
        try (TraceReader reader = trace.read()) {
            while (reader.hasNext()) {
                TraceLine line = reader.next();
                if (line instanceof TraceLine.Usage usage) {
                    sent.add(usage.event());
                } else if (line instanceof TraceLine.Bad badLine) {
                    bad.merge(badLine.reason(), 1L, Long::sum);
                }
                each.accept(line);
                progress.accept(reader.linesRead());
            }
            return new ReplayResult(sent, bad, reader.linesRead(), (System.nanoTime() - start) / 1e9);
        } catch (MappingException e) {
            throw new UserException(
                    ExitCode.DATA_ERROR, String.valueOf(e.getMessage()), "nothing was sent; mend the mapping");
        } catch (IOException | UncheckedIOException e) {
            throw new UserException(
                    ExitCode.NO_INPUT,
                    "cannot read the trace to its end: " + e.getMessage(),
                    "replay it again when that is mended: what was sent is not counted twice");
        }
    }
}
