package io.tollgate.cli.instance;

import io.tollgate.cli.ExitCode;
import io.tollgate.cli.Stop;
import io.tollgate.cli.UserException;
import java.util.concurrent.CompletableFuture;

/**
 * Keeps something in the foreground until somebody stops it or it fails. A stop by Ctrl-C or SIGTERM is what was wanted:
 * the process ends with status 0 once everything is down.
 */
public final class Foreground {

    private final CompletableFuture<String> failure;
    private final Runnable takeDown;
    private final Stop stop;

    private Foreground(CompletableFuture<String> failure, Runnable takeDown, Stop stop) {
        this.failure = failure;
        this.takeDown = takeDown;
        this.stop = stop;
    }

    /**
     * From now on a stop takes the instance down.
     *
     * @param afterwards done after the instance is down, however it went down
     */
    public static Foreground of(Instance instance, Runnable afterwards) {
        return of(
                () -> {
                    instance.close();
                    afterwards.run();
                },
                instance.failure());
    }

    /**
     * From now on a stop takes it down.
     *
     * @param takeDown does so; may be called twice
     * @param failure completes with a sentence when it ends by itself
     */
    static Foreground of(Runnable takeDown, CompletableFuture<String> failure) {
        Stop stop = Stop.with(takeDown, () -> Runtime.getRuntime().halt(ExitCode.OK));
        return new Foreground(failure, takeDown, stop);
    }

    /** Returns never but by a failure of the instance, which is then stopped. */
    public UserException hold() {
        return hold("everything else was stopped; start it again: nothing that was accepted is lost");
    }

    /** @param hint what to do about a failure */
    UserException hold(String hint) {
        String what = failure.join();
        end();
        return new UserException(ExitCode.UNAVAILABLE, what, hint);
    }

    /** Stops the instance. */
    public void end() {
        // When somebody is stopping it already, this does not return.
        stop.cancel();
        Stop.inTime(takeDown);
    }
}
