package io.tollgate.parts;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One engine that runs and answers. Embedded parts listen on 127.0.0.1 only and ask for no password: whoever may open a
 * socket on this machine may read them.
 */
public sealed interface Part extends AutoCloseable permits EmbeddedPart, ContainerPart, ExternalPart {

    /** Which engine it is: {@code kafka}, {@code clickhouse} or {@code postgres}. */
    String name();

    /**
     * Where it answers: Kafka {@code 127.0.0.1:9092}, ClickHouse {@code http://127.0.0.1:8123}, PostgreSQL
     * {@code postgresql://postgres@127.0.0.1:5432/tollgate}.
     */
    String endpoint();

    /** The processes whose end is the end of this part; empty when they are not ours to end. */
    List<ProcessHandle> processes();

    /**
     * Completes, never exceptionally, when the part has ended, wanted or not; then it may be started again on the same
     * directory. Does not complete for a part that somebody else runs.
     */
    CompletableFuture<?> onExit();

    /** Stops it cleanly, and by force when it does not stop within some 15 seconds. Does nothing the second time. */
    @Override
    void close();

    /** An engine that somebody else runs, at an endpoint of the form that {@link #endpoint()} has for that name. */
    static Part external(String name, String endpoint) {
        return new ExternalPart(name, endpoint, new CompletableFuture<>());
    }
}
