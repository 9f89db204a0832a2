package io.tollgate.ingest.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tollgate.ingest.cloudevents.EventBatch;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeldBodyTest {

    private static final int MEBIBYTE = 1 << 20;

    @TempDir
    Path directory;

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private HeldBody held(byte[] body, InFlight.Place place, MessageDigest digest) throws Exception {
        return HeldBody.read(new ByteArrayInputStream(body), place, directory, Optional.of(digest));
    }

    private static InFlight.Place place(int memory, int disk) {
        return new InFlight(new InFlight.Limits(1, memory, disk)).enter().orElseThrow();
    }

    @Test
    void whereverItIsHeldItIsTheSame() throws Exception {
        for (int length : List.of(0, 1, 40_000, HeldBody.IN_MEMORY_MAX, HeldBody.IN_MEMORY_MAX + 1, 3 * MEBIBYTE)) {
            for (int memory : List.of(1, 100_000, 8 * MEBIBYTE)) {
                byte[] body = bytes(length);
                MessageDigest digest = MessageDigest.getInstance("SHA-256");
                try (InFlight.Place place = place(memory, 4 * MEBIBYTE);
                        HeldBody held = held(body, place, digest)) {
                    assertThat(held.length()).isEqualTo(length);
                    for (int i = 0; i < 2; i++) {
                        try (InputStream again = held.open()) {
                            assertThat(again.readAllBytes()).isEqualTo(body);
                        }
                    }
                    ByteBuffer slice = held.slice(length / 3, length - length / 5);
                    byte[] part = new byte[slice.remaining()];
                    slice.get(part);
                    assertThat(part).isEqualTo(Arrays.copyOfRange(body, length / 3, length - length / 5));
                    assertThat(digest.digest())
                            .isEqualTo(MessageDigest.getInstance("SHA-256").digest(body));
                    assertThat(directory).as("its file has no name").isEmptyDirectory();
                }
            }
        }
    }

    @Test
    void aLargeBodyTakesDiskAndNoMemoryAndGivesItBack() throws Exception {
        InFlight inFlight = new InFlight(new InFlight.Limits(2, MEBIBYTE, 2 * MEBIBYTE));
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (InFlight.Place place = inFlight.enter().orElseThrow();
                HeldBody held = held(bytes(2 * MEBIBYTE), place, digest);
                InFlight.Place other = inFlight.enter().orElseThrow()) {
            assertThat(held.length()).isEqualTo(2 * MEBIBYTE);
            assertThat(other.takeMemory(MEBIBYTE)).isTrue();
            assertThat(other.takeDisk(1)).isFalse();
        }
        try (InFlight.Place place = inFlight.enter().orElseThrow()) {
            assertThatExceptionOfType(HeldBody.NoRoomException.class)
                    .isThrownBy(
                            () -> held(bytes(2 * MEBIBYTE + 1), place, digest).close());
            assertThat(directory).isEmptyDirectory();
        }
        try (InFlight.Place place = inFlight.enter().orElseThrow()) {
            assertThat(place.takeMemory(MEBIBYTE)).isTrue();
            assertThat(place.takeDisk(2 * MEBIBYTE)).isTrue();
        }
    }

    @Test
    void eventsAreFoundAtTheSamePlacesInAFile() throws Exception {
        String events = IntStream.range(0, 5_000)
                .mapToObj(number -> "{\"n\" : " + number + ", \"ä😀\": [\"" + "x".repeat(number % 300) + "\"]}")
                .collect(Collectors.joining(" , ", "\ufeff [", ",17, 1.5e3,true]\n"));
        byte[] body = events.getBytes(StandardCharsets.UTF_8);
        List<byte[]> wanted = ((EventBatch.Events) EventBatch.split(body, EventBatch.Form.ARRAY, 10_000)).originals();
        try (InFlight.Place place = place(1, 4 * MEBIBYTE);
                HeldBody held = held(body, place, MessageDigest.getInstance("SHA-256"))) {
            EventBatch.Places places = (EventBatch.Places) EventBatch.find(held.open(), EventBatch.Form.ARRAY, 10_000);
            assertThat(places.count()).isEqualTo(5_003).isEqualTo(wanted.size());
            for (int event = 0; event < places.count(); event++) {
                assertThat(held.slice(places.start(event), places.end(event)).array())
                        .isEqualTo(wanted.get(event));
            }
        }
    }
}
