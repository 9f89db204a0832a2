package io.tollgate.ingest.edge;

import io.tollgate.service.ListenOn;
import java.io.IOException;
import java.nio.file.Path;

/** An edge in a process of its own. It prints its address, and ends with its standard input. */
final class EdgeChild {

    private EdgeChild() {}

    /** @param arguments Kafka, directory for large bodies */
    public static void main(String[] arguments) throws IOException {
        try (IngestService service = IngestService.start(
                IngestConfig.of(arguments[0], ListenOn.anyPort(), EdgeClient.TOKENS)
                        .withLargeBodies(Path.of(arguments[1])),
                () -> EdgeClient.ARRIVAL)) {
            System.out.println("edge at " + service.applicationUri());
            while (System.in.read() >= 0) {
                // Until the parent closes it, or is gone.
            }
        }
    }
}
