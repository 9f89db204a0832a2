package io.tollgate.cli.bench;

import io.tollgate.aggregator.dedup.SeenIds;
import io.tollgate.aggregator.topology.TopologyConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.commons.io.FileUtils;

/**
 * What remembering identities costs: memory, disk and time, without Kafka, in as many sets as there are partitions. The
 * arrivals spread over the horizon, so that nothing is forgotten.
 */
final class DedupBenchmark {

    private static final int PARTITIONS = 4;
    private static final int QUESTIONS = 2_000_000;
    private static final long START_MILLIS = 1_780_000_000_000L;

    private final long identities;
    private final long seed;
    private final PrintWriter out;

    DedupBenchmark(long identities, long seed, PrintWriter out) {
        this.identities = identities;
        this.seed = seed;
        this.out = out;
    }

    List<Figure> run() {
        Path root;
        try {
            root = Files.createTempDirectory("tollgate-bench-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try {
            return measure(root);
        } finally {
            FileUtils.deleteQuietly(root.toFile());
        }
    }

    private List<Figure> measure(Path root) {
        TopologyConfig config = TopologyConfig.USUAL;
        List<SeenIds> sets = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            Path directory = root.resolve(String.valueOf(partition));
            directory.toFile().mkdirs();
            sets.add(new SeenIds(directory, config.idsInMemory(), config.dedupHorizon()));
        }
        long heapBefore = heapUsed();
        tell("remembering %,d identities in %d sets".formatted(identities, PARTITIONS));
        Duration horizon = config.dedupHorizon();
        SplittableRandom random = new SplittableRandom(seed);
        long start = System.nanoTime();
        for (long i = 0; i < identities; i++) {
            long high = random.nextLong();
            long low = random.nextLong();
            long arrival = START_MILLIS + horizon.toMillis() / identities * i;
            SeenIds set = sets.get((int) (i % PARTITIONS));
            if (set.find(high, low) != SeenIds.NONE) {
                throw new IllegalStateException("an identity that is new was found");
            }
            set.add(high, low, i + 1, arrival);
        }
        double adding = nanosSince(start) / identities;
        long heap = heapUsed() - heapBefore;
        long disk = FileUtils.sizeOfDirectory(root.toFile());
        double duplicates = findDuplicates(sets);
        return List.of(
                new Figure("identities", sets.stream().mapToLong(SeenIds::size).sum(), "identities"),
                new Figure("heap", heap / 1e6, "MB"),
                new Figure("disk", disk / 1e6, "MB"),
                new Figure("heap_per_100m_identities", heap / 1e6 / identities * 1e8, "MB"),
                new Figure("disk_per_100m_identities", disk / 1e6 / identities * 1e8, "MB"),
                new Figure("look_and_add_new", adding, "ns"),
                new Figure("find_duplicate", duplicates, "ns"));
    }

    /** Asks for the first of those that were added, over and over: the oldest, which lie in the last file looked at. */
    private double findDuplicates(List<SeenIds> sets) {
        tell("asking for %,d of them again".formatted(Math.min(QUESTIONS, identities)));
        SplittableRandom again = new SplittableRandom(seed);
        long questions = Math.min(QUESTIONS, identities);
        long start = System.nanoTime();
        for (long i = 0; i < questions; i++) {
            long high = again.nextLong();
            long low = again.nextLong();
            if (sets.get((int) (i % PARTITIONS)).find(high, low) != i + 1) {
                throw new IllegalStateException("a duplicate was not found");
            }
        }
        return nanosSince(start) / questions;
    }

    private static long heapUsed() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static double nanosSince(long start) {
        return System.nanoTime() - start;
    }

    private void tell(String what) {
        out.println("... " + what);
        out.flush();
    }
}
