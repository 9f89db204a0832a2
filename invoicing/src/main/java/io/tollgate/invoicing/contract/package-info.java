/** Contracts: what a tenant has agreed to, in versions, and the prices that follow from it. Pure: no I/O, no clock. */
@NullMarked
package io.tollgate.invoicing.contract;

import org.jspecify.annotations.NullMarked;
