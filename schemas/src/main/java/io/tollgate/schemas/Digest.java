package io.tollgate.schemas;

import io.tollgate.events.Dimensions;
import io.tollgate.events.EventIdentity;
import io.tollgate.events.UsageEvent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * A 128-bit fingerprint that adds up: the digest of a set of events is the sum, modulo 2^128, of the digests of its
 * events, whatever their order (the additive multiset hash of Bellare and Micciancio, "A New Paradigm for Collision-free
 * Hashing", 1997). It lets rollups, archive and invoices be reconciled without listing events.
 */
public record Digest(long high, long low) {

    public static final Digest ZERO = new Digest(0, 0);

    /** Length in bytes of the big-endian form. */
    public static final int BYTES = 16;

    /**
     * Digest of one event's identity and content: the first half of the SHA-256 of the digest of its identity, its time
     * in microseconds since 1970, the digest of its dimensions, its context size, the number of its quantities, each
     * quantity's meter and amount in order of the meters, and for a reversal the digest of the identity it takes back.
     * Numbers have eight bytes, big endian; a text is its length in UTF-8 bytes, as a number, and those bytes.
     */
    public static Digest of(UsageEvent event) {
        Canonical canonical = new Canonical()
                .digest(ofIdentity(event.getSource(), event.getId()))
                .number(ChronoUnit.MICROS.between(Instant.EPOCH, event.getTime()))
                .digest(of(event.getDimensions()))
                .number(event.getContextTokens());
        Map<String, Long> quantities = new TreeMap<>(event.getQuantities());
        canonical.number(quantities.size());
        quantities.forEach((meter, amount) -> canonical.text(meter).number(amount));
        EventIdentity reverses = event.getReverses();
        if (reverses != null) {
            canonical.digest(ofIdentity(reverses.getSource(), reverses.getId()));
        }
        return canonical.digest();
    }

    /** Digest of what makes an event the same event: the first half of the SHA-256 of the texts source and id. */
    public static Digest ofIdentity(String source, String id) {
        return new Canonical().text(source).text(id).digest();
    }

    /** Digest of a set of dimensions: its fields in the schema's order, tags counted and in order of their names. */
    public static Digest of(Dimensions dimensions) {
        Canonical canonical = new Canonical()
                .text(dimensions.getTenant())
                .text(dimensions.getProject())
                .number(dimensions.getTags().size());
        new TreeMap<>(dimensions.getTags())
                .forEach((name, value) -> canonical.text(name).text(value));
        return canonical
                .text(dimensions.getProvider())
                .text(dimensions.getModel())
                .text(dimensions.getRequestedModel())
                .text(dimensions.getAcceleratorType())
                .text(dimensions.getRegion())
                .text(dimensions.getOperation())
                .text(dimensions.getServiceTier())
                .text(dimensions.getOutcome())
                .digest();
    }

    /** Reads the big-endian form. */
    public static Digest ofBytes(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a digest has 16 bytes, not " + bytes.length);
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new Digest(buffer.getLong(), buffer.getLong());
    }

    /** The digest of both sets together. */
    public Digest plus(Digest other) {
        long sum = low + other.low;
        long carry = Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
        return new Digest(high + other.high + carry, sum);
    }

    /** Big endian, 16 bytes. */
    public byte[] toBytes() {
        return ByteBuffer.allocate(BYTES).putLong(high).putLong(low).array();
    }

    /** 32 hexadecimal digits. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(toBytes());
    }

    private static final class Canonical {

        private final MessageDigest sha256;
        private final byte[] number = new byte[Long.BYTES];

        Canonical() {
            try {
                sha256 = MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has SHA-256", e);
            }
        }

        Canonical text(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            number(bytes.length);
            sha256.update(bytes);
            return this;
        }

        Canonical number(long value) {
            ByteBuffer.wrap(number).putLong(value);
            sha256.update(number);
            return this;
        }

        Canonical digest(Digest digest) {
            return number(digest.high).number(digest.low);
        }

        Digest digest() {
            ByteBuffer hash = ByteBuffer.wrap(sha256.digest());
            return new Digest(hash.getLong(), hash.getLong());
        }
    }
}
