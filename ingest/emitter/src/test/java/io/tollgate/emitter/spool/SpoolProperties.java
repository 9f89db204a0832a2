package io.tollgate.emitter.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Properties on real files; jqwik prints the seed of each run. */
class SpoolProperties {

    private static final long MAX_BYTES = 1 << 20;
    private static final long SEGMENT_BYTES = 300;

    /** A spool, and what is known of it from outside. */
    private static final class Story {
        final Random random;
        final List<byte[]> appended = new ArrayList<>();
        int durable;
        int released;
        Spool spool;

        Story(long seed, Path directory) throws IOException {
            random = new Random(seed);
            spool = Spool.open(directory, MAX_BYTES, SEGMENT_BYTES);
        }

        void steps(int count) throws IOException {
            for (int i = 0; i < count; i++) {
                switch (random.nextInt(8)) {
                    case 0, 1, 2, 3 -> append();
                    case 4, 5 -> sync();
                    case 6 -> take();
                    default -> takeAll();
                }
            }
        }

        void append() throws IOException {
            byte[] body = new byte[4 + random.nextInt(100)];
            random.nextBytes(body);
            ByteBuffer.wrap(body).putInt(appended.size());
            assertThat(spool.append(body)).hasValue(appended.size());
            appended.add(body);
        }

        void sync() throws IOException {
            spool.sync();
            durable = appended.size();
        }

        void take() throws IOException {
            List<SpoolRecord> window = spool.peek(1 + random.nextInt(5), 150);
            if (window.isEmpty()) {
                assertThat(released).isGreaterThanOrEqualTo(durable);
                return;
            }
            same(window, released);
            spool.release();
            released += window.size();
            // A full segment is made durable before the next one begins, sync or not.
            durable = Math.max(durable, released);
        }

        void takeAll() throws IOException {
            while (released < durable) {
                take();
            }
            assertThat(spool.clearIfEmpty()).isEqualTo(released == appended.size());
        }

        void same(List<SpoolRecord> records, int first) {
            for (int i = 0; i < records.size(); i++) {
                assertThat(records.get(i).sequence()).isEqualTo(first + i);
                assertThat(records.get(i).body()).isEqualTo(appended.get(first + i));
            }
        }
    }

    private static List<SpoolRecord> drain(Spool spool) throws IOException {
        List<SpoolRecord> records = new ArrayList<>();
        for (List<SpoolRecord> window = spool.peek(7, 1000); !window.isEmpty(); window = spool.peek(7, 1000)) {
            records.addAll(window);
            spool.release();
        }
        assertThat(spool.clearIfEmpty()).isTrue();
        return records;
    }

    private static int first(List<SpoolRecord> records, int otherwise) {
        return records.isEmpty() ? otherwise : (int) records.get(0).sequence();
    }

    @Property(tries = 60)
    void whatWasDurableComesBackInOrderWhereverACrashCutsTheRest(@ForAll long seed) {
        Directories.with(directory -> {
            Story story = new Story(seed, directory.resolve("spool"));
            story.steps(60);
            Path copy = Directories.crashed(directory.resolve("spool"), directory.resolve("copy"));
            List<Path> files = Directories.segments(copy);
            // All but the last file are durable. Of the last one anything behind the last sync may be gone.
            if (!files.isEmpty()) {
                Path last = files.get(files.size() - 1);
                long kept = durableBytes(story, last);
                long size = Files.size(last);
                Directories.truncate(last, kept + story.random.nextLong(size - kept + 1));
            }
            story.spool.close();
            try (Spool reopened = Spool.open(copy, MAX_BYTES, SEGMENT_BYTES)) {
                assertThat(reopened.state().lost()).isZero();
                assertThat(reopened.state().damagedPlaces()).isZero();
                List<SpoolRecord> records = drain(reopened);
                int first = first(records, story.released);
                assertThat(first).isLessThanOrEqualTo(story.released);
                story.same(records, first);
                assertThat(first + records.size()).isGreaterThanOrEqualTo(story.durable);
                assertThat(reopened.state())
                        .isEqualTo(new SpoolState(0, 0, 0, 0, reopened.state().cutBytes()));
            }
        });
    }

    private static long base(Path file) {
        return Segment.baseOf(file).orElseThrow();
    }

