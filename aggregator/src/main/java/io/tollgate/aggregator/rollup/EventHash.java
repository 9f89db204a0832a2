package io.tollgate.aggregator.rollup;

import io.tollgate.aggregator.wire.EventBytes;
import io.tollgate.aggregator.wire.Slice;
import io.tollgate.schemas.Digest;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The digests of one event after the other, as {@link Digest} defines them, without making objects. Not for many threads.
 */
final class EventHash {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final MessageDigest sha256;
    private final byte[] hash = new byte[32];
    private byte[] input = new byte[1 << 10];
    private int length;

    private long identityHigh;
    private long identityLow;
    private long contentHigh;
    private long contentLow;

    EventHash() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Computes the digest of the event's identity. */
    void readIdentity(EventBytes event) {
        hashIdentity(event.bytes(), event.source(), event.id());
        identityHigh = high();
        identityLow = low();
    }

    /** Computes the digest of the event, whose identity was read before. */
    void readContent(EventBytes event, Series series, Quantities quantities) {
        long reversedHigh = 0;
        long reversedLow = 0;
        if (event.isReversal()) {
            hashIdentity(event.bytes(), event.reversedSource(), event.reversedId());
            reversedHigh = high();
            reversedLow = low();
        }
        length = 0;
        number(identityHigh);
        number(identityLow);
        number(event.timeMicros());
        number(series.digest().high());
        number(series.digest().low());
        number(event.contextTokens());
        number(quantities.size());
        for (int i = 0; i < quantities.size(); i++) {
            byte[] meter = quantities.meter(i).utf8();
            text(meter, 0, meter.length);
            number(quantities.amount(i));
        }
        if (event.isReversal()) {
            number(reversedHigh);
            number(reversedLow);
        }
        digest();
        contentHigh = high();
        contentLow = low();
    }

    long identityHigh() {
        return identityHigh;
    }

    long identityLow() {
        return identityLow;
    }

    long contentHigh() {
        return contentHigh;
    }

    long contentLow() {
        return contentLow;
    }

    private void hashIdentity(byte[] bytes, Slice source, Slice id) {
        length = 0;
        text(bytes, source.start(), source.length());
        text(bytes, id.start(), id.length());
        digest();
    }

    private void text(byte[] bytes, int start, int count) {
        number(count);
        reserve(count);
        System.arraycopy(bytes, start, input, length, count);
        length += count;
    }

    private void number(long value) {
        reserve(Long.BYTES);
        LONGS.set(input, length, value);
        length += Long.BYTES;
    }

    private void reserve(int count) {
        if (input.length - length < count) {
            input = Arrays.copyOf(input, Math.max(input.length * 2, length + count));
        }
    }

    private void digest() {
        sha256.update(input, 0, length);
        try {
            sha256.digest(hash, 0, hash.length);
        } catch (DigestException e) {
            throw new IllegalStateException("the array has room for the hash", e);
        }
    }

    private long high() {
        return (long) LONGS.get(hash, 0);
    }

    private long low() {
        return (long) LONGS.get(hash, Long.BYTES);
    }
}
