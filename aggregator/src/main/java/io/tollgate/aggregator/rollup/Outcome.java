package io.tollgate.aggregator.rollup;

/** What became of one event. */
public sealed interface Outcome {

    /** It is in its rollup. */
    enum Counted implements Outcome {
        NEW,
        /** It was there before, and nothing changed. */
        DUPLICATE
    }

    /** It is kept out, and nothing changed. */
    record Rejected(Rejection rejection) implements Outcome {}
}
