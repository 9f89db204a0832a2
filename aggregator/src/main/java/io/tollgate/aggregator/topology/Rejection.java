package io.tollgate.aggregator.topology;

/** A reason with the sentence that says what is wrong and what to do. */
record Rejection(RejectionReason reason, String detail) {}
