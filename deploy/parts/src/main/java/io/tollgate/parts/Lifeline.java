package io.tollgate.parts;

import java.io.IOException;
import java.time.Duration;

/**
 * The child's end of the pipe whose other end only the supervising JVM holds. When that JVM is gone, by whatever way,
 * the pipe ends, and so does the child: cleanly if it can, at once if that takes too long.
 */
final class Lifeline {

    private static final Duration CLEAN_STOP = Duration.ofSeconds(10);

    private Lifeline() {}

    /** Exits this JVM, through its shutdown hooks, at the end of its standard input. */
    static void hold() {
        daemon("lifeline", () -> {
            waitForTheEnd();
            daemon("last-resort", Lifeline::haltLater);
            System.exit(0);
        });
    }

    private static void waitForTheEnd() {
        byte[] nothing = new byte[64];
        try {
            while (System.in.read(nothing) >= 0) {
                // The supervisor has nothing to say; only the end counts.
            }
        } catch (IOException e) {
            // A broken pipe is an end, too.
        }
    }

    private static void haltLater() {
        try {
            Thread.sleep(CLEAN_STOP.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(1);
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }
}
