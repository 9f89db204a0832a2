package io.tollgate.cli.crash;

import java.io.IOException;
import java.nio.file.Path;

/** Starts a victim, tells its process id, and waits to be killed itself. */
final class VictimParent {

    private VictimParent() {}

    /** @param arguments Kafka, ClickHouse, directory */
    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[2]);
        AggregatorChild victim = AggregatorChild.start(
                arguments[0], arguments[1], directory.resolve("state"), "victim", directory.resolve("victim.log"));
        System.out.println(victim.handle().pid());
        System.out.flush();
        while (System.in.read() >= 0) {
            // Until it is killed.
        }
    }
}
