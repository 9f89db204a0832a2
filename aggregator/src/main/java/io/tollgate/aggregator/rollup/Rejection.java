package io.tollgate.aggregator.rollup;

/**
 * A reason with the sentence that says what is wrong and what to do.
 *
 * @param detail cut at 1,000 characters: it may repeat what a source wrote, and stands beside the whole of that
 */
public record Rejection(RejectionReason reason, String detail) {

    private static final int MOST_CHARACTERS = 1_000;

    public Rejection {
        if (detail.length() > MOST_CHARACTERS) {
            detail = detail.substring(0, MOST_CHARACTERS) + "…";
        }
    }
}
