package io.tollgate.invoicing.receivable;

import java.time.Instant;

/** That an invoice was taken back whole, by a credit note over what was left of it. */
public record Voiding(String by, String reason, Instant at) {}
