/**
 * Budgets: what is counted for whom and how long, whether more may be spent, and leases, by which many gateways share what
 * is left without spending it twice. Pure: no I/O, no clock.
 */
@NullMarked
package io.tollgate.invoicing.budget;

import org.jspecify.annotations.NullMarked;
