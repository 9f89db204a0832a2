package io.tollgate.aggregator.wire;

import static org.assertj.core.api.Assertions.assertThat;
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
import java.util.HashMap;
import java.util.Map;
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
