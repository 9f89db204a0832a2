package io.tollgate.invoicing.billrun;

import java.time.Instant;

/**
 * That somebody let an exception pass. It stands for ever.
 *
 * @param by who, by name
 * @param reason why, for whoever asks later
 */
public record Waiver(RunException exception, String by, String reason, Instant at) {}