    private static long durableBytes(Story story, Path last) {
        long bytes = Frames.HEADER_BYTES;
        for (int i = (int) base(last); i < story.durable; i++) {
            bytes += Frames.OVERHEAD_BYTES + story.appended.get(i).length;
        }
        return bytes;
    }

    @Property(tries = 60)
    void ofAFileCutAnywhereTheWholeRecordsComeBackAndTheOthersAreCounted(@ForAll long seed) {
        Directories.with(directory -> {
            List<byte[]> bodies = closedSpool(seed, directory);
            Random random = new Random(seed);
            List<Path> files = Directories.segments(directory);
            int hit = random.nextInt(files.size());
            Path file = files.get(hit);
            Directories.truncate(file, random.nextLong(Files.size(file)));
            try (Spool reopened = Spool.open(directory, MAX_BYTES, SEGMENT_BYTES)) {
                List<SpoolRecord> records = drain(reopened);
                each(records, bodies);
                if (hit < files.size() - 1) {
                    assertThat(reopened.state().lost()).isEqualTo(bodies.size() - records.size());
                }
                long from = base(file);
                long to = hit < files.size() - 1 ? base(files.get(hit + 1)) : bodies.size();
                assertThat(records.stream().filter(record -> record.sequence() < from || record.sequence() >= to))
                        .hasSize(bodies.size() - (int) (to - from));
            }
        });
    }

    @Property(tries = 60)
    void aFlippedByteAnywhereCostsOneRecordAtMostAndIsCounted(@ForAll long seed) {
        Directories.with(directory -> {
            List<byte[]> bodies = closedSpool(seed, directory);
            Random random = new Random(seed);
            List<Path> files = Directories.segments(directory);
            Path file = files.get(random.nextInt(files.size()));
            Directories.flip(file, random.nextInt((int) Files.size(file)));
            try (Spool reopened = Spool.open(directory, MAX_BYTES, SEGMENT_BYTES)) {
                SpoolState state = reopened.state();
                List<SpoolRecord> records = drain(reopened);
                each(records, bodies);
                assertThat(records.size()).isGreaterThanOrEqualTo(bodies.size() - 1);
                assertThat(state.damagedPlaces() + (state.cutBytes() > 0 ? 1 : 0))
                        .isEqualTo(1);
                assertThat(state.lost()).isEqualTo(state.cutBytes() > 0 ? 0 : bodies.size() - records.size());
                assertThat(reopened.state().lost()).isEqualTo(state.lost());
            }
        });
    }

    @Property(tries = 20)
    void aSpoolGoesOnAfterARestart(@ForAll long seed) {
        Directories.with(directory -> {
            List<byte[]> bodies = closedSpool(seed, directory);
            List<Path> files = Directories.segments(directory);
            Path last = files.get(files.size() - 1);
            Directories.truncate(last, Files.size(last) - 1);
            List<byte[]> kept = new ArrayList<>(bodies.subList(0, bodies.size() - 1));
            try (Spool reopened = Spool.open(directory, MAX_BYTES, SEGMENT_BYTES)) {
                kept.add(new byte[] {1});
                assertThat(reopened.append(new byte[] {1})).hasValue(bodies.size() - 1);
                reopened.sync();
            }
            try (Spool again = Spool.open(directory, MAX_BYTES, SEGMENT_BYTES)) {
                assertThat(again.state().cutBytes()).isZero();
                List<SpoolRecord> records = drain(again);
                assertThat(records).hasSize(kept.size());
                each(records, kept);
            }
        });
    }

    /** What came back is what was appended under that number, and in order. */
    private static void each(List<SpoolRecord> records, List<byte[]> bodies) {
        long before = -1;
        for (SpoolRecord record : records) {
            assertThat(record.sequence()).isGreaterThan(before);
            assertThat(record.body()).isEqualTo(bodies.get((int) record.sequence()));
            before = record.sequence();
        }
    }

    private static List<byte[]> closedSpool(long seed, Path directory) throws IOException {
        Random random = new Random(seed);
        List<byte[]> bodies = new ArrayList<>();
        try (Spool spool = Spool.open(directory, MAX_BYTES, SEGMENT_BYTES)) {
            int count = 1 + random.nextInt(30);
            for (int i = 0; i < count; i++) {
                byte[] body = new byte[random.nextInt(150)];
                random.nextBytes(body);
                bodies.add(body);
                assertThat(spool.append(body)).isPresent();
            }
            spool.sync();
        }
        return bodies;
    }
}
