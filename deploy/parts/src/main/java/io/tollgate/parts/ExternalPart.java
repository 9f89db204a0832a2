package io.tollgate.parts;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** An engine that somebody else starts, watches and stops. */
record ExternalPart(String name, String endpoint, CompletableFuture<Void> onExit) implements Part {

    @Override
    public List<ProcessHandle> processes() {
        return List.of();
    }

    @Override
    public void close() {
        // Not ours to stop.
    }
}
