package io.tollgate.cli.bench;

import io.tollgate.aggregator.Progress;
import io.tollgate.cli.ExitCode;
import io.tollgate.cli.Logs;
import io.tollgate.cli.UserException;
import io.tollgate.cli.instance.InstanceOptions.WantedPorts;
import io.tollgate.cli.instance.ReadyFile;
import io.tollgate.cli.instance.ScratchInstance;
import io.tollgate.cli.traffic.DemoTraffic;
import io.tollgate.emitter.Emitter;
import io.tollgate.events.UsageEvent;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * How fast events get from the emitter into ClickHouse, everything embedded and everything on, against a plain consumer
 * that only decodes the same topic. The first tenth of the events warms up and is not measured.
 */
final class PipelineBenchmark {

    private static final YearMonth MONTH = YearMonth.of(2026, 6);
    private static final Duration PATIENCE = Duration.ofMinutes(30);

    private final long events;
    private final long seed;
    private final PrintWriter out;
    private final PrintWriter err;

    PipelineBenchmark(long events, long seed, PrintWriter out, PrintWriter err) {
        this.events = events;
        this.seed = seed;
        this.out = out;
        this.err = err;
    }

    List<Figure> run() {
        tell("starting everything");
        try (ScratchInstance scratch = ScratchInstance.start("bench", WantedPorts.ANY, err)) {
            List<Figure> figures = measure(scratch.instance().endpoints());
            scratch.succeeded();
            return figures;
        }
    }

    private List<Figure> measure(ReadyFile ready) {
        long warmUp = Math.max(1, events / 10);
        Iterator<UsageEvent> traffic = new DemoTraffic(MONTH, seed, warmUp + events).iterator();
        try (Emitter emitter = Emitter.create(ready.emitter().withMaxBlock(Duration.ofMinutes(1)));
                Progress progress = new Progress(ready.kafka())) {
            tell("warm-up with %,d events".formatted(warmUp));
            emit(emitter, traffic, warmUp);
            await(progress);

            // Made before the clock starts: what is measured is the pipeline, not the generator.
            List<UsageEvent> measured = new ArrayList<>();
            for (long i = 0; i < events; i++) {
                measured.add(traffic.next());
            }
            tell("measuring with %,d events".formatted(events));
            long start = System.nanoTime();
            emit(emitter, measured.iterator(), events);
            double emitting = secondsSince(start);
            await(progress);
            double endToEnd = secondsSince(start);
            double decoding = events / PlainConsumer.decode(ready.kafka(), warmUp + events);
            return List.of(
                    new Figure("events", events, "events"),
                    new Figure("emitter_events_per_second", events / emitting, "events/s"),
                    new Figure("end_to_end_events_per_second", events / endToEnd, "events/s"),
                    new Figure("consumer_decode_events_per_second", events / decoding, "events/s"),
                    new Figure("ratio_end_to_end_to_consumer_decode", decoding / endToEnd, "ratio"));
        }
    }

    private void tell(String what) {
        out.println("... " + what);
        out.flush();
    }

    private static void emit(Emitter emitter, Iterator<UsageEvent> traffic, long count) {
        for (long i = 0; i < count; i++) {
            // Failures are counted by the emitter.
            var unused = emitter.emit(traffic.next());
        }
        emitter.flush();
        if (emitter.counts().failed() > 0) {
            throw new UserException(
                    ExitCode.UNAVAILABLE,
                    "Kafka did not take %,d events".formatted(emitter.counts().failed()),
                    "this machine may be very busy; the log has the details: " + Logs.file());
        }
    }

    private static void await(Progress progress) {
        if (!progress.awaitEverythingSentSoFar(PATIENCE)) {
            throw new UserException(
                    ExitCode.UNAVAILABLE,
                    "not everything was counted within %d minutes".formatted(PATIENCE.toMinutes()),
                    "try fewer events with --events; the log has the details: " + Logs.file());
        }
    }

    private static double secondsSince(long startNanos) {
        return (System.nanoTime() - startNanos) / 1e9;
    }
}
