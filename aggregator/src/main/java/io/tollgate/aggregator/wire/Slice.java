package io.tollgate.aggregator.wire;

/** Where a field lies in the bytes of an event. Moves when the reader turns to the next one. */
public final class Slice {

    int start;
    int length;

    Slice() {}

    public int start() {
        return start;
    }

    /** In bytes. */
    public int length() {
        return length;
    }
}
