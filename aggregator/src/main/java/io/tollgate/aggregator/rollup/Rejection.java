package io.tollgate.aggregator.rollup;

/** A reason with the sentence that says what is wrong and what to do. */
public record Rejection(RejectionReason reason, String detail) {}
