package io.tollgate.cli.instance;

import io.tollgate.cli.ExitCode;
import io.tollgate.cli.UserException;
import java.time.Duration;

/**
 * Keeps an instance in the foreground until somebody stops it or it fails. A stop by Ctrl-C or SIGTERM is what was
 * wanted: the process ends with status 0 once everything is down.
 */
public final class Foreground {

    /** Past this the process ends all the same, and what is left of the parts ends by itself. */
    private static final Duration STOP_WITHIN = Duration.ofSeconds(13);

    private Foreground() {}

    /**
     * Returns never but by a failure of the instance, which is then stopped.
     *
     * @param afterwards done after the instance is down, however it went down
     */
    public static UserException hold(Instance instance, Runnable afterwards) {
        Thread stop = new Thread(
                () -> {
                    closeInTime(instance, afterwards);
                    Runtime.getRuntime().halt(ExitCode.OK);
                },
                "stop");
        Runtime.getRuntime().addShutdownHook(stop);
        String failure = instance.failure().join();
        try {
            Runtime.getRuntime().removeShutdownHook(stop);
        } catch (IllegalStateException e) {
            // Somebody is stopping it already, and its parts end one after the other: let that go on.
            awaitEndOf(stop);
        }
        closeInTime(instance, afterwards);
        return new UserException(
                ExitCode.UNAVAILABLE,
                failure,
                "everything else was stopped; start it again: nothing that was accepted is lost");
    }

    private static void closeInTime(Instance instance, Runnable afterwards) {
        Thread closing = new Thread(
                () -> {
                    instance.close();
                    afterwards.run();
                },
                "closing");
        closing.setDaemon(true);
        closing.start();
        try {
            closing.join(STOP_WITHIN.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void awaitEndOf(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
