package io.tollgate.emitter;

import io.tollgate.events.UsageEvent;
import java.io.BufferedReader;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.concurrent.Semaphore;

/**
 * A source in a process of its own, to be killed. It offers the events that have no outcome yet, and writes down each
 * outcome as it is told: {@code A17}, {@code S18}, {@code R19}. A line on its standard input closes the emitter; the end
 * of the input ends the process.
 */
final class EmitterChild {

    /** So many are without an outcome at a time, which makes the load last for some seconds. */
    private static final int AT_A_TIME = 500;

    private EmitterChild() {}

    /** @param arguments Kafka, spool directory, file of outcomes, number of events */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        EmitterConfig config = EmitterConfig.to(arguments[0])
                .withDeliveryTimeout(Duration.ofSeconds(10))
                .withSpool(SpoolConfig.in(Path.of(arguments[1]))
                        .withSegmentBytes(1 << 20)
                        .withAfter(Duration.ofSeconds(1)));
        Path outcomes = Path.of(arguments[2]);
        int events = Integer.parseInt(arguments[3]);
        BitSet reported = reported(outcomes);
        Emitter emitter = Emitter.create(config);
        Thread closing = new Thread(() -> closeOnCommand(emitter), "command");
        closing.setDaemon(true);
        try (FileOutputStream file = new FileOutputStream(outcomes.toFile(), true)) {
            Semaphore slots = new Semaphore(AT_A_TIME);
            closing.start();
            for (int i = reported.nextClearBit(0); i < events; i = reported.nextClearBit(i + 1)) {
                int number = i;
                slots.acquire();
                var unused = emitter.offer(event(number)).thenAccept(outcome -> {
                    report(file, outcome, number);
                    slots.release();
                });
            }
            closing.join();
        }
    }

    static UsageEvent event(int number) {
        return Events.usage("tenant-" + number % 50, Integer.toString(number));
    }

    /** The events that were reported accepted or spooled. */
    static BitSet reported(Path outcomes) throws IOException {
        BitSet reported = new BitSet();
        if (Files.exists(outcomes)) {
            String text = Files.readString(outcomes);
            // What is behind the last line's end was not written to its end.
            text.substring(0, text.lastIndexOf('\n') + 1)
                    .lines()
                    .filter(line -> !line.startsWith("R"))
                    .forEach(line -> reported.set(Integer.parseInt(line.substring(1))));
        }
        return reported;
    }

    /** One write for each, not buffered: what was told to the source is not taken back by killing it. */
    private static void report(FileOutputStream file, Outcome outcome, int number) {
        try {
            file.write((outcome.kind().name().charAt(0) + Integer.toString(number) + "\n")
                    .getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void closeOnCommand(Emitter emitter) {
        try {
            String line = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII)).readLine();
            if (line == null) {
                Runtime.getRuntime().halt(1);
            }
            emitter.close();
        } catch (IOException e) {
            Runtime.getRuntime().halt(1);
        }
    }
}
