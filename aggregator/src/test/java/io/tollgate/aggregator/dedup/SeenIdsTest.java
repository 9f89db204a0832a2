package io.tollgate.aggregator.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeenIdsTest {

    private static final Duration HORIZON = Duration.ofDays(35);
    private static final long DAY = Duration.ofDays(1).toMillis();

    private record Id(long high, long low) {}

    @TempDir
    Path directory;

    @Test
    void itIsExactInMemoryAndOnDisk() {
        long seed = System.nanoTime();
        System.out.println("SeenIdsTest seed " + seed);
        Random random = new Random(seed);
        SeenIds seen = new SeenIds(directory, 5_000, HORIZON);
        Map<Id, Long> oracle = new HashMap<>();
        for (int i = 0; i < 100_000; i++) {
            // Few high halves, so that many identities share a place and a block of the filter.
            Id id = new Id(random.nextInt(50), random.nextLong());
            long digest = random.nextLong() | 1;
            assertThat(seen.find(id.high, id.low)).isEqualTo(oracle.getOrDefault(id, SeenIds.NONE));
            seen.add(id.high, id.low, digest, i);
            oracle.put(id, digest);
        }
        oracle.forEach((id, digest) -> assertThat(seen.find(id.high, id.low)).isEqualTo(digest));
        for (int i = 0; i < 100_000; i++) {
            Id id = new Id(random.nextInt(50), random.nextLong());
            assertThat(seen.find(id.high, id.low)).isEqualTo(oracle.getOrDefault(id, SeenIds.NONE));
        }
        assertThat(seen.size()).isEqualTo(oracle.size());
    }

    @Test
    void anIdentityIsKnownForTheHorizonAtLeastAndASpanMoreAtMost() throws IOException {
        SeenIds seen = new SeenIds(directory, 1_000_000, HORIZON);
        for (int day = 0; day < 60; day++) {
            seen.forget(day * DAY);
            seen.add(1, day, 7, day * DAY);
            for (int earlier = 0; earlier <= day; earlier++) {
                int age = day - earlier;
                boolean known = seen.find(1, earlier) != SeenIds.NONE;
                if (age <= HORIZON.toDays()) {
                    assertThat(known).as("day %d on day %d", earlier, day).isTrue();
                } else if (age > HORIZON.plus(SeenIds.SPAN).toDays() + 1) {
                    assertThat(known).as("day %d on day %d", earlier, day).isFalse();
                }
            }
        }
        assertThat(files()).isLessThan(12);
        seen.clear();
        assertThat(files()).isZero();
    }

    @Test
    void theLogRestoresWhatWasAdded() {
        SeenIds seen = new SeenIds(directory, 10_000, HORIZON);
        SeenLog log = new SeenLog();
        Random random = new Random(1);
        int count = SeenLog.IDS_PER_CHUNK * 2 + 1;
        for (int i = 0; i < count; i++) {
            log.add(random.nextLong(), i, random.nextLong() | 1, i);
        }
        log.drain(chunk -> {
            assertThat(chunk.length).isLessThan(512 * 1024);
            SeenLog.restore(chunk, seen);
        });
        log.drain(chunk -> {
            throw new AssertionError("it was drained already");
        });
        Random again = new Random(1);
        for (int i = 0; i < count; i++) {
            assertThat(seen.find(again.nextLong(), i)).isEqualTo(again.nextLong() | 1);
        }
    }

    @Test
    void theFilterKeepsAlmostAllQuestionsFromTheDisk() {
        int ids = 200_000;
        BloomFilter filter = new BloomFilter(ids);
        Random random = new Random(2);
        for (int i = 0; i < ids; i++) {
            filter.add(random.nextLong(), random.nextLong());
        }
        int perhaps = 0;
        for (int i = 0; i < ids; i++) {
            if (filter.mayContain(random.nextLong(), random.nextLong())) {
                perhaps++;
            }
        }
        System.out.printf("Bloom filter: %.3f %% of questions go to disk%n", 100.0 * perhaps / ids);
        assertThat(perhaps).isLessThan(ids / 100);
    }

    private long files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.count();
        }
    }
}
