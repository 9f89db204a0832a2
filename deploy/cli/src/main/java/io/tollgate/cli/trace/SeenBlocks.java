package io.tollgate.cli.trace;

import java.util.HashMap;
import java.util.Map;

/**
 * The set of block numbers that a trace named so far, 64 neighbours to a word: about 1.5 bytes per block where blocks are
 * numbered as they come, and never more than about 90.
 */
final class SeenBlocks {

    private final Map<Long, Long> words = new HashMap<>();

    /** Whether it was new. */
    boolean add(long block) {
        long bit = 1L << block;
        long before = words.getOrDefault(block >> 6, 0L);
        if ((before & bit) != 0) {
            return false;
        }
        words.put(block >> 6, before | bit);
        return true;
    }
}
