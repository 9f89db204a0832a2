package io.tollgate.ingest.edge;

import com.codahale.metrics.health.HealthCheck;
import io.tollgate.ingest.archive.Archive;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Tells of the archive, and is always healthy: without it events are taken all the same. */
final class ArchiveHealth extends HealthCheck {

    private static final int PATIENCE_SECONDS = 1;

    private final Archive archive;
    private CompletableFuture<String> state;

    ArchiveHealth(Archive archive) {
        this.archive = archive;
        this.state = CompletableFuture.completedFuture("");
    }

    /** Whoever asks for health is not patient, and a ClickHouse that is silent is asked no second time meanwhile. */
    @Override
    protected synchronized Result check() throws InterruptedException, ExecutionException {
        if (state.isDone()) {
            state = CompletableFuture.supplyAsync(archive::state);
        }
        try {
            return Result.healthy("%s", state.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
        } catch (TimeoutException e) {
            return Result.healthy("ClickHouse does not answer within " + PATIENCE_SECONDS + " s.");
        }
    }
}
