package io.tollgate.cli.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.parts.TestParts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Two instances of the job on one broker share the partitions; however one of them goes, the other takes over. */
class ScaleOutIT {

    private static final int PARTITIONS = 4;
    private static final int EVENTS = 30_000;
    private static final Duration THIRD_OF_THE_LOAD = Duration.ofSeconds(4);
    private static final Duration HANDS_OVER_WITHIN = Duration.ofSeconds(30);

    /** Kept when the test fails: the logs say why. */
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private Load load;
    private Site site;
    private AggregatorChild left;
    private AggregatorChild right;

    @BeforeEach
    void twoInstancesShareTheWork() {
        long seed = System.nanoTime();
        System.out.printf("ScaleOutIT seed %d, logs in %s%n", seed, directory);
        load = Load.of(EVENTS, seed);
        site = Site.at(directory, TestParts.freshClickHouseDatabase(), PARTITIONS);
        left = site.start("left");
        right = site.start("right");
        site.await("both run", () -> left.isRunning() && right.isRunning());
        site.send(third(1), THIRD_OF_THE_LOAD);
        awaitWork();
    }

    @AfterEach
    void close() {
        site.close();
    }

    @Test
    void anInstanceThatIsKilledIsReplacedByTheOtherAndMayComeBack() {
        left.kill();
        site.send(third(2), THIRD_OF_THE_LOAD);
        site.awaitEverything();
        right.requireAlive();
        Totals withoutIt = site.found();

        AggregatorChild back = site.start("left");
        site.send(third(3), THIRD_OF_THE_LOAD);
        site.await("it runs again", back::isRunning);
        site.awaitEverything();

        right.requireAlive();
        assertThat(withoutIt.events()).isLessThan(load.totals().events());
        assertThat(load.totals().differencesTo(site.found())).isEmpty();
    }

    @Test
    void anInstanceThatIsStoppedHandsOver() {
        left.stop(HANDS_OVER_WITHIN);
        site.send(third(2), THIRD_OF_THE_LOAD);
        awaitWork();
        site.send(third(3), THIRD_OF_THE_LOAD);
        site.awaitEverything();

        right.requireAlive();
        assertThat(load.totals().differencesTo(site.found())).isEmpty();
    }

    private void awaitWork() {
        long before = site.counted();
        site.await("new work is in ClickHouse", () -> {
            right.requireAlive();
            return site.counted() != before;
        });
    }

    private List<ProducerRecord<byte[], byte[]>> third(int number) {
        return load.messages().subList(EVENTS * (number - 1) / 3, EVENTS * number / 3);
    }
}
