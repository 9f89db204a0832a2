package io.tollgate.cli.instance;

import io.tollgate.aggregator.Progress;
import io.tollgate.cli.ExitCode;
import io.tollgate.cli.UserException;
import java.time.Duration;

/** Waits for usage that is on its way: what was sent a moment ago belongs on the invoice. */
public final class CatchUp {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private CatchUp() {}

    /** @throws UserException when it is not counted within a minute */
    public static void await(ReadyFile ready) {
        try (Progress progress = new Progress(ready.kafka())) {
            if (!progress.awaitEverythingSentSoFar(PATIENCE)) {
                throw new UserException(
                        ExitCode.UNAVAILABLE,
                        "usage that was sent is not counted yet after %d s: %,d records wait"
                                .formatted(PATIENCE.toSeconds(), progress.lag()),
                        "ask again later; the instance's log says if something is in the way");
            }
        }
    }
}
