package io.tollgate.aggregator.rollup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tollgate.aggregator.Events;
import io.tollgate.aggregator.wire.EventBytes;
import io.tollgate.events.EventIdentity;
import io.tollgate.events.UsageEvent;
import io.tollgate.schemas.Codec;
import io.tollgate.schemas.Digest;
import io.tollgate.schemas.MalformedMessageException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class EventFactsTest {

    /** The order is a source's own, and costs nothing; a tag that is there twice must be written anew. */
    @Test
    void dimensionsAreCanonicalInAnyOrderOfTheirTagsButNotWithATagTwice() {
        String[][] orders = {{"a", "b", "c"}, {"c", "b", "a"}, {"b", "c", "a"}};
        for (String[] order : orders) {
            Map<String, String> tags = new LinkedHashMap<>();
            for (String name : order) {
                tags.put(name, "1");
            }
            assertThat(isCanonical(tagged(tags))).as(String.join(" ", order)).isTrue();
        }
        byte[] twice = tagged(new TreeMap<>(Map.of("a", "1", "b", "2")));
        int second = new String(twice, StandardCharsets.ISO_8859_1).indexOf("\2b\0022");
        twice[second + 1] = 'a';
        assertThat(isCanonical(twice)).isFalse();
    }

    /** What makes up for the tag that is gone: a reader would write three bytes for the one that is no UTF-8. */
    @Test
    void aTagTwiceCannotHideBehindWhatIsNoUtf8() {
        byte[] twice = tagged(new TreeMap<>(Map.of("a", "XX", "b", "")));
        int first = new String(twice, StandardCharsets.ISO_8859_1).indexOf("XX");
        twice[first] = (byte) 0xF8;
        twice[first + 1] = (byte) 0xF8;
        twice[first + 3] = 'a';
        assertThatThrownBy(() -> new EventBytes().read(twice)).isInstanceOf(MalformedMessageException.class);
    }

    private static boolean isCanonical(byte[] message) {
        EventBytes bytes = new EventBytes();
        EventFacts facts = new EventFacts();
        bytes.read(message);
        facts.read(bytes);
        boolean first = facts.hasCanonicalDimensions(bytes);
        assertThat(facts.hasCanonicalDimensions(bytes)).isEqualTo(first);
        return first;
    }

    private static byte[] tagged(Map<String, String> tags) {
        UsageEvent event = Events.event("a", 1, 1);
        event.getDimensions().setTags(tags);
        return Codec.USAGE_EVENT.encode(event);
    }

    @Test
    void theFactsAreThoseOfTheEventWhicheverCameBefore() {
        UsageEvent plain = Events.event("a", 200_001, 3);
        UsageEvent reversal =
                Events.event("b", Instant.parse("1969-12-31T23:59:59.999999Z"), Map.of("output_tokens", -3L));
        reversal.setReverses(new EventIdentity("test", "a"));
        EventBytes bytes = new EventBytes();
        EventFacts facts = new EventFacts();
        for (UsageEvent event : List.of(plain, reversal, plain)) {
            bytes.read(Codec.USAGE_EVENT.encode(event));
            facts.read(bytes);
            assertThat(new Digest(facts.digestHigh(), facts.digestLow())).isEqualTo(Digest.of(event));
            assertThat(facts.windowStartSeconds())
                    .isEqualTo(Math.floorDiv(event.getTime().getEpochSecond(), 900L) * 900);
        }
        assertThat(facts.contextBand()).isEqualTo(200_000);
    }
}
