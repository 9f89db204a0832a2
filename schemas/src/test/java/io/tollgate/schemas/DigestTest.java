package io.tollgate.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.events.UsageEvent;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class DigestTest {

    private static final BigInteger TWO_TO_THE_128 = BigInteger.ONE.shiftLeft(128);

    @Property
    void addingIsAdditionModuloTwoToThe128(
            @ForAll long highA, @ForAll long lowA, @ForAll long highB, @ForAll long lowB) {
        Digest a = new Digest(highA, lowA);
        Digest b = new Digest(highB, lowB);
        BigInteger expected = number(a).add(number(b)).mod(TWO_TO_THE_128);

        assertThat(number(a.plus(b))).isEqualTo(expected);
        assertThat(a.plus(b)).isEqualTo(b.plus(a));
        assertThat(Digest.ofBytes(a.toBytes())).isEqualTo(a);
    }

    /** The digest is stored and compared over years: it may never change. */
    @Test
    void theDigestOfAnEventIsFrozen() {
        assertThat(Digest.of(CodecTest.event())).hasToString("781078d2ae279e27ea518a152cefbe4e");
    }

    @Test
    void theOrderOfMapsDoesNotMatter() {
        UsageEvent one = CodecTest.event();
        one.setQuantities(ordered("a", "b"));
        UsageEvent other = CodecTest.event();
        other.setQuantities(ordered("b", "a"));

        assertThat(Digest.of(one)).isEqualTo(Digest.of(other));
    }

    @Test
    void eachFieldCounts() {
        UsageEvent original = CodecTest.event();
        UsageEvent moved = CodecTest.event();
        moved.setSource("gateway-");
        moved.setId("142");

        assertThat(Digest.of(moved)).isNotEqualTo(Digest.of(original));
        for (String field : new String[] {
            "tenant",
            "project",
            "provider",
            "model",
            "requestedModel",
            "acceleratorType",
            "region",
            "operation",
            "serviceTier",
            "outcome"
        }) {
            UsageEvent changed = CodecTest.event();
            changed.getDimensions().put(field, "other");
            assertThat(Digest.of(changed)).as(field).isNotEqualTo(Digest.of(original));
        }
        UsageEvent later = CodecTest.event();
        later.setTime(later.getTime().plusNanos(1000));
        assertThat(Digest.of(later)).isNotEqualTo(Digest.of(original));
        UsageEvent longer = CodecTest.event();
        longer.setContextTokens(1);
        assertThat(Digest.of(longer)).isNotEqualTo(Digest.of(original));
        UsageEvent plain = CodecTest.event();
        plain.setReverses(null);
        assertThat(Digest.of(plain)).isNotEqualTo(Digest.of(original));
        UsageEvent untagged = CodecTest.event();
        untagged.getDimensions().setTags(Map.of());
        assertThat(Digest.of(untagged)).isNotEqualTo(Digest.of(original));
    }

    private static BigInteger number(Digest digest) {
        return new BigInteger(1, digest.toBytes());
    }

    private static Map<String, Long> ordered(String first, String second) {
        Map<String, Long> quantities = new LinkedHashMap<>();
        quantities.put(first, 1L);
        quantities.put(second, 1L);
        return quantities;
    }
}
