/**
 * Looks at the machine before Tollgate is started on it: each check is a function of facts that were gathered once, and
 * says what was seen and what to do.
 */
@NullMarked
package io.tollgate.cli.doctor;

import org.jspecify.annotations.NullMarked;
