package io.tollgate.parts;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A JVM that runs all parts, and has no idea that it is going to be killed. */
final class Supervisor {

    static final List<Fact> FACTS = List.of(new KafkaFact(), new ClickHouseFact(), new PostgresFact());

    private Supervisor() {}

    /** @param args a directory; prints the process ids of all parts, in one line, once they run */
    public static void main(String[] args) throws InterruptedException {
        List<Part> parts = startAll(Path.of(args[0]));
        String pids = parts.stream()
                .flatMap(part -> part.processes().stream())
                .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
                .map(process -> Long.toString(process.pid()))
                .distinct()
                .collect(Collectors.joining(" "));
        System.out.println("PIDS " + pids);
        new CountDownLatch(1).await();
    }

    static List<Part> startAll(Path directory) {
        return FACTS.parallelStream()
                .map(fact -> {
                    Path own = directory.resolve(fact.getClass().getSimpleName());
                    return fact.start(own, 0, own.resolve("engine.log"));
                })
                .toList();
    }
}
