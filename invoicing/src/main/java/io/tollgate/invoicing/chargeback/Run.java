package io.tollgate.invoicing.chargeback;

import java.time.Instant;
import java.util.Optional;

/**
 * A report that was kept, which never changes.
 *
 * @param number from 1 in each tenant's month
 * @param since what moved since the run before; empty of the first
 */
public record Run(int number, Instant madeAt, ChargebackReport report, Optional<Difference> since) {}
