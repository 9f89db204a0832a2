package io.tollgate.schemas;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Whether bytes are a text (RFC 3629). Readers replace what is none by the same sign, so that two different names would
 * become one; therefore such bytes are refused.
 */
public final class Utf8 {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long HIGH_BITS = 0x8080808080808080L;

    private Utf8() {}

    /** Whether these bytes are all ASCII; eight bytes at a time. */
    public static boolean isAscii(byte[] bytes, int start, int length) {
        int end = start + length;
        int at = start;
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            if (((long) LONGS.get(bytes, at) & HIGH_BITS) != 0) {
                return false;
            }
        }
        int bits = 0;
        for (; at < end; at++) {
            bits |= bytes[at];
        }
        return bits >= 0;
    }

    /** Whether these bytes are UTF-8: as short as can be, no surrogates, nothing past U+10FFFF. */
    public static boolean isValid(byte[] bytes, int start, int length) {
        if (isAscii(bytes, start, length)) {
            return true;
        }
        int end = start + length;
        for (int at = start; at < end; ) {
            int more = followers(bytes[at] & 0xff);
            if (more < 0 || more >= end - at) {
                return false;
            }
            if (more > 0 && !isAllowedSecond(bytes[at] & 0xff, bytes[at + 1] & 0xff)) {
                return false;
            }
            for (int follower = 2; follower <= more; follower++) {
                if ((bytes[at + follower] & 0xC0) != 0x80) {
                    return false;
                }
            }
            at += more + 1;
        }
        return true;
    }

    /** How many bytes belong to the first one, or -1 when a sign cannot begin so. */
    private static int followers(int first) {
        if (first < 0x80) {
            return 0;
        }
        if (first < 0xC2) {
            return -1;
        }
        if (first < 0xE0) {
            return 1;
        }
        if (first < 0xF0) {
            return 2;
        }
        return first < 0xF5 ? 3 : -1;
    }

    /** Some first bytes leave less than 80 to BF to the second (RFC 3629, section 4). */
    private static boolean isAllowedSecond(int first, int second) {
        return switch (first) {
            case 0xE0 -> second >= 0xA0 && second <= 0xBF;
            case 0xED -> second >= 0x80 && second <= 0x9F;
            case 0xF0 -> second >= 0x90 && second <= 0xBF;
            case 0xF4 -> second >= 0x80 && second <= 0x8F;
            default -> second >= 0x80 && second <= 0xBF;
        };
    }
}
