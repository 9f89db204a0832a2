/**
 * Chargeback and showback: whose cost an invoice is inside of the tenant that pays it. Rules name a cost centre for usage
 * and share out what is nobody's; what comes of it adds up to the invoice, whatever the rules. Pure: no I/O, no clock.
 */
@NullMarked
package io.tollgate.invoicing.chargeback;

import org.jspecify.annotations.NullMarked;
