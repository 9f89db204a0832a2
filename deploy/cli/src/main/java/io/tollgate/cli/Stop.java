package io.tollgate.cli;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What is to be done when Ctrl-C or SIGTERM ends this process. It is given a while; past that the process ends all the
 * same, and what is left of the parts ends by itself.
 */
public final class Stop {

    private static final Duration WITHIN = Duration.ofSeconds(13);
    private static final AtomicBoolean UNDER_WAY = new AtomicBoolean();

    private final Thread hook;

    private Stop(Thread hook) {
        this.hook = hook;
    }

    /**
     * Does it from now on, until {@link #cancel}.
     *
     * @param afterwards done when the time is over or the work is done, whichever comes first
     */
    public static Stop with(Runnable work, Runnable afterwards) {
        Thread hook = new Thread(
                () -> {
                    UNDER_WAY.set(true);
                    inTime(work);
                    afterwards.run();
                },
                "stop");
        Runtime.getRuntime().addShutdownHook(hook);
        return new Stop(hook);
    }

    /** Whether somebody is stopping this process. */
    public static boolean isUnderWay() {
        return UNDER_WAY.get();
    }

    /** Takes it back. When it is being done already, it is waited for: the process is at its end. */
    public void cancel() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            await(hook, Duration.ZERO);
        }
    }

    /** Does the work, and returns when it is done or the time is over. */
    public static void inTime(Runnable work) {
        Thread working = new Thread(work, "closing");
        working.setDaemon(true);
        working.start();
        await(working, WITHIN);
    }

    /** Zero waits for ever. */
    private static void await(Thread thread, Duration within) {
        try {
            thread.join(within.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
