package io.tollgate.aggregator.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tollgate.aggregator.Events;
import io.tollgate.events.EventIdentity;
import io.tollgate.events.UsageEvent;
import io.tollgate.schemas.Codec;
import io.tollgate.schemas.MalformedMessageException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class EventBytesTest {

    private final EventBytes bytes = new EventBytes();

    @Property
    void itSaysWhatAvroSays(@ForAll("events") UsageEvent event) {
        bytes.read(Codec.USAGE_EVENT.encode(event));

        assertThat(text(bytes.source())).isEqualTo(event.getSource());
        assertThat(text(bytes.id())).isEqualTo(event.getId());
        assertThat(Instant.EPOCH.plus(bytes.timeMicros(), ChronoUnit.MICROS)).isEqualTo(event.getTime());
        assertThat(bytes.contextTokens()).isEqualTo(event.getContextTokens());
        Map<String, Long> quantities = new HashMap<>();
        for (int i = 0; i < bytes.quantities(); i++) {
            quantities.put(text(bytes.meter(i)), bytes.amount(i));
        }
        assertThat(quantities).isEqualTo(event.getQuantities());
        EventIdentity reverses = event.getReverses();
        assertThat(bytes.isReversal()).isEqualTo(reverses != null);
        if (reverses != null) {
            assertThat(text(bytes.reversedSource())).isEqualTo(reverses.getSource());
            assertThat(text(bytes.reversedId())).isEqualTo(reverses.getId());
        }
    }

    /** What Avro refuses is refused, what it takes is taken, and nothing else is thrown. */
    @Property
    void itTakesWhatAvroTakes(@ForAll("events") UsageEvent event, @ForAll int place, @ForAll byte change) {
        byte[] message = Codec.USAGE_EVENT.encode(event);
        message[Math.floorMod(place, message.length)] ^= change;
        boolean taken = true;
        try {
            bytes.read(message);
        } catch (MalformedMessageException e) {
            taken = false;
        }
        boolean takenByAvro = true;
        try {
            Codec.USAGE_EVENT.decode(message);
        } catch (MalformedMessageException e) {
            takenByAvro = false;
        }
        assertThat(taken).isEqualTo(takenByAvro);
    }

    /** What the job takes must not end it later, when Avro reads the dimensions of a series that is new. */
    @Test
    void whateverIsTakenIsTakenByAvroHoweverItWasChanged() {
        long seed = System.nanoTime();
        System.out.println("EventBytesTest seed " + seed);
        Random random = new Random(seed);
        UsageEvent reversal = Events.event("größer", Events.NOON, Map.of("input_tokens", -3L, "größe", -70L));
        reversal.getDimensions().setTags(Map.of("team", "a", "env", "größer"));
        reversal.setReverses(new EventIdentity("test", "other"));
        byte[] plain = Codec.USAGE_EVENT.encode(Events.event("a", 200, 3));
        byte[] reversing = Codec.USAGE_EVENT.encode(reversal);
        int taken = 0;
        for (int i = 0; i < 200_000; i++) {
            byte[] message = (i % 2 == 0 ? plain : reversing).clone();
            for (int changes = random.nextInt(3); changes >= 0; changes--) {
                message = changed(message, random);
            }
            if (isTaken(message)) {
                taken++;
                byte[] same = message;
                assertThatCode(() -> Codec.USAGE_EVENT.decode(same)).doesNotThrowAnyException();
                assertThatCode(() -> Codec.USAGE_EVENT.decode(bytes.bytes())).doesNotThrowAnyException();
            }
        }
        assertThat(taken).as("changes that leave an event").isPositive();
    }

    /** Avro reads a branch as an int, and no int has six bytes. */
    @Test
    void aBranchOfSixBytesIsMalformed() {
        byte[] message = Codec.USAGE_EVENT.encode(Events.event("a", Events.NOON, Map.of("input_tokens", 3L)));
        byte[] five = padded(message, message.length - 1, 5);
        byte[] six = padded(message, message.length - 1, 6);

        bytes.read(five);
        assertThat(bytes.isReversal()).isFalse();
        assertThat(bytes.bytes()).isEqualTo(message);
        assertThatThrownBy(() -> bytes.read(six)).isInstanceOf(MalformedMessageException.class);
    }

    private boolean isTaken(byte[] message) {
        try {
            bytes.read(message);
            return true;
        } catch (MalformedMessageException e) {
            return false;
        }
    }

    /** With a byte changed, a number written longer than it has to be, or some bytes taken out, put in or doubled. */
    private static byte[] changed(byte[] message, Random random) {
        int place = 10 + random.nextInt(message.length - 10);
        int count = Math.min(1 + random.nextInt(4), message.length - place);
        return switch (random.nextInt(5)) {
            case 0 -> padded(message, place, 2 + random.nextInt(10));
            case 1 -> replaced(message, place, count, new byte[0]);
            case 2 -> replaced(message, place, 0, Arrays.copyOfRange(message, place, place + count));
            case 3 -> replaced(message, place, 0, new byte[] {(byte) random.nextInt(256)});
            default -> replaced(message, place, 1, new byte[] {(byte) random.nextInt(256)});
        };
    }

    /** The byte of a number, or its last one, written as so many that mean the same. */
    private static byte[] padded(byte[] message, int place, int length) {
        byte[] number = new byte[length];
        Arrays.fill(number, (byte) 0x80);
        number[0] |= message[place];
        number[length - 1] = 0;
        return replaced(message, place, 1, number);
    }

    private static byte[] replaced(byte[] message, int place, int count, byte[] by) {
        return ByteBuffer.allocate(message.length - count + by.length)
                .put(message, 0, place)
                .put(by)
                .put(message, place + count, message.length - place - count)
                .array();
    }

    @Test
    void soupIsMalformed() {
        for (byte[] soup : new byte[][] {{}, {1, 2, 3}, new byte[100]}) {
            assertThatThrownBy(() -> bytes.read(soup)).isInstanceOf(MalformedMessageException.class);
        }
    }

    /** The only negative count whose negative is negative. */
    @Test
    void aMapOfTheSmallestCountIsMalformed() {
        byte[] message = Codec.USAGE_EVENT.encode(Events.event("a", Events.NOON, Map.of()));
        byte[] smallest = {-1, -1, -1, -1, -1, -1, -1, -1, -1, 1};
        // The last two bytes are an empty map and no reversal.
        byte[] soup = ByteBuffer.allocate(message.length + smallest.length - 1)
                .put(message, 0, message.length - 2)
                .put(smallest)
                .put((byte) 0)
                .array();
        assertThatThrownBy(() -> bytes.read(soup)).isInstanceOf(MalformedMessageException.class);
    }

    private String text(Slice slice) {
        return new String(bytes.bytes(), slice.start(), slice.length(), StandardCharsets.UTF_8);
    }

    @Provide
    Arbitrary<UsageEvent> events() {
        Arbitrary<String> texts = Arbitraries.of("", "a", "größer", "x".repeat(200));
        Arbitrary<Map<String, Long>> quantities =
                Arbitraries.maps(Arbitraries.of("input_tokens", "output_tokens", "größe"), Arbitraries.longs());
        Arbitrary<Map<String, String>> tags = Arbitraries.maps(texts, texts);
        Arbitrary<Long> numbers = Arbitraries.longs().between(-1_000_000_000_000_000L, 4_000_000_000_000_000L);
        return Combinators.combine(texts, texts, numbers, quantities, tags, Arbitraries.of(true, false))
                .as((source, id, micros, amounts, labels, reverses) -> {
                    UsageEvent event = Events.event(id, Instant.EPOCH.plus(micros, ChronoUnit.MICROS), amounts);
                    event.setSource(source);
                    event.getDimensions().setTags(labels);
                    event.setReverses(reverses ? new EventIdentity(id, source) : null);
                    return event;
                });
    }
}
