package io.tollgate.cli.instance;

import io.tollgate.cli.ExitCode;
import io.tollgate.cli.Stop;
import io.tollgate.cli.UserException;

/**
 * Keeps an instance in the foreground until somebody stops it or it fails. A stop by Ctrl-C or SIGTERM is what was
 * wanted: the process ends with status 0 once everything is down.
 */
public final class Foreground {

    private final Instance instance;
    private final Runnable takeDown;
    private final Stop stop;

    private Foreground(Instance instance, Runnable takeDown, Stop stop) {
        this.instance = instance;
        this.takeDown = takeDown;
        this.stop = stop;
    }

    /**
     * From now on a stop takes the instance down.
     *
     * @param afterwards done after the instance is down, however it went down
     */
    public static Foreground of(Instance instance, Runnable afterwards) {
        Runnable takeDown = () -> {
            instance.close();
            afterwards.run();
        };
        Stop stop = Stop.with(takeDown, () -> Runtime.getRuntime().halt(ExitCode.OK));
        return new Foreground(instance, takeDown, stop);
    }

    /** Returns never but by a failure of the instance, which is then stopped. */
    public UserException hold() {
        String failure = instance.failure().join();
        end();
        return new UserException(
                ExitCode.UNAVAILABLE,
                failure,
                "everything else was stopped; start it again: nothing that was accepted is lost");
    }

    /** Stops the instance. */
    public void end() {
        // When somebody is stopping it already, this does not return.
        stop.cancel();
        Stop.inTime(takeDown);
    }
}
