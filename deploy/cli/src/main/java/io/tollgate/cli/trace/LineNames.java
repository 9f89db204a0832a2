package io.tollgate.cli.trace;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Names the lines of one pass after what they say, not where they stand: a bad line that was mended, lines that were
 * added, or the file under another name must not turn usage that was sent before into new usage. Lines that say the same
 * are told apart by counting them. Remembers 128 bits and a count of each line, some 28 to 57 bytes.
 */
final class LineNames {

    private static final int NAME_BYTES = 16;

    private final MessageDigest sha256;
    private long[] highs = new long[1 << 12];
    private long[] lows = new long[1 << 12];
    private int[] counts = new int[1 << 12];
    private int size;

    LineNames() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** 32 hexadecimal digits; from the second line that says the same on, followed by a hyphen and its number. */
    String next(byte[] line) {
        byte[] hash = sha256.digest(line);
        ByteBuffer words = ByteBuffer.wrap(hash);
        int occurrence = count(words.getLong(), words.getLong());
        String name = HexFormat.of().formatHex(hash, 0, NAME_BYTES);
        return occurrence == 1 ? name : name + "-" + occurrence;
    }

    private int count(long high, long low) {
        if (size > highs.length / 2) {
            grow();
        }
        int slot = slot(high, low);
        if (counts[slot] == 0) {
            highs[slot] = high;
            lows[slot] = low;
            size++;
        }
        return ++counts[slot];
    }

    /** The slot that holds the hash, or the free one where it belongs. */
    private int slot(long high, long low) {
        int mask = highs.length - 1;
        int slot = (int) low & mask;
        while (counts[slot] != 0 && (highs[slot] != high || lows[slot] != low)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        long[] oldHighs = highs;
        long[] oldLows = lows;
        int[] oldCounts = counts;
        highs = new long[oldHighs.length * 2];
        lows = new long[oldHighs.length * 2];
        counts = new int[oldHighs.length * 2];
        for (int old = 0; old < oldCounts.length; old++) {
            if (oldCounts[old] != 0) {
                int slot = slot(oldHighs[old], oldLows[old]);
                highs[slot] = oldHighs[old];
                lows[slot] = oldLows[old];
                counts[slot] = oldCounts[old];
            }
        }
    }
}
