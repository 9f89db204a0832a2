package io.tollgate.emitter.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** Properties; jqwik prints the seed of each run. */
class FramesProperties {

    /** Frames one after the other, and where each ends. */
    @SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
    private record Log(byte[] bytes, List<Integer> ends) {

        static Log of(List<byte[]> bodies, long first) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            List<Integer> ends = new ArrayList<>();
            for (int i = 0; i < bodies.size(); i++) {
                bytes.writeBytes(Frames.frame(first + i, bodies.get(i)).array());
                ends.add(bytes.size());
            }
            return new Log(bytes.toByteArray(), ends);
        }
    }

    private static Frames.Read all(byte[] bytes, long first) {
        return Frames.read(bytes, 0, true, first, Integer.MAX_VALUE, Long.MAX_VALUE);
    }

    private static void same(List<SpoolRecord> records, List<byte[]> bodies, long first) {
        assertThat(records).hasSize(bodies.size());
        for (int i = 0; i < bodies.size(); i++) {
            assertThat(records.get(i).sequence()).isEqualTo(first + i);
            assertThat(records.get(i).body()).isEqualTo(bodies.get(i));
        }
    }

    @Property
    void whatIsWrittenIsRead(
            @ForAll @Size(max = 20) List<byte[]> bodies, @ForAll @LongRange(min = 0, max = 1L << 40) long first) {
        Log log = Log.of(bodies, first);
        Frames.Read read = all(log.bytes(), first);
        same(read.records(), bodies, first);
        assertThat(read.missing()).isZero();
        assertThat(read.damagedPlaces()).isZero();
        assertThat(read.end()).isEqualTo(log.bytes().length);
    }

    @Property
    void ofALogThatIsCutAnywhereTheWholeRecordsAreRead(
            @ForAll @Size(min = 1, max = 20) List<byte[]> bodies,
            @ForAll @LongRange(min = 0, max = 1L << 40) long first,
            @ForAll int cut) {
        Log log = Log.of(bodies, first);
        int length = Math.floorMod(cut, log.bytes().length + 1);
        int whole = (int) log.ends().stream().filter(end -> end <= length).count();
        Frames.Read read = all(Arrays.copyOf(log.bytes(), length), first);
        same(read.records(), bodies.subList(0, whole), first);
        assertThat(read.end()).isEqualTo(whole == 0 ? 0 : log.ends().get(whole - 1));
        assertThat(read.damagedPlaces()).isZero();
    }

    @Property
    void anyDamagedByteCostsItsOwnRecordOnlyAndIsNoticed(
            @ForAll @Size(min = 1, max = 20) List<byte[]> bodies,
            @ForAll @LongRange(min = 0, max = 1L << 40) long first,
            @ForAll int where,
            @ForAll byte flip) {
        Log log = Log.of(bodies, first);
        byte[] damaged = log.bytes().clone();
        int place = Math.floorMod(where, damaged.length);
        damaged[place] ^= flip == 0 ? 1 : flip;
        int hit = (int) log.ends().stream().filter(end -> end <= place).count();

        Frames.Read read = all(damaged, first);
        List<SpoolRecord> records = read.records();
        assertThat(records).hasSize(bodies.size() - 1);
        same(records.subList(0, hit), bodies.subList(0, hit), first);
        same(records.subList(hit, records.size()), bodies.subList(hit + 1, bodies.size()), first + hit + 1);
        if (hit < bodies.size() - 1) {
            assertThat(read.missing()).isEqualTo(1);
            assertThat(read.damagedPlaces()).isEqualTo(1);
            assertThat(read.end()).isEqualTo(damaged.length);
        } else {
            // Like half a record at the end.
            assertThat(read.end()).isLessThan(damaged.length);
            assertThat(read.nothingFollows()).isTrue();
        }
    }

    /** Found by the property above, after some thousands of runs. */
    @Example
    void aDamagedLengthThatPointsAtALaterFrameCostsOneRecord() {
        List<byte[]> bodies =
                List.of(new byte[0], new byte[0], new byte[6], new byte[8], new byte[22], new byte[32], new byte[0]);
        // The second record's length becomes that of the four frames behind it.
        anyDamagedByteCostsItsOwnRecordOnlyAndIsNoticed(
                bodies, 7, Log.of(bodies, 7).ends().get(0) + 7, (byte) 148);
    }

    @Property
    void noBytesAreTakenForARecord(@ForAll byte[] soup) {
        Frames.Read read = all(soup, 0);
        assertThat(read.records()).isEmpty();
        assertThat(read.end()).isZero();
    }

    @Property
    void readingInWindowsReadsTheSame(
            @ForAll @Size(max = 20) List<byte[]> bodies, @ForAll @LongRange(min = 1, max = 200) long windowBytes) {
        byte[] bytes = Log.of(bodies, 0).bytes();
        List<SpoolRecord> records = new ArrayList<>();
        int at = 0;
        while (at < bytes.length) {
            Frames.Read read = Frames.read(bytes, at, true, records.size(), 3, windowBytes);
            assertThat(read.records()).hasSizeBetween(1, 3);
            records.addAll(read.records());
            at = read.end();
        }
        same(records, bodies, 0);
    }

    /** Also where a body holds what would be a frame by itself. */
    @Property
    void ofAPartOnlyRecordsAreReadThatTheWholeHas(
            @ForAll @Size(min = 1, max = 20) List<byte[]> bodies, @ForAll int cut) {
        List<byte[]> nested = new ArrayList<>(bodies);
        bodies.forEach(body -> nested.add(Frames.frame(nested.size() + 1, body).array()));
        Log log = Log.of(nested, 0);
        int length = Math.floorMod(cut, log.bytes().length + 1);
        int whole = (int) log.ends().stream().filter(end -> end <= length).count();
        Frames.Read read =
                Frames.read(Arrays.copyOf(log.bytes(), length), 0, false, 0, Integer.MAX_VALUE, Long.MAX_VALUE);
        same(read.records(), nested.subList(0, whole), 0);
        assertThat(read.nothingFollows()).isFalse();
        byte[] damaged = log.bytes().clone();
        damaged[0] ^= 1;
        assertThat(Frames.read(damaged, 0, false, 0, Integer.MAX_VALUE, Long.MAX_VALUE)
                        .records())
                .as("what is behind damage is told with all that follows only")
                .isEmpty();
    }
}
