package io.tollgate.cli.bench;

import io.tollgate.emitter.Emitter;
import io.tollgate.emitter.EmitterConfig;
import io.tollgate.events.UsageEvent;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Sends traffic through the emitter, as a source would, as fast as it goes or at a given rate. */
final class Sender implements AutoCloseable {

    /** So often a paced sender looks whether it is ahead of its rate. */
    private static final int EVENTS_BETWEEN_LOOKS = 64;

    private final Emitter emitter;

    Sender(String kafka) {
        emitter = Emitter.create(EmitterConfig.to(kafka).withMaxBlock(Duration.ofMinutes(1)));
    }

    /** Sends one, without waiting for it. */
    void send(UsageEvent event) {
        // Failures are counted by the emitter.
        var unused = emitter.emit(event);
    }

    /** Sends all as fast as the emitter takes them, and returns when Kafka has them. */
    void sendAll(CompactTraffic traffic) {
        while (traffic.hasNext()) {
            send(traffic.next());
        }
        flush();
    }

    /** Sends all at a rate, in events a second. A sender that has fallen behind catches up. */
    void sendPaced(CompactTraffic traffic, double rate) {
        long start = System.nanoTime();
        for (long sent = 0; traffic.hasNext(); sent++) {
            if (sent % EVENTS_BETWEEN_LOOKS == 0) {
                long due = start + (long) (sent / rate * TimeUnit.SECONDS.toNanos(1));
                while (System.nanoTime() - due < 0) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
            }
            send(traffic.next());
        }
        flush();
    }

    private void flush() {
        emitter.flush();
        if (emitter.counts().failed() > 0) {
            throw new IllegalStateException(emitter.counts().failed() + " events were not taken by Kafka");
        }
    }

    @Override
    public void close() {
        emitter.close();
    }
}
